"""Dating sessions and rounds of wishes as the référent sees them: dates, answers, the plan of the room. Never a wish."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.enums import RoundState, RunMode
from pairing.forms.wishes import DatingForm, HereForm, PresentationsForm
from pairing.models import WishRound
from pairing.services import dating, wish_cards, wishes
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.services import journal
from programmes.access import referent_only
from programmes.enums import Form
from programmes.models import Programme

DOORS = {"entre-pairs": Form.RECIPROCAL, "binome": Form.PAIR}


def doors_of(programme: Programme) -> dict[str, Form]:
    """Ways into a round, by the forms that are open."""
    return {door: form for door, form in DOORS.items() if form in programme.open_forms}


def _form_of(programme: Programme, door: str) -> Form:
    form = doors_of(programme).get(door)
    if form is None:
        raise Http404
    return form


def round_of(programme: Programme, ref: UUID, **only) -> WishRound:
    return get_object_or_404(programme.wish_rounds.select_related("programme__lead_employer"), ref=ref, **only)


@require_safe
@referent_only
def rounds(request: HttpRequest, programme: Programme) -> HttpResponse:
    """What is planned, what is over, and how to plan."""
    context = {
        "programme": programme,
        "rounds": programme.wish_rounds.all(),
        "doors": doors_of(programme),
        "presentations": programme.wishes_on_presentations,
    }
    return render(request, "pairing/wish_rounds.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def plan(request: HttpRequest, programme: Programme, door: str) -> HttpResponse:
    form_of_support = _form_of(programme, door)
    initial = {"on": clock.today(programme.time_zone) + clock.dt.timedelta(days=14), "hour": "14:00"}
    initial["wishes_until"] = initial["on"] + clock.dt.timedelta(days=7)
    form = DatingForm(request.POST or None, programme=programme, form=form_of_support, initial=initial)
    if request.method == "POST" and form.is_valid():
        cycle = programme.cycles.last()
        try:
            row = dating.plan(programme=programme, form=form_of_support, cycle=cycle, by=request.person, **form.plan)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "C’est prévu. Les personnes invitées reçoivent un message neutre.")
            return redirect(row)
    people = form.fields["invited"].queryset
    context = {"programme": programme, "form": form, "door": door, "enough": dating.enough(people), "few": dating.FEW}
    return render(request, "pairing/dating_plan.html", context)


@require_http_methods(["GET", "POST"])
@referent_only
def open_presentations(request: HttpRequest, programme: Programme, door: str) -> HttpResponse:
    form_of_support = _form_of(programme, door)
    if not programme.wishes_on_presentations:
        raise Http404
    initial = {"wishes_until": clock.today(programme.time_zone) + clock.dt.timedelta(days=14)}
    form = PresentationsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        asked = {"programme": programme, "form": form_of_support, "cycle": programme.cycles.last()}
        try:
            row = wishes.open_on_presentations(by=request.person, **asked, **form.cleaned_data)
        except DomainError as error:
            show(error, form)
        else:
            messages.success(request, "Les vœux sont ouverts. Les personnes qui attendent reçoivent un message neutre.")
            return redirect(row)
    context = {"programme": programme, "form": form, "door": door}
    context["published"] = wishes.published(programme, form_of_support)
    return render(request, "pairing/wishes_open.html", context)


@require_safe
@referent_only
def wish_round(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """One round: who answered, who is there, the plan. Whether anybody wrote a wish is not on it."""
    row = round_of(programme, ref)
    seats = list(row.seats.filter(participation__person__isnull=False).select_related("participation__person"))
    if seats:
        employer = programme.lead_employer
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=row, employer=employer, count=len(seats))
    there = dating.in_the_room(row)
    context = {
        "programme": programme,
        "round": row,
        "dating": row.way == RunMode.DATING,
        "planned": row.state == RoundState.PLANNED,
        "started": dating.started(row),
        "seats": sorted(seats, key=lambda seat: (seat.participation.person.sort_key, seat.pk)),
        "form": HereForm(seats=seats, there=there, use_required_attribute=False),
        "turns": dating.turns_of(row),
        "without_account": wish_cards.without_account(row) if row.state == RoundState.PLANNED else [],
        "may_close": row.state == RoundState.PLANNED and (row.starts_at is None or dating.started(row)),
    }
    return render(request, "pairing/wish_round.html", context)


@require_POST
@referent_only
def draw(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """The plan, for those ticked."""
    row = round_of(programme, ref, way=RunMode.DATING)
    seats = list(row.seats.filter(participation__person__isnull=False))
    form = HereForm(request.POST, seats=seats, there=[])
    if not form.is_valid():
        messages.error(request, "Cochez les personnes qui sont là.")
        return redirect(row)
    try:
        turns = dating.draw(row=row, here=list(form.cleaned_data["here"]), by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"Le plan est prêt : {turns} tours de {row.minutes} minutes.")
    return redirect(row)


@require_safe
@referent_only
def sheets(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    """To print: one sheet by person, one by table."""
    row = round_of(programme, ref, way=RunMode.DATING)
    turns = dating.turns_of(row)
    if not turns:
        raise Http404
    there = dating.in_the_room(row)
    people = [
        (seat.participation.person.short_name, dating.sheet_of(row, seat), seat.participation.person.user_id)
        for seat in there
    ]
    context = {"programme": programme, "round": row, "people": people, "tables": dating.by_table(turns)}
    employer = programme.lead_employer
    journal.log(actor=request.person, verb=Verb.EXPORTED, target=row, employer=employer, count=len(there))
    return render(request, "pairing/dating_sheets.html", context)


@require_safe
@referent_only
def screen(request: HttpRequest, programme: Programme, ref: UUID, turn: int) -> HttpResponse:
    """One turn in large print, for the wall of the room."""
    row = round_of(programme, ref, way=RunMode.DATING)
    turns = dating.turns_of(row)
    if not 1 <= turn <= len(turns):
        raise Http404
    context = {"programme": programme, "round": row, "turn": turns[turn - 1], "count": len(turns)}
    context |= {"previous": turn - 1, "next": turn + 1 if turn < len(turns) else 0}
    return render(request, "pairing/dating_screen.html", context)


def _end(request: HttpRequest, programme: Programme, ref: UUID, act, said: str, template: str) -> HttpResponse:
    """A page that says what will happen and who will know, then the act."""
    row = round_of(programme, ref)
    if request.method == "POST":
        try:
            act(row=row, by=request.person)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, said)
        return redirect(row)
    context = {"programme": programme, "round": row, "over": row.state != RoundState.PLANNED}
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@referent_only
def close(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    said = "Les vœux sont clos et effacés. Les propositions sont en préparation, vous seul·e les voyez."
    return _end(request, programme, ref, wishes.close, said, "pairing/wishes_close.html")


@require_http_methods(["GET", "POST"])
@referent_only
def cancel(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    said = "C’est annulé. Les personnes invitées en sont prévenues."
    return _end(request, programme, ref, wishes.cancel, said, "pairing/wishes_cancel.html")
