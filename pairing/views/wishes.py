"""An agent's own side of a round: the invitation, the sheet of the day, the wishes that nobody else reads."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.enums import RoundState, RunMode
from pairing.forms.wishes import WishesForm
from pairing.models import WishSeat
from pairing.services import dating
from pairing.services import wishes as service
from portal import clock
from portal.access import agent_space
from portal.errors import DomainError
from portal.forms.base import show


def _mine(request: HttpRequest, ref: UUID) -> WishSeat:
    """The reader's own seat in the round `ref`."""
    rows = WishSeat.objects.filter(participation__person=request.person, round__ref=ref)
    rows = rows.select_related("round__programme__lead_employer", "participation__person")
    return get_object_or_404(rows.order_by("pk")[:1])


@require_safe
@agent_space
def my_round(request: HttpRequest, ref: UUID) -> HttpResponse:
    """The invitation; on the day, whom one meets and where."""
    seat = _mine(request, ref)
    row = seat.round
    today = clock.today(row.programme.time_zone)
    day = row.starts_at and row.starts_at.astimezone(clock.ZoneInfo(row.programme.time_zone)).date()
    context = {
        "round": row,
        "programme": row.programme,
        "seat": seat,
        "dating": row.way == RunMode.DATING,
        "planned": row.state == RoundState.PLANNED,
        "may_answer": row.state == RoundState.PLANNED and row.starts_at and not dating.started(row),
        # Names are read on the day only, by people who are there.
        "sheet": dating.sheet_of(row, seat) if day and today >= day and seat.pk in _there(row) else [],
        "open": service.open_to_wishes(row),
    }
    return render(request, "pairing/my_round.html", context)


def _there(row) -> set[int]:
    return {seat.pk for seat in dating.in_the_room(row)}


@require_POST
@agent_space
def answer(request: HttpRequest, ref: UUID) -> HttpResponse:
    seat = _mine(request, ref)
    said = {"oui": "C’est noté, à bientôt.", "non": "C’est noté, sans raison à donner."}
    choice = request.POST.get("answer")
    if choice not in said:
        messages.error(request, "Choisissez « je viens » ou « pas cette fois ».")
        return redirect("pairing:my_round", ref)
    try:
        dating.answer(seat=seat, coming=choice == "oui", by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said[choice])
    return redirect("pairing:my_round", ref)


@require_http_methods(["GET", "POST"])
@agent_space
def my_wishes(request: HttpRequest, ref: UUID) -> HttpResponse:
    """Up to three names, in order. Nothing says whether they were written, but to their owner here."""
    seat = _mine(request, ref)
    options = service.options(seat)
    mine = service.own(seat, request.person)
    form = WishesForm(request.POST or None, options=options, mine=mine)
    if request.method == "POST" and form.is_valid():
        try:
            service.choose(row=seat, choices=form.choices, by=request.person)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(
                request, "Vos vœux sont enregistrés et scellés. Vous pouvez les changer jusqu’à la date dite."
            )
            return redirect("pairing:my_round", ref)
    row = seat.round
    context = {"round": row, "programme": row.programme, "form": form, "open": service.open_to_wishes(row)}
    if row.way == RunMode.PRESENTATIONS:
        context["presentations"] = [(one.person.short_name, one.presentation.open(one.ref)) for one in options]
    return render(request, "pairing/my_wishes.html", context)
