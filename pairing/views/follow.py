"""A pair as it is followed, by the référent or the référent de binôme: opening meeting, points; and what the two may say."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.access import followed_by
from pairing.forms.follow import OpeningForm
from pairing.models import Pair
from pairing.services import follow, pairs
from pairing.views.agent import mine_or_404
from pairing.views.pilotage import opened
from portal import clock
from portal.access import agent_space, second_factor_answer, switch_answer
from portal.errors import DomainError
from portal.forms.base import show
from portal.navigation import Space
from programmes.access import programme_roles
from programmes.enums import ProgrammeRoleKind


def follower(view: Callable) -> Callable:
    """`/suivi/<ref>/…`: the view receives a pair that the person follows; second factor required."""

    @wraps(view)
    def wrapper(request: HttpRequest, ref: UUID) -> HttpResponse:
        if request.person is None:
            raise Http404
        rows = followed_by(request.person).select_related("programme__lead_employer", "cycle")
        row = get_object_or_404(rows, ref=ref)
        if answer := second_factor_answer(request):
            return answer
        held = programme_roles(request.person, row.programme)
        request.space = Space("referee", "Mes binômes suivis")
        if ProgrammeRoleKind.REFERENT in held:
            if answer := switch_answer(request, "pilotage", row.programme.lead_employer):
                return answer
            request.space = Space("pilotage", "Pilotage", row.programme, frozenset(held))
        return view(request, row)

    return wrapper


def back_of(request: HttpRequest, row: Pair) -> str:
    """The pair's page, in the space of whoever follows it."""
    if request.space.key == "pilotage":
        return reverse("pairing:pilot_pair", args=[row.programme.slug, row.ref])
    return reverse("pairing:refereed_pair", args=[row.ref])


@require_http_methods(["GET", "POST"])
@follower
def opening(request: HttpRequest, row: Pair) -> HttpResponse:
    found, zone = follow.opening_of(row), clock.ZoneInfo(row.programme.time_zone)
    starts = found.starts_at.astimezone(zone) if found and found.starts_at else None
    initial = {"seen": found.version if found else 1, "way": follow.way(row), "minutes": 60}
    if found:
        initial |= {"minutes": found.minutes, "channel": found.channel}
    if starts:
        initial |= {"day": starts.date(), "hour": starts.time()}
    form = OpeningForm(request.POST or None, time_zone=row.programme.time_zone, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            follow.plan_opening(pair=row, by=request.person, **form.planned)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est noté. Les deux personnes en sont prévenues.")
            return redirect(back_of(request, row))
    shown = opened(request, Pair.objects.all(), row.ref)
    context = {"pair": shown, "programme": row.programme, "form": form, "back": back_of(request, row)}
    return render(request, "pairing/opening.html", context)


def _act(request: HttpRequest, row: Pair, act: Callable, said: str) -> HttpResponse:
    try:
        act(pair=row, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect(back_of(request, row))


@require_POST
@follower
def hold_opening(request: HttpRequest, row: Pair) -> HttpResponse:
    return _act(request, row, follow.hold_opening, "La rencontre d’ouverture est notée comme tenue.")


@require_POST
@follower
def hold_point(request: HttpRequest, row: Pair) -> HttpResponse:
    return _act(request, row, follow.hold_point, "Le point est noté comme fait.")


# --- What the two may say of their opening meeting --------------------------------------------------------------------
@require_POST
@agent_space
def prefer(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    choice = request.POST.get("choix")
    try:
        if choice not in ("deux", "date"):
            raise DomainError("Choisissez « à deux » ou « une autre date ».")
        follow.prefer(pair=row, by=request.person, alone=choice == "deux")
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "C’est noté, sans raison à donner.")
    return redirect("pairing:pair", ref)


@require_safe
@agent_space
def opening_diary(request: HttpRequest, ref: UUID) -> HttpResponse:
    row = mine_or_404(request, ref)
    found = follow.opening_of(row)
    if found is None or found.starts_at is None:
        raise Http404
    day = found.starts_at.astimezone(clock.ZoneInfo(row.programme.time_zone)).date()
    disposition = f'attachment; filename="rendez-vous-{day.isoformat()}.ics"'
    data = follow.opening_diary(found, pairs.member_of(row, request.person))
    return HttpResponse(data, content_type="text/calendar; charset=utf-8", headers={"Content-Disposition": disposition})
