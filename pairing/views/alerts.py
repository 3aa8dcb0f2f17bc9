"""« Une situation m’inquiète » : numbers first; the register of whoever receives, and the deputy's way in."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.access import takes_part_in
from pairing.enums import AlertState, SupportKind, SupportState
from pairing.forms.alerts import RelayForm, TraceForm, WorryForm
from pairing.forms.support import DebriefForm
from pairing.models import Alert
from pairing.services import alerts as service
from pairing.services import receivers, support
from portal import clock
from portal.access import agent_space
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import journal
from programmes.access import programme_team, referent_only
from programmes.enums import ContactKind, ProgrammeRoleKind
from programmes.models import Contact, Programme
from programmes.services import cover, team


# --- The sender -------------------------------------------------------------------------------------------------------
def _to_call(programme: Programme) -> QuerySet[Contact]:
    return team.contacts_of(programme).exclude(kind=ContactKind.DPO)


@require_safe
@agent_space
def worry(request: HttpRequest, slug: str) -> HttpResponse:
    """The numbers, then four levels as links: nothing is asked here."""
    programme = get_object_or_404(takes_part_in(request.person), slug=slug)
    context = {"programme": programme, "contacts": _to_call(programme)}
    context["receivers"] = receivers.of(programme, but=request.person)
    return render(request, "pairing/worry.html", context)


@require_http_methods(["GET", "POST"])
@agent_space
def worry_level(request: HttpRequest, slug: str, level: int) -> HttpResponse:
    """Level 1 leaves no trace; 2 and 3 ask for a code; 4 gives the numbers, its trace is folded, optional."""
    programme = get_object_or_404(takes_part_in(request.person), slug=slug)
    if level not in (1, 2, 3, 4):
        raise Http404
    data = request.POST or None
    form = TraceForm(data, time_zone=programme.time_zone) if level == 4 else None
    if level in (2, 3):
        form = WorryForm(data, level=level)
    if request.method == "POST" and form and form.is_valid():
        try:
            row = service.send(programme=programme, sender=request.person, level=level, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Votre message est envoyé.")
            return redirect("pairing:my_alert", row.ref)
    context = {"programme": programme, "level": level, "form": form, "contacts": _to_call(programme)}
    context["receivers"] = receivers.of(programme, but=request.person)
    context["target"] = service.target_in_words(level) if level > 1 else ""
    return render(request, "pairing/worry_level.html", context)


@require_http_methods(["GET", "POST"])
@agent_space
def my_alert(request: HttpRequest, ref: UUID) -> HttpResponse:
    """What I sent and where it stands; once closed after levels 3 and 4, a debrief may be asked."""
    rows = Alert.objects.filter(sender=request.person).select_related("programme__lead_employer", "sender")
    row = get_object_or_404(rows, ref=ref)
    programme, offered = row.programme, service.may_ask_debrief(row)
    recipients = [one for one in support.recipients(programme, request.person) if one.supervisor]
    form = None
    if offered and recipients:
        form = DebriefForm(request.POST or None, recipients=recipients, use_required_attribute=False)
    if request.method == "POST" and form and form.is_valid():
        fields = {**form.cleaned_data, "kind": SupportKind.DEBRIEF}
        try:
            support.ask(programme=programme, person=request.person, **fields)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Votre demande est envoyée. La personne qui supervise est seule à le savoir.")
            return redirect("pairing:my_support")
    context = {"programme": programme, "alert": row, "form": form, "closed": row.state == AlertState.CLOSED}
    context["debriefed"] = row.level in service.DEBRIEFED
    context["may_pause"], context["reach"] = service.may_pause(row), service.reach_of(row)
    return render(request, "pairing/my_alert.html", context)


# --- Whoever receives -------------------------------------------------------------------------------------------------
@require_safe
@programme_team
def register(request: HttpRequest, programme: Programme) -> HttpResponse:
    """Messages and requests, nearest target first. The deputy reads nothing before taking over."""
    if ProgrammeRoleKind.REFERENT not in request.space.roles:
        context = {"programme": programme, "may_take_over": cover.may_take_over(programme, request.person)}
        return render(request, "pairing/register_relay.html", context)
    now = clock.now()
    alerts = list(service.register(programme, request.person))
    requests = list(support.for_referent(programme, request.person))
    if alerts or requests:
        number, employer = len(alerts) + len(requests), programme.lead_employer
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=programme, employer=employer, count=number)
    context = {
        "programme": programme,
        "alerts": [(row, support.is_late(row, now)) for row in alerts if row.state != AlertState.CLOSED],
        "requests": [(row, support.is_late(row, now)) for row in requests if row.state != SupportState.CLOSED],
        "closed_alerts": [row for row in alerts if row.state == AlertState.CLOSED],
        "closed_requests": [row for row in requests if row.state == SupportState.CLOSED],
        "reviews": programme.alert_reviews.all()[:5],
        "review_due": service.review_due(programme),
    }
    return render(request, "pairing/register.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def alert(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """Call, say who took over, close."""
    row = get_object_or_404(service.visible_to(programme, request.person), ref=ref)
    closing = request.POST.get("move") == "clore"
    form = RelayForm(request.POST or None, initial={"relay_code": row.relay_code})
    if request.method == "POST" and form.is_valid():
        act = service.close if closing else service.relay
        try:
            act(alert=row, by=request.person, relay_code=form.cleaned_data["relay_code"])
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Le message est clos. La personne en est prévenue." if closing else "C’est noté.")
            return redirect("pairing:alert", programme.slug, ref)
    journal.read_file(actor=request.person, subject=row.sender, target=row, employer=programme.lead_employer)
    context = {"programme": programme, "alert": row, "form": form, "late": support.is_late(row, clock.now())}
    context |= {"closed": row.state == AlertState.CLOSED, "debriefed": row.level in service.DEBRIEFED}
    context["reach"] = service.reach_of(row)
    return render(request, "pairing/alert.html", context)


@require_POST
@referent_only
def review(request: HttpRequest, programme: Programme) -> HttpResponse:
    service.review(programme=programme, by=request.person)
    messages.success(request, "La relecture du protocole est notée.")
    return redirect("pairing:register", programme.slug)
