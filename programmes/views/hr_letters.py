"""RH: letters sent to them, read one by one, validated one or several at a time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal import clock
from portal.access import hr_space
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.models import Employer
from portal.services import journal, uploads
from programmes.enums import LetterState
from programmes.forms.letters import ScanForm
from programmes.letter_access import is_signatory, letters_for_hr
from programmes.services import letter_documents
from programmes.services import letters as service
from programmes.views.letters import reading


@require_safe
@hr_space
def letters(request: HttpRequest, employer: Employer) -> HttpResponse:
    rows = list(letters_for_hr(employer).order_by("participation__person__sort_key"))
    if rows:
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=employer, employer=employer, count=len(rows))
    context = {
        "employer": employer,
        "waiting": [row for row in rows if row.state == LetterState.TO_HR],
        "others": [row for row in rows if row.state != LetterState.TO_HR],
        "late": list(letters_for_hr(employer).to_renew(clock.today(employer.time_zone)).order_by("ends", "pk")),
        "signatory": is_signatory(request.person, employer),
    }
    return render(request, "programmes/letters_hr.html", context)


@require_http_methods(["GET", "POST"])
@hr_space
def validate(request: HttpRequest, employer: Employer) -> HttpResponse:
    """A confirmation of the letters ticked; POST validates each on its own."""
    refs = [ref for ref in (_uuid(text) for text in (request.POST or request.GET).getlist("lettre")) if ref]
    rows = list(letters_for_hr(employer).filter(ref__in=refs, state=LetterState.TO_HR))
    if not rows:
        messages.error(request, "Cochez au moins une lettre qui attend votre validation.")
        return redirect("programmes:hr_letters", employer.slug)
    if request.method != "POST":
        context = {"employer": employer, "rows": rows, "signatory": is_signatory(request.person, employer)}
        return render(request, "programmes/letters_hr_validate.html", context)
    for row in rows:
        name = row.participation.person.short_name
        try:
            service.validate(letter=row, by=request.person)
        except DomainError as error:
            messages.error(request, f"{name} : {error}")
        else:
            messages.success(request, f"{name} : la lettre est en vigueur.")
    return redirect("programmes:hr_letters", employer.slug)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_safe
@hr_space
def letter(request: HttpRequest, employer: Employer, ref: UUID) -> HttpResponse:
    """The whole letter: it is an RH act. The agent sees who read it."""
    row = get_object_or_404(letters_for_hr(employer), ref=ref)
    person = row.participation.person
    journal.read_file(actor=request.person, subject=person, target=row, employer=employer)
    context = {
        "employer": employer,
        "letter": row,
        "person": person,
        "tone": row.tone_to_hr,
        "may_validate": row.state == LetterState.TO_HR and is_signatory(request.person, employer),
    }
    return render(request, "programmes/letter_hr.html", context | reading(row))


@require_http_methods(["GET", "POST"])
@hr_space
def deposit(request: HttpRequest, employer: Employer, ref: UUID) -> HttpResponse:
    """The letter signed in RH's own signature book."""
    row = get_object_or_404(letters_for_hr(employer), ref=ref)
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["file"].read(uploads.MAX_BYTES + 1)
            letter_documents.deposit_hr(letter=row, by=request.person, data=data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le document est déposé. La lettre est en vigueur.")
            return redirect("programmes:hr_letter", employer.slug, ref)
    return render(request, "programmes/letter_deposit.html", {"employer": employer, "letter": row, "form": form})


@require_http_methods(["GET", "POST"])
@hr_space
def hand_back(request: HttpRequest, employer: Employer, ref: UUID) -> HttpResponse:
    """To the référent, after a confirmation: the letter is given up, another one may be prepared."""
    row = get_object_or_404(letters_for_hr(employer), ref=ref)
    if request.method == "POST":
        try:
            service.hand_back(letter=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "La lettre est rendue à la personne qui pilote.")
        return redirect("programmes:hr_letters", employer.slug)
    context = {"employer": employer, "letter": row, "person": row.participation.person}
    return render(request, "programmes/letter_hr_back.html", context)
