"""Training as the référent organises it; views/my_training.py is how each agent reads it."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import clock
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import journal
from programmes.access import REFERENT, may_decide, participations_visible_to, programme_team, referent_only
from programmes.enums import Presence, Side
from programmes.forms.attendance import AttendanceForm
from programmes.forms.outreach import AudienceForm
from programmes.forms.training import DayForm, DecisionForm, SessionForm
from programmes.models import Programme, Readiness, TrainingSession
from programmes.services import training as service
from programmes.services import training_places as places


def people_of(programme: Programme) -> list[dict]:
    """Who trains, how far, and what was decided."""
    rows = list(service.trainable(programme).select_related("programme"))
    followed, missing = service.minutes_followed(rows), service.minutes_missing(rows)
    refreshers = service.refresher_due(rows)
    decisions = {row.participation_id: row for row in Readiness.objects.filter(participation__in=rows)}
    return [
        {
            "participation": row,
            "minutes": followed[row.pk][0],
            "missing": missing[row.pk],
            "decision": decisions.get(row.pk),
            "refresher": refreshers.get(row.pk),
            "decidable": row.side == Side.HELPER,
        }
        for row in rows
    ]


@require_safe
@referent_only
def sessions(request: HttpRequest, programme: Programme) -> HttpResponse:
    people = people_of(programme)
    if people:
        employer = programme.lead_employer
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=programme, employer=employer, count=len(people))
    wished = places.waiting(programme)
    rows = [
        {"session": row, "waiting": wished.get(row.pk, 0)}
        for row in programme.training_sessions.prefetch_related("modules")
    ]
    context = {"programme": programme, "sessions": rows, "people": people, "today": clock.today(programme.time_zone)}
    return render(request, "programmes/training.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def plan(request: HttpRequest, programme: Programme) -> HttpResponse:
    form = SessionForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        try:
            session = service.plan_session(programme=programme, by=request.person, **form.values)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La séance est prévue. Les personnes invitées en sont prévenues.")
            return redirect("programmes:training_session", programme.slug, session.ref)
    return render(request, "programmes/training_plan.html", {"programme": programme, "form": form})


def _session(programme: Programme, ref: UUID) -> TrainingSession:
    return get_object_or_404(programme.training_sessions.select_related("programme__lead_employer"), ref=ref)


@require_http_methods(["GET", "POST"])
@programme_team
def session(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The session and its sheet; for the deputy, the rows of the référents who take part, and nothing else."""
    row = _session(programme, ref)
    markable = service.markable(row, request.person)
    whole = bool(request.space.roles & set(REFERENT))
    if not whole and not markable:
        raise Http404
    form = AttendanceForm(request.POST if request.method == "POST" else None, expected=markable)
    if request.method == "POST" and form.is_valid():
        try:
            service.record_attendance(session=row, presences=form.presences, by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Les présences sont enregistrées.")
            return redirect("programmes:training" if whole else "programmes:home", programme.slug)
    begun = service.begun(row)
    context = _said(row, whole) | {
        "programme": programme,
        "form": form,
        "whole": whole,
        "mine": request.person.pk in {one.person.pk for one in _expected(row) if one.person},
        "sheet": begun and bool(markable),
        "counts": AudienceForm(known=_known(row))
        if whole and begun and row.public in service.NOT_TAKING_PART
        else None,
    }
    return render(request, "programmes/training_session.html", context)


# The deputy opens the sheets of référents who take part, and no other.
session.always = REFERENT


def _expected(row: TrainingSession) -> list:
    rows = row.attendances.exclude(presence=Presence.WAITING).order_by("pk")
    return list(rows.select_related("participation__person", "guest"))


def _known(row: TrainingSession) -> dict[str, int]:
    return dict(row.counts.values_list("audience", "people"))


def _said(row: TrainingSession, whole: bool) -> dict:
    """What the référent reads of a session; names of those who would like a place too."""
    waiting = row.attendances.filter(presence=Presence.WAITING).select_related("participation__person", "guest")
    return {
        "session": row,
        "modules": list(row.modules.all()),
        "expected": _expected(row) if whole else [],
        "waiting": list(waiting.order_by("pk")) if whole else [],
    }


@require_safe
@referent_only
def sheet(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The sheet to print and to sign by hand: names, the neutral title, a day, nothing else."""
    row = _session(programme, ref)
    employer, people = programme.lead_employer, [one.person for one in _expected(row) if one.person]
    journal.log(actor=request.person, verb=Verb.READ_LIST, target=row, employer=employer, count=len(people))
    context = {"programme": programme, "session": row, "people": people, "title": service.TITLE}
    return render(request, "programmes/training_sheet.html", context)


@require_POST
@referent_only
def counts(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """How many came, by category."""
    row = _session(programme, ref)
    form = AudienceForm(request.POST, known={})
    if not form.is_valid():
        messages.error(request, "Écrivez des nombres entiers.")
        return redirect("programmes:training_session", programme.slug, ref)
    try:
        service.record_counts(session=row, people=form.numbers, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Les nombres sont enregistrés.")
    return redirect("programmes:training_session", programme.slug, ref)


@require_http_methods(["GET", "HEAD", "POST"])
@referent_only
def put_off(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Another day, hour or place; registrations stay."""
    row = _session(programme, ref)
    known = {"seen": row.version, "on": row.on, "at": row.at, "place": row.place}
    form = DayForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            service.put_off(session=row, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La séance est déplacée. Les personnes attendues en sont prévenues.")
            return redirect("programmes:training_session", programme.slug, ref)
    return render(request, "programmes/training_put_off.html", {"programme": programme, "session": row, "form": form})


@require_http_methods(["GET", "POST"])
@referent_only
def cancel(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """A confirmation: everybody expected is told at once."""
    session = _session(programme, ref)
    if request.method == "POST":
        try:
            service.cancel(session=session, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, "La séance est annulée. Les personnes invitées en sont prévenues.")
        return redirect("programmes:training", programme.slug)
    context = {
        "session": session,
        "question": f"Annuler la séance du {day_in_words(session.on)} ?",
        "what": ["La séance n’a pas lieu, et ne compte pour personne.", "Une autre séance peut être prévue."],
        "who": ["Les personnes inscrites ou invitées, par un message neutre."],
        "back": reverse("programmes:training_session", args=[programme.slug, ref]),
    }
    return render(request, "programmes/training_cancel.html", {"programme": programme} | context)


@require_http_methods(["GET", "POST"])
@programme_team
def decide(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """« Prêt·e à accompagner » : the référent, or the deputy about the référent's own participation."""
    seen = participations_visible_to(request.person).filter(programme=programme, side=Side.HELPER)
    row = get_object_or_404(seen.select_related("person", "programme__lead_employer"), ref=ref)
    journal.read_file(actor=request.person, subject=row.person, target=row, employer=programme.lead_employer)
    form = DecisionForm(request.POST or None, initial={"talk_on": clock.today(programme.time_zone)})
    if request.method == "POST" and form.is_valid():
        try:
            service.decide(participation=row, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, f"La décision est enregistrée. {row.person.given} en est prévenu·e.")
            return redirect("programmes:decide_readiness", programme.slug, ref)
    context = {
        "programme": programme,
        "participation": row,
        "form": form,
        "minutes": service.minutes_followed([row])[row.pk][0],
        "missing": service.minutes_missing([row])[row.pk],
        "decision": Readiness.objects.filter(participation=row).first(),
        "mine": not may_decide(request.person, row),
    }
    return render(request, "programmes/training_decision.html", context)
