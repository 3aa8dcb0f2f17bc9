"""Asking for support: the agent's pages, those of whoever is asked, with or without account."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.access import takes_part_in
from pairing.enums import SESSION_KINDS, Asked, SupportState
from pairing.forms.support import AskForm, SessionForm
from pairing.models import Alert, SupportRequest
from pairing.services import supervision
from pairing.services import support as service
from pairing.views.supervision import supervisor_space
from portal import clock
from portal.access import agent_space
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import journal, links
from programmes.access import referent_only
from programmes.models import Programme
from programmes.services import team

MOVES = {
    "rappele": ({"name": "call"}, "C’est noté : rappelée."),
    "clore": ({"name": "close"}, "La demande est close."),
    "tenue": ({"name": "close", "held": True}, "La séance est notée comme tenue, la demande est close."),
}


# --- The agent --------------------------------------------------------------------------------------------------------
@require_safe
@agent_space
def mine(request: HttpRequest) -> HttpResponse:
    """The two doors, then what I asked and where it stands."""
    programmes = list(takes_part_in(request.person))
    asked = request.person.support_requests.select_related("programme__lead_employer", "supervisor", "contact")
    alerts = Alert.objects.filter(sender=request.person).select_related("programme__lead_employer")
    rows = [{"row": row, "to": _asked_of(row), "may_cancel": row.state == SupportState.RECEIVED} for row in asked]
    context = {"programmes": programmes, "rows": rows, "alerts": alerts}
    return render(request, "pairing/support_mine.html", context)


def _asked_of(row: SupportRequest) -> str:
    one = row.supervisor or row.contact
    return one.name if one else row.get_asked_display()


@require_http_methods(["GET", "POST"])
@agent_space
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """`?a=superviseur` (« en parler », level 1 of what worries) has the supervisor chosen; another may be."""
    programme = get_object_or_404(takes_part_in(request.person), slug=slug)
    recipients = service.recipients(programme, request.person)
    chosen = None
    if request.GET.get("a") == "superviseur":
        recipients.sort(key=lambda one: one.asked != Asked.SUPERVISOR)
        chosen = next((one.key for one in recipients if one.asked == Asked.SUPERVISOR), None)
    initial = {"to": chosen} if chosen else {}
    form = AskForm(request.POST or None, recipients=recipients, initial=initial, use_required_attribute=False)
    if sent := _sent(request, programme, form):
        return sent
    context = {"programme": programme, "form": form, "recipients": recipients, "contacts": team.contacts_of(programme)}
    context["days"] = {"referent": service.TARGET_DAYS[Asked.REFERENT], "other": service.TARGET_DAYS[Asked.SUPERVISOR]}
    return render(request, "pairing/support_ask.html", context)


@require_http_methods(["GET", "POST"])
@agent_space
def ask_session(request: HttpRequest, slug: str) -> HttpResponse:
    """A helper asks for a session of their own or a debrief; the supervisor alone knows (field R8)."""
    programme = get_object_or_404(supervision.programmes_of(request.person, paused=True), slug=slug)
    recipients = [one for one in service.recipients(programme, request.person) if one.supervisor]
    form = SessionForm(request.POST or None, recipients=recipients, use_required_attribute=False)
    if sent := _sent(request, programme, form):
        return sent
    context = {"programme": programme, "form": form, "recipients": recipients}
    return render(request, "pairing/session_ask.html", context | {"contacts": team.contacts_of(programme)})


def _sent(request: HttpRequest, programme: Programme, form: AskForm | SessionForm) -> HttpResponse | None:
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        service.ask(programme=programme, person=request.person, **form.cleaned_data)
    except DomainError as error:
        show(error, form)
        return None
    messages.success(request, "Votre demande est envoyée. Vous la suivez sur cette page.")
    return redirect("pairing:my_support")


@require_POST
@agent_space
def cancel(request: HttpRequest, ref: UUID) -> HttpResponse:
    rows = request.person.support_requests.select_related("programme__lead_employer")
    return _act(
        request, service.cancel, "Votre demande est retirée. Il n’en reste rien.", get_object_or_404(rows, ref=ref)
    )


def _act(request: HttpRequest, act, said: str, row: SupportRequest, **more) -> HttpResponse:
    try:
        act(request=row, by=request.person, **more)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("pairing:my_support")


# --- Whoever is asked -------------------------------------------------------------------------------------------------
def _shown(row: SupportRequest) -> dict:
    """One request as its addressee reads it."""
    return {
        "row": row,
        "reach": row.reach.open(row.ref),
        "when": service.half_days(row),
        "late": service.is_late(row, clock.now()),
        "open": row.state != SupportState.CLOSED,
        "may_call": row.state == SupportState.RECEIVED,
        "session": row.kind in SESSION_KINDS,
    }


def _answered(request: HttpRequest, row: SupportRequest) -> bool:
    """The button that was pressed; whether it counted."""
    move, said = MOVES.get(request.POST.get("move", ""), ({}, ""))
    if not move:
        messages.error(request, "Choisissez « rappel fait » ou « clore ».")
        return False
    try:
        service.move(request=row, by=request.person, **move)
    except DomainError as error:
        messages.error(request, str(error))
        return False
    messages.success(request, said)
    return True


@require_http_methods(["GET", "POST"])
@referent_only
def pilot_request(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = get_object_or_404(service.for_referent(programme, request.person), ref=ref)
    if request.method == "POST":
        _answered(request, row)
        return redirect("pairing:register", programme.slug)
    journal.read_file(actor=request.person, subject=row.person, target=row, employer=programme.lead_employer)
    return render(request, "pairing/support_request.html", {"programme": programme, "one": _shown(row)})


@require_safe
@supervisor_space
def of_supervisor(request: HttpRequest) -> HttpResponse:
    """Requests made to this supervisor, oldest target first; of what worries, the level alone."""
    now, rows = clock.now(), list(service.for_supervisor(request.person).exclude(state=SupportState.CLOSED))
    if rows:
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=rows[0], count=len(rows))
    context = {"rows": [(row, service.is_late(row, now)) for row in rows]}
    context["alerts"] = service.levels_for_supervisor(request.person)
    return render(request, "pairing/support_supervisor.html", context)


@require_http_methods(["GET", "POST"])
@supervisor_space
def supervisor_request(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = get_object_or_404(service.for_supervisor(request.person), ref=ref)
    if request.method == "POST":
        _answered(request, row)
        return redirect("pairing:support_of_supervisor")
    employer = row.programme.lead_employer
    journal.read_file(actor=request.person, subject=row.person, target=row, employer=employer)
    return render(request, "pairing/support_request.html", {"programme": row.programme, "one": _shown(row)})


@login_not_required
@require_http_methods(["GET", "POST"])
def by_link(request: HttpRequest, token: str) -> HttpResponse:
    """A supervisor from outside or a listed contact: the link works until the request is closed."""
    link = links.find(service.PURPOSE, token)
    row = service.of_link(link) if link else None
    if row is None:
        return render(request, "pairing/support_gone.html", status=410)
    if request.method == "POST":
        if _answered(request, row) and row.state == SupportState.CLOSED:
            return render(request, "pairing/support_gone.html")
        return redirect("pairing:support_by_link", token)
    journal.log(actor=None, verb=Verb.READ_FILE, target=row, subject=row.person, employer=row.programme.lead_employer)
    return render(request, "pairing/support_link.html", {"one": _shown(row), "programme": row.programme})
