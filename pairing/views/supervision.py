"""Supervision: the référent plans and reads presences, the supervisor marks them, the helper knows the dates."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.access import may_supervise
from pairing.forms.supervision import CadenceForm, EngageForm, PlanForm, SheetForm
from pairing.models import SupervisionAttendance, SupervisionSession
from pairing.services import supervision as service
from portal.access import agent_space, second_factor_answer
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.navigation import Space
from portal.services import journal, links
from programmes.access import referent_only
from programmes.enums import SessionState
from programmes.models import Programme


# --- The référent -----------------------------------------------------------------------------------------------------
def matrix(programme: Programme) -> dict:
    """Presences by person and session held: no reason, no rate."""
    held = list(service.collective(programme).filter(state=SessionState.HELD).order_by("starts_at", "pk"))
    rows: dict[int, dict] = {}
    noted = SupervisionAttendance.objects.filter(session__in=held, participation__person__isnull=False)
    for row in noted.select_related("participation__person").order_by("participation__person__sort_key", "pk"):
        line = rows.setdefault(row.participation_id, {"person": row.participation.person, "by_session": {}})
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
    context |= {"engagements": programme.supervisors.all(), "sessions": service.collective(programme)}
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


@require_POST
@referent_only
def cancel(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    said = "La séance est annulée. Les personnes attendues en sont prévenues."
    return _act(request, programme, service.cancel, said, session=_of(programme, ref))


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
    context["open"] = service.open_to_marks(session)
    return render(request, "pairing/supervision_sheet.html", context)


# --- The supervisor from outside ---------------------------------------------------------------------------------------
@login_not_required
@require_http_methods(["GET", "POST"])
def sheet_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """No account: reading uses nothing up, the sheet sent does, once."""
    link = links.find(service.PURPOSE, token)
    if link is None:
        used = links.was_used(service.PURPOSE, token)
        return render(request, "pairing/supervision_gone.html", {"used": used}, status=410)
    session = service.session_of(link)
    expected = service.expected(session)
    form = SheetForm(request.POST if request.method == "POST" else None, session=session, expected=expected)
    if request.method == "POST" and form.is_valid():
        try:
            service.mark_by_link(link=link, **form.sheet)
        except DomainError as error:
            show(error, form)
        else:
            return render(request, "pairing/supervision_thanks.html", {"session": session})
    context = {"session": session, "form": form, "expected": expected, "open": service.open_to_marks(session)}
    return render(request, "pairing/supervision_link.html", context)


# --- The helper ---------------------------------------------------------------------------------------------------------
@require_safe
@agent_space
def my_supervision(request: HttpRequest) -> HttpResponse:
    """The dates to come of one's programmes, and one's own presences."""
    mine = SupervisionAttendance.objects.filter(participation__person=request.person, session__state=SessionState.HELD)
    rows = mine.select_related("session__programme__lead_employer").order_by("-session__starts_at")
    context = {"coming": service.coming_for(request.person), "rows": rows}
    context["programmes"] = service.programmes_of(request.person)
    return render(request, "pairing/supervision_mine.html", context)
