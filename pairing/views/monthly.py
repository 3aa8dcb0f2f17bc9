"""One number a month, by the members; from paper, by the référent; and the sheets to print."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.forms.monthly import MonthForm, PaperForm
from pairing.models import Pair
from pairing.services import monthly
from pairing.views.agent import mine_or_404
from pairing.views.follow import back_of, follower
from pairing.views.pilotage import opened
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show


@require_POST
@agent_space
def give(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    form = MonthForm(request.POST, pair=row)
    if form.is_valid():
        try:
            monthly.give(pair=row, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté. Bonne continuation à vous deux.")
            return redirect("pairing:pair", ref)
    return render(request, "pairing/month.html", {"pair": row, "programme": row.programme, "form": form})


@require_http_methods(["GET", "POST"])
@follower
def paper(request: HttpRequest, row: Pair) -> HttpResponse:
    """From the sheet of a member without an account: one number, and nothing of it is shown again."""
    if request.space.key != "pilotage" or not monthly.on_paper(row):
        raise Http404
    form = PaperForm(request.POST or None, pair=row)
    if request.method == "POST" and form.is_valid():
        try:
            monthly.enter_from_paper(pair=row, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le relevé est saisi. La personne pourra lire qui l’a saisi pour elle, et quand.")
            return redirect(back_of(request, row))
    shown = opened(request, Pair.objects.all(), row.ref)
    context = {"pair": shown, "programme": row.programme, "form": form, "back": back_of(request, row)}
    return render(request, "pairing/paper.html", context)


@require_safe
@agent_space
def sheet(request: HttpRequest) -> HttpResponse:
    """The record of a month, to print: days and lengths, no name."""
    return render(request, "pairing/month_sheet.html", {"lines": range(12)})


@require_safe
@agent_space
def notebook(request: HttpRequest) -> HttpResponse:
    """A page for oneself, to print: nothing of it is ever typed here."""
    return render(request, "pairing/notebook.html", {"meetings": range(4)})
