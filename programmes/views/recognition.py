"""One's own statement of hours and training, and the mentions one asks for; for the référent, marking them done."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show
from programmes.access import programme_team
from programmes.forms.recognition import MentionForm
from programmes.models import MentionRequest, Participation, Programme
from programmes.services import recognition as service
from programmes.views.requests import visible


def _mine(request: HttpRequest, ref: UUID) -> Participation:
    return get_object_or_404(service.may_be_stated(request.person), ref=ref)


@require_http_methods(["GET", "HEAD", "POST"])
@agent_space
def statement(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The page twin of the PDF; POST has the PDF made."""
    row = _mine(request, ref)
    document = service.Statement(row)
    if request.method == "POST":
        try:
            made = service.ask_paper(participation=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            return redirect("programmes:time_certificate", made.ref)
    context = {"participation": row, "document": document, "mentions": service.requests_of(row), "form": MentionForm()}
    return render(request, "programmes/statement.html", context)


@require_POST
@agent_space
def ask(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = _mine(request, ref)
    form = MentionForm(request.POST)
    if form.is_valid():
        try:
            service.ask_mention(participation=row, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Votre demande est datée et enregistrée. Vous pouvez la retirer à tout moment.")
            return redirect("programmes:statement", ref)
    context = {"participation": row, "document": service.Statement(row), "mentions": service.requests_of(row)}
    return render(request, "programmes/statement.html", context | {"form": form})


@require_POST
@agent_space
def withdraw(request: HttpRequest, ref: UUID) -> HttpResponse:
    rows = MentionRequest.objects.filter(participation__in=service.may_be_stated(request.person))
    mention = get_object_or_404(rows.select_related("participation__programme__lead_employer"), ref=ref)
    service.withdraw_mention(mention=mention, by=request.person)
    messages.success(request, "Votre demande est retirée.")
    return redirect("programmes:statement", mention.participation.ref)


@require_POST
@programme_team
def done(request: HttpRequest, programme: Programme, ref: UUID, mention: UUID) -> HttpResponse:
    row = visible(request, programme, ref)
    asked = get_object_or_404(service.requests_of(row).select_related("participation__person"), ref=mention)
    try:
        service.mark_done(mention=asked, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est noté.")
    return redirect("programmes:participation", programme.slug, ref)
