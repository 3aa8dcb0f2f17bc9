"""« Qui voit quoi de moi », with the agreements that may be taken back, and « Pas avec »."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import agent_space
from portal.errors import Conflict, DomainError
from portal.forms.base import show
from portal.terms import term
from programmes import visibility as sight
from programmes.forms.joining import AvoidForm
from programmes.forms.visibility import AgreementsOfForm
from programmes.models import Participation
from programmes.services import about, avoid


def _mine(request: HttpRequest):
    rows = Participation.objects.open().filter(person=request.person)
    return rows.select_related("person", "programme__lead_employer").prefetch_related("themes", "sites")


@require_safe
@agent_space
def visibilities(request: HttpRequest) -> HttpResponse:
    """From « Mon espace »: each of my participations, as each reader sees it."""
    rows = [
        (row, sight.readers(sight.of(row), term("binome", row.programme.words)))
        for row in _mine(request).order_by("pk")
    ]
    return render(request, "programmes/visibilities.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@agent_space
def visibility(request: HttpRequest, ref: UUID) -> HttpResponse:
    """One participation: the preview follows the ticks, nothing changes before « Enregistrer »."""
    row = get_object_or_404(_mine(request), ref=ref)
    form = AgreementsOfForm(request.POST or None, initial=AgreementsOfForm.initial_of(row), participation=row)
    profile = sight.of(row)
    if request.method == "POST" and form.is_valid():
        chosen = form.agreements()
        if request.POST.get("move") == "preview":
            profile = sight.with_agreements(profile, **chosen)
        else:
            try:
                about.agree(participation=row, by=request.person, seen=form.cleaned_data["seen"], **chosen)
            except (Conflict, DomainError) as error:
                show(error, form)
            else:
                messages.success(request, "Vos accords sont enregistrés.")
                return redirect("programmes:visibility", ref)
    readers = sight.readers(profile, term("binome", row.programme.words))
    context = {"participation": row, "programme": row.programme, "form": form, "readers": readers}
    return render(request, "programmes/visibility.html", context)


@require_http_methods(["GET", "POST"])
@agent_space
def avoided(request: HttpRequest) -> HttpResponse:
    """« Pas avec »: what I named, and what I may add; no reason, no free name."""
    form = AvoidForm(request.POST or None, owner=request.person)
    if request.method == "POST" and form.is_valid():
        try:
            avoid.add_all(owner=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté. Personne n’en est prévenu.")
            return redirect("programmes:avoided")
    context = {"form": form, "rows": avoid.in_words(request.person), "looks": avoid.serves(request.person)}
    return render(request, "programmes/avoided.html", context)


@require_POST
@agent_space
def avoid_no_more(request: HttpRequest, ref: UUID) -> HttpResponse:
    get_object_or_404(request.person.avoids, ref=ref)
    avoid.remove(owner=request.person, ref=ref)
    messages.success(request, "C’est ôté. Personne n’en est prévenu.")
    return redirect("programmes:avoided")
