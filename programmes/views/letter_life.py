"""What happens to a letter later: amended, signed outside, refused, paused, ended; and every letter one ever had."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import uploads
from programmes.access import programme_team
from programmes.enums import LetterState
from programmes.forms.letters import EndForm, ScanForm, TermsForm
from programmes.letter_access import letters_of, letters_piloted_by
from programmes.models import Letter, Programme
from programmes.services import letter_documents
from programmes.services import letter_life as service


def _piloted(request: HttpRequest, programme: Programme, ref: UUID) -> Letter:
    return get_object_or_404(letters_piloted_by(request.person), programme=programme, ref=ref)


def _mine(request: HttpRequest, ref: UUID) -> Letter:
    return get_object_or_404(letters_of(request.person), ref=ref)


@require_http_methods(["GET", "POST"])
@programme_team
def amend(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Other terms for a letter in force: a new letter, which takes its place once everybody agreed."""
    row = _piloted(request, programme, ref)
    if row.state != LetterState.IN_FORCE:
        messages.error(request, "Un avenant se prépare pour une lettre en vigueur.")
        return redirect("programmes:letter", programme.slug, ref)
    terms = service.renewed_terms(row) if row.renewable else service.terms_of(row)
    form = TermsForm(request.POST or None, initial=TermsForm.initial_of(terms))
    if request.method == "POST" and form.is_valid():
        try:
            new = service.amend(letter=row, by=request.person, **form.terms)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "L’avenant est préparé. La lettre actuelle reste en vigueur jusque-là.")
            return redirect("programmes:letter", programme.slug, new.ref)
    context = {"programme": programme, "person": row.participation.person, "form": form, "earlier": row}
    return render(request, "programmes/letter_form.html", context)


@require_http_methods(["GET", "POST"])
@programme_team
def outside(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The convention, signed by the organisation outside."""
    row = _piloted(request, programme, ref)
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["file"].read(uploads.MAX_BYTES + 1)
            letter_documents.deposit_outside(letter=row, by=request.person, data=data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La convention signée est déposée. Les RH peuvent valider.")
            return redirect("programmes:letter", programme.slug, ref)
    return render(request, "programmes/letter_deposit.html", {"programme": programme, "letter": row, "form": form})


@require_safe
@agent_space
def mine(request: HttpRequest) -> HttpResponse:
    """Every letter of mine, the latest first; past ones stay readable as they were validated."""
    rows = letters_of(request.person).order_by("-starts", "-number")
    return render(request, "programmes/letters_mine.html", {"rows": rows})


def _act(request: HttpRequest, ref: UUID, act: Callable, done: str) -> HttpResponse:
    try:
        act(letter=_mine(request, ref), by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("programmes:my_letter", ref)


@require_http_methods(["GET", "POST"])
@agent_space
def refuse(request: HttpRequest, ref: UUID) -> HttpResponse:
    """No, without a reason, after a confirmation."""
    row = _mine(request, ref)
    if request.method == "POST":
        return _act(request, ref, service.refuse, "C’est noté : cette lettre n’ira pas plus loin.")
    return render(request, "programmes/letter_refuse.html", {"letter": row, "programme": row.programme})


@require_POST
@agent_space
def suspend(request: HttpRequest, ref: UUID) -> HttpResponse:
    done = "Votre mission est en pause. Rien de nouveau ne commence, vos binômes en cours ne changent pas."
    return _act(request, ref, service.suspend, done)


@require_POST
@agent_space
def resume(request: HttpRequest, ref: UUID) -> HttpResponse:
    return _act(request, ref, service.resume, "Votre mission reprend.")


@require_http_methods(["GET", "POST"])
@agent_space
def end(request: HttpRequest, ref: UUID) -> HttpResponse:
    """A last day, chosen by the agent, without a reason."""
    row = _mine(request, ref)
    form = EndForm(request.POST or None, initial={"on": service.notice_day(row)})
    if request.method == "POST" and form.is_valid():
        try:
            service.end(letter=row, by=request.person, on=form.cleaned_data["on"])
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté. Votre lettre reste lisible ici.")
            return redirect("programmes:my_letter", ref)
    return render(request, "programmes/letter_end.html", {"letter": row, "programme": row.programme, "form": form})
