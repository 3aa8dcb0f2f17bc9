"""The référent's letters: list, draft, circuit."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import journal, uploads
from programmes.access import participations_visible_to, programme_team
from programmes.enums import LetterKind, LetterState, Origin, Party, ProgrammeRoleKind
from programmes.forms.letters import ChangeTermsForm, ScanForm, TermsForm
from programmes.letter_access import letters_piloted_by
from programmes.letter_hooks import due_for_renewal, without_letter
from programmes.models import Letter, Programme
from programmes.services import letter_documents, letter_life, visas
from programmes.services import letters as service

MOVES = {
    "envoyer": (service.send, "La lettre est partie chez l’agent."),
    "relancer": (visas.send_again, "Un nouveau lien est parti. Le lien précédent ne sert plus."),
    "renouveler": (
        letter_life.renew,
        "Le renouvellement est préparé, avec les mêmes termes. Relisez-le avant l’envoi.",
    ),
    "decision-rh": (visas.pass_to_hr, "La lettre est chez les RH, qui décident du temps."),
}


@require_safe
@programme_team
def letters(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Who has a letter, and who is accepted without one."""
    rows = list(
        letters_piloted_by(request.person).filter(programme=programme).order_by("participation__person__sort_key")
    )
    stuck = {row.pk for row in visas.stuck(row for row in rows if row.state == LetterState.TO_MANAGER)}
    people = participations_visible_to(request.person).filter(programme=programme).exclude(person=request.person)
    if rows:
        employer = programme.lead_employer
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=programme, employer=employer, count=len(rows))
    context = {
        "programme": programme,
        "rows": [(row, row.tone, row.pk in stuck) for row in rows],
        "late": list(due_for_renewal(letters_piloted_by(request.person), programme)),
        "without": without_letter(people).select_related("person"),
        "refers": ProgrammeRoleKind.REFERENT in request.space.roles,
    }
    return render(request, "programmes/letters.html", context)


@require_http_methods(["GET", "POST"])
@programme_team
def prepare(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """A new letter for an accepted helper."""
    seen = participations_visible_to(request.person).exclude(person=request.person)
    part = get_object_or_404(seen.select_related("person", "programme", "employer"), programme=programme, ref=ref)
    starts, ends = service.default_period(programme)
    form = TermsForm(request.POST or None, initial={"starts": starts, "ends": ends, "missions": ["pair"]})
    if request.method == "POST" and form.is_valid():
        try:
            letter = service.draft(participation=part, by=request.person, **form.terms)
        except DomainError as error:
            show(error, form)
        else:
            return redirect("programmes:letter", programme.slug, letter.ref)
    context = {"programme": programme, "person": part.person, "form": form}
    return render(request, "programmes/letter_form.html", context)


def _letter(request: HttpRequest, programme: Programme, ref: UUID) -> Letter:
    return get_object_or_404(letters_piloted_by(request.person), programme=programme, ref=ref)


@require_safe
@programme_team
def letter(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Both pages as they are or would be, who validated, and what can be done now."""
    row = _letter(request, programme, ref)
    person = row.participation.person
    journal.read_file(actor=request.person, subject=person, target=row, employer=row.participation.employer)
    context = {"programme": programme, "letter": row, "person": person, "tone": row.tone}
    return render(request, "programmes/letter_pilot.html", context | reading(row) | {"standing": visas.standing(row)})


SCANS = [
    ("scan-visa", Party.MANAGER, "Visa signé"),
    ("scan-organisme", Party.OUTSIDE, "Convention signée par l’organisme extérieur"),
    ("scan-rh", Party.HR, "Lettre signée par les RH"),
]


def reading(row: Letter) -> dict:
    """The two papers of a letter, or the sentence that says why they cannot be shown."""
    if row.origin == Origin.BEFORE:
        return {"body": None, "visa": None, "refusal": service.on_paper(row), "scans": [], "due": None, "intact": False}
    try:
        body = letter_documents.paper_of(row, service.LETTER)
        visa = letter_documents.paper_of(row, service.VISA_PAGE) if row.kind == LetterKind.LETTER else None
    except DomainError as error:
        return {"body": None, "visa": None, "refusal": str(error), "scans": [], "due": None, "intact": False}
    kept = [(which, label) for which, party, label in SCANS if letter_documents.scan_of(row, party)]
    intact = bool(row.sha256) and letter_life.intact(row)
    return {"body": body, "visa": visa, "refusal": "", "scans": kept, "due": service.hr_due(row), "intact": intact}


@require_http_methods(["GET", "POST"])
@programme_team
def change(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = _letter(request, programme, ref)
    if row.state != LetterState.DRAFT:
        messages.error(request, "Cette lettre est partie : ses termes ne se modifient plus.")
        return redirect("programmes:letter", programme.slug, ref)
    form = ChangeTermsForm(request.POST or None, initial=ChangeTermsForm.initial_of(row))
    if request.method == "POST" and form.is_valid():
        try:
            service.change(letter=row, by=request.person, seen=form.cleaned_data["seen"], **form.terms)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Les termes de la lettre sont enregistrés.")
            return redirect("programmes:letter", programme.slug, ref)
    context = {"programme": programme, "person": row.participation.person, "form": form}
    return render(request, "programmes/letter_form.html", context)


@require_POST
@programme_team
def move(request: HttpRequest, programme: Programme, ref: UUID, move: str) -> HttpResponse:
    row = _letter(request, programme, ref)
    if move not in MOVES:
        raise Http404
    act, done = MOVES[move]
    try:
        other = act(letter=row, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
        other = None
    else:
        messages.success(request, done)
    return redirect("programmes:letter", programme.slug, other.ref if other else ref)


@require_http_methods(["GET", "POST"])
@programme_team
def cancel(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Two clicks: what is lost, who will know, then it is done."""
    row = _letter(request, programme, ref)
    if request.method == "POST":
        try:
            service.cancel(letter=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "La lettre est abandonnée.")
        return redirect("programmes:letter", programme.slug, ref)
    context = {"programme": programme, "letter": row, "person": row.participation.person}
    return render(request, "programmes/letter_cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@programme_team
def deposit_paper(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The scan of a letter signed before the portal."""
    row = _letter(request, programme, ref)
    form = ScanForm(request.POST or None, request.FILES or None)
    if row.origin != Origin.BEFORE:
        messages.error(request, "Cette lettre est née dans le portail : elle n’attend pas de papier.")
        return redirect("programmes:letter", programme.slug, ref)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["file"].read(uploads.MAX_BYTES + 1)
            letter_documents.keep_paper(letter=row, by=request.person, data=data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le document est déposé, chiffré.")
            return redirect("programmes:letter", programme.slug, ref)
    context = {"programme": programme, "letter": row, "form": form, "paper": True}
    return render(request, "programmes/letter_deposit.html", context)


@require_http_methods(["GET", "POST"])
@programme_team
def deposit(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The visa's page, signed on paper."""
    row = _letter(request, programme, ref)
    form = ScanForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            data = form.cleaned_data["file"].read(uploads.MAX_BYTES + 1)
            letter_documents.deposit_visa(letter=row, by=request.person, data=data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le visa est déposé. La lettre est chez les RH.")
            return redirect("programmes:letter", programme.slug, ref)
    return render(request, "programmes/letter_deposit.html", {"programme": programme, "letter": row, "form": form})
