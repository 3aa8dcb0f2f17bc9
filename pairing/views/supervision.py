"""Supervision: the référent plans and reads presences, the supervisor marks them, the helper knows the dates."""

import datetime as dt
from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.access import may_supervise
from pairing.forms.supervision import CadenceForm, CostForm, EngageForm, PlanForm, SettingForm, SheetForm
from pairing.models import SupervisionAttendance, SupervisionSession
from pairing.services import hours, intervision, load, needs
from pairing.services import supervision as service
from pairing.services import supervision_frame as frame
from portal import clock
from portal.access import agent_space, second_factor_answer
from portal.dates import moment_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.navigation import Space
from portal.services import journal, links
from programmes.access import referent_only
from programmes.enums import ParticipationState, SessionState
from programmes.forms.money import EURO, euros
from programmes.models import Programme

# Older sessions are folded; presences older than that go anyway.
SHOWN = dt.timedelta(days=365)


# --- The référent -----------------------------------------------------------------------------------------------------
def matrix(programme: Programme) -> dict:
    """Presences by person and session held since a year: no reason, no rate."""
    sessions = service.collective(programme).filter(state=SessionState.HELD, starts_at__gte=clock.now() - SHOWN)
    held = list(sessions.order_by("starts_at", "pk"))
    rows: dict[int, dict] = {}
    noted = SupervisionAttendance.objects.filter(session__in=held, participation__person__isnull=False)
    for row in noted.select_related("participation__person").order_by("participation__person__sort_key", "pk"):
        line = rows.setdefault(row.participation.person_id, {"person": row.participation.person, "by_session": {}})
        line["by_session"][row.session_id] = row.get_presence_display()
    for line in rows.values():
        line["cells"] = [line["by_session"].get(session.pk, "") for session in held]
    return {"sessions": held, "rows": list(rows.values())}


@require_http_methods(["GET", "POST"])
@referent_only
def overview(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Who is engaged, the dates, the presences."""
    form = EngageForm(request.POST if request.method == "POST" else None, programme=programme, prefix="engage")
    if form.is_bound and form.is_valid():
        try:
            service.engage(programme=programme, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La personne est engagée.")
            return redirect("pairing:supervision", programme.slug)
    presences = matrix(programme)
    if presences["rows"]:
        number, employer = len(presences["rows"]), programme.lead_employer
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=programme, employer=employer, count=number)
    context = {"programme": programme, "engage_form": form, "matrix": presences}
    sessions = service.collective(programme).select_related("expense")
    costs = [(row, euros(row.expense.cents) + EURO if row.expense else "") for row in sessions]
    since = clock.now() - SHOWN
    context |= {
        "engagements": programme.supervisors.all(),
        "sessions": [(row, cost) for row, cost in costs if row.starts_at >= since],
        "older": [(row, cost) for row, cost in costs if row.starts_at < since],
    }
    context |= {"needs": needs.shown_to_referent(programme)}
    context |= {"ratio": frame.ratio(programme), "without": frame.without(programme, request.person)}
    context["limit"] = frame.setting_of(programme).without_days
    return render(request, "pairing/supervision.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def plan(request: HttpRequest, programme: Programme) -> HttpResponse:
    """A year at once: a first date and a rhythm (in the address), then the dates to check, then all of them created."""
    cadence = CadenceForm(request.GET or None, programme=programme)
    form = PlanForm(request.POST or None, programme=programme, cadence=cadence) if cadence.is_valid() else None
    if form and form.is_bound and form.is_valid():
        try:
            service.plan_year(programme=programme, by=request.person, **form.planned)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Les dates sont prévues. Les personnes attendues en sont prévenues.")
            return redirect("pairing:supervision", programme.slug)
    context = {"programme": programme, "cadence": cadence, "form": form}
    return render(request, "pairing/supervision_plan.html", context)


def _act(request: HttpRequest, programme: Programme, act, said: str, **objects) -> HttpResponse:
    try:
        act(by=request.person, **objects)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("pairing:supervision", programme.slug)


def _of(programme: Programme, ref: UUID) -> SupervisionSession:
    return get_object_or_404(service.collective(programme), ref=ref)


@require_POST
@referent_only
def send_link(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    return _act(request, programme, service.send_link, "Le lien est parti.", session=_of(programme, ref))


@require_http_methods(["GET", "POST"])
@referent_only
def cancel(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """A confirmation: everybody expected is told at once."""
    session = _of(programme, ref)
    if request.method == "POST":
        said = "La séance est annulée. Les personnes attendues en sont prévenues."
        return _act(request, programme, service.cancel, said, session=session)
    when = moment_in_words(session.starts_at, programme.time_zone)
    context = {
        "session": session,
        "question": f"Annuler la séance du {when} ?",
        "what": ["La séance n’a pas lieu. Le lien déjà envoyé ne sert plus.", "Une autre date peut être prévue."],
        "who": ["Les personnes attendues, par un message neutre."],
        "back": reverse("pairing:supervision", args=[programme.slug]),
    }
    return render(request, "pairing/supervision_cancel.html", {"programme": programme} | context)


@require_POST
@referent_only
def take_up_need(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Only a need that its group validated exists here."""
    need = next((one for one in needs.for_referent(programme) if one.ref == ref), None)
    if need is None:
        raise Http404
    return _act(request, programme, needs.take_up, "C’est noté. Le groupe le lit dans son espace.", need=need)


@require_http_methods(["GET", "POST"])
@referent_only
def setting(request: HttpRequest, programme: Programme) -> HttpResponse:
    """The rhythm: the dates proposed, and when a long time without supervision is said."""
    form = SettingForm(request.POST or None, setting=frame.setting_of(programme))
    if request.method == "POST" and form.is_valid():
        try:
            frame.change(programme=programme, seen=form.cleaned_data["seen"], by=request.person, **form.values)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le rythme est enregistré.")
            return redirect("pairing:supervision", programme.slug)
    return render(request, "pairing/supervision_setting.html", {"programme": programme, "form": form})


@require_http_methods(["GET", "POST"])
@referent_only
def cost(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Noted once, as an expense; corrected among the expenses."""
    session = _of(programme, ref)
    if session.expense:
        return redirect("programmes:expense", programme.slug, session.expense.ref)
    form = CostForm(request.POST or None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid():
        try:
            frame.note_cost(session=session, by=request.person, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le coût est noté parmi les dépenses.")
            return redirect("pairing:supervision", programme.slug)
    return render(request, "pairing/supervision_cost.html", {"programme": programme, "session": session, "form": form})


@require_http_methods(["GET", "POST"])
@referent_only
def end_engagement(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """A page that says what stops and what goes on."""
    engagement = get_object_or_404(programme.supervisors.select_related("programme__lead_employer"), ref=ref)
    if request.method == "POST":
        return _act(request, programme, service.end_engagement, "L’engagement est terminé.", engagement=engagement)
    context = {"programme": programme, "engagement": engagement}
    return render(request, "pairing/supervision_end.html", context)


# --- The supervisor of the portal -------------------------------------------------------------------------------------
def supervisor_space(view: Callable) -> Callable:
    """`/supervision/…`: whoever supervises today, second factor required; own sessions only."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.person is None or not may_supervise(request.person):
            raise Http404
        if answer := second_factor_answer(request):
            return answer
        request.space = Space("supervision", "Supervision")
        return view(request, *args, **kwargs)

    return wrapper


@require_safe
@supervisor_space
def my_sessions(request: HttpRequest) -> HttpResponse:
    return render(request, "pairing/supervision_sessions.html", {"sessions": service.sessions_of(request.person)})


@require_http_methods(["GET", "POST"])
@supervisor_space
def sheet(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Names and presences of one's own session."""
    session = get_object_or_404(service.sessions_of(request.person), ref=ref)
    expected = service.expected(session)
    form = SheetForm(request.POST if request.method == "POST" else None, session=session, expected=expected)
    if request.method == "POST" and form.is_valid():
        try:
            service.mark_as_supervisor(session=session, by=request.person, **form.sheet)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "La feuille est enregistrée.")
            return redirect("pairing:my_sessions")
    context = {"session": session, "programme": session.programme, "expected": expected, "form": form}
    context |= {"open": service.open_to_marks(session), "need": _need_of(session)}
    return render(request, "pairing/supervision_sheet.html", context)


# --- The supervisor from outside ---------------------------------------------------------------------------------------
@login_not_required
@require_http_methods(["GET", "POST"])
def sheet_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """No account: reading uses nothing up, the sheet sent does, once."""
    link = links.find(service.PURPOSE, token)
    session = service.session_of(link) if link else None
    if session is None:
        used = links.was_used(service.PURPOSE, token)
        return render(request, "pairing/supervision_gone.html", {"used": used}, status=410)
    expected = service.expected(session)
    form = SheetForm(request.POST if request.method == "POST" else None, session=session, expected=expected)
    if request.method == "POST" and form.is_valid():
        try:
            service.mark_by_link(link=link, **form.sheet)
        except DomainError as error:
            show(error, form)
        else:
            return render(request, "pairing/supervision_thanks.html", {"session": session})
    context = {"session": session, "programme": session.programme, "form": form, "expected": expected}
    context |= {"open": service.open_to_marks(session), "need": _need_of(session)}
    return render(request, "pairing/supervision_link.html", context)


def _need_of(session: SupervisionSession) -> str:
    written = needs.of_session(session)
    return ("validated" if written[1] else "pending") if written else ""


# --- The helper ---------------------------------------------------------------------------------------------------------
@require_safe
@agent_space
def my_supervision(request: HttpRequest) -> HttpResponse:
    """The dates to come of one's programmes, and one's own presences."""
    mine = SupervisionAttendance.objects.filter(participation__person=request.person, session__state=SessionState.HELD)
    rows = mine.select_related("session__programme__lead_employer").order_by("-session__starts_at")
    context = {"coming": service.coming_for(request.person), "rows": rows}
    context["programmes"] = programmes = list(service.programmes_of(request.person, paused=True))
    if len(programmes) == 1:
        context["programme"] = programmes[0]  # its own word for supervision
    context["among"] = intervision.shown_to(request.person)
    context["announced_in"] = service.programmes_of(request.person)
    context["missions"] = missions = hours.of_person(request.person)
    context["under_way"] = next((row for row in missions if row.state == ParticipationState.ACCEPTED), None)
    context["signals"] = [load.SAID[signal] for signal in load.own(request.person)]
    context["needs"] = needs.shown_to(request.person)
    return render(request, "pairing/supervision_mine.html", context)


@require_POST
@agent_space
def say_of_need(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Agree with what the group wishes to say, or wish for other words."""
    need = get_object_or_404(needs.of_person(request.person), ref=ref)
    answer = {"oui": True, "non": False}.get(request.POST.get("voix", ""))
    if answer is None:
        messages.error(request, "Choisissez « d’accord » ou « une autre formulation ».")
    else:
        needs.say(need=need, agrees=answer, by=request.person)
        messages.success(request, "C’est noté. Personne ne sait qui a répondu quoi.")
    return redirect("pairing:my_supervision")
