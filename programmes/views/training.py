"""Training as the référent organises it, and as each agent reads it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import clock
from portal.access import agent_space
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import journal
from programmes.access import may_decide, participations_visible_to, programme_team, referent_only
from programmes.enums import Presence, SessionState, Side
from programmes.forms.attendance import AttendanceForm
from programmes.forms.training import DecisionForm, SessionForm
from programmes.models import Participation, Programme, Readiness, TrainingAttendance, TrainingSession
from programmes.services import training as service


def people_of(programme: Programme) -> list[dict]:
    """Who trains, how far, and what was decided."""
    rows = list(service.trainable(programme).select_related("programme"))
    followed, missing = service.minutes_followed(rows), service.minutes_missing(rows)
    decisions = {row.participation_id: row for row in Readiness.objects.filter(participation__in=rows)}
    return [
        {
            "participation": row,
            "minutes": followed[row.pk][0],
            "missing": missing[row.pk],
            "decision": decisions.get(row.pk),
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
    rows = programme.training_sessions.prefetch_related("modules")
    return render(request, "programmes/training.html", {"programme": programme, "sessions": rows, "people": people})


@require_http_methods(["GET", "POST"])
@referent_only
def plan(request: HttpRequest, programme: Programme) -> HttpResponse:
    form = SessionForm(request.POST or None, programme=programme)
    if request.method == "POST" and form.is_valid():
        fields = {**form.cleaned_data, "modules": list(form.cleaned_data["modules"])}
        fields["invited"] = list(fields["invited"])
        try:
            session = service.plan_session(programme=programme, by=request.person, **fields)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La séance est prévue. Les personnes invitées en sont prévenues.")
            return redirect("programmes:training_session", programme.slug, session.ref)
    possible = form.fields["invited"].queryset.exists()
    return render(
        request, "programmes/training_plan.html", {"programme": programme, "form": form, "possible": possible}
    )


def _session(programme: Programme, ref: UUID) -> TrainingSession:
    return get_object_or_404(programme.training_sessions.select_related("programme__lead_employer"), ref=ref)


@require_http_methods(["GET", "POST"])
@referent_only
def session(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The session and its attendance sheet."""
    row = _session(programme, ref)
    expected = list(row.attendances.select_related("participation__person", "participation__programme"))
    form = AttendanceForm(request.POST if request.method == "POST" else None, expected=expected)
    if request.method == "POST" and form.is_valid():
        try:
            service.record_attendance(session=row, presences=form.presences, by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Les présences sont enregistrées.")
            return redirect("programmes:training", programme.slug)
    context = {
        "programme": programme,
        "session": row,
        "modules": list(row.modules.all()),
        "expected": expected,
        "form": form,
        "sheet": row.state != SessionState.CANCELLED and row.on <= clock.today(programme.time_zone),
    }
    return render(request, "programmes/training_session.html", context)


@require_POST
@referent_only
def cancel(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    try:
        service.cancel(session=_session(programme, ref), by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "La séance est annulée. Les personnes invitées en sont prévenues.")
    return redirect("programmes:training", programme.slug)


@require_http_methods(["GET", "POST"])
@programme_team
def decide(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """« Prêt·e à accompagner » : the référent, or the deputy about the référent's own participation."""
    seen = participations_visible_to(request.person).filter(programme=programme, side=Side.HELPER)
    row = get_object_or_404(seen.select_related("person", "programme__lead_employer"), ref=ref)
    journal.read_file(actor=request.person, subject=row.person, target=row, employer=programme.lead_employer)
    form = DecisionForm(request.POST or None)
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


@require_safe
@agent_space
def my_training(request: HttpRequest) -> HttpResponse:
    """Sessions the person is invited to or followed, and the way to the attestations."""
    mine = TrainingAttendance.objects.filter(participation__person=request.person)
    rows = mine.select_related("session__programme__lead_employer").prefetch_related("session__modules")
    attended = Participation.objects.filter(
        training_attendances__in=mine.filter(presence=Presence.PRESENT, session__state=SessionState.HELD)
    )
    context = {
        "rows": rows.order_by("-session__on", "-pk"),
        "attended": attended.select_related("programme").distinct(),
    }
    return render(request, "programmes/training_mine.html", context)


@require_safe
@agent_space
def certificate(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Neutral title, hours and dates; no module, no word on health (domain.md g)."""
    mine = Participation.objects.filter(person=request.person).select_related("programme__lead_employer", "employer")
    row = get_object_or_404(mine, ref=ref)
    held = TrainingSession.objects.filter(
        state=SessionState.HELD, attendances__participation=row, attendances__presence=Presence.PRESENT
    )
    dates = list(held.order_by("on").values_list("on", flat=True))
    context = {
        "participation": row,
        "title": service.TITLE,
        "dates": dates,
        "minutes": service.minutes_followed([row])[row.pk][0],
        "today": clock.today(row.programme.time_zone),
    }
    return render(request, "programmes/training_certificate.html", context)
