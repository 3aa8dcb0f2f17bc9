"""Pairs as the référent and the référent de binôme see them: state and last date, never contents nor counts."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pairing.enums import LIVE, PairState
from pairing.forms.pairs import ProposeForm, ProposePeersForm
from pairing.models import Pair, PairMember
from pairing.services import follow, gates, monthly, quiet, reviews
from pairing.services import pairs as service
from portal.access import second_factor_answer
from portal.enums import Verb
from portal.errors import DomainError
from portal.forms.base import show
from portal.navigation import Space
from portal.services import journal
from portal.words import listed
from programmes.access import referent_only
from programmes.enums import Origin, Side
from programmes.models import Programme
from programmes.services import gates as programme_gates
from programmes.services.participation import sides_of


def rows_of(pairs) -> list[Pair]:
    """Pairs with their members' short names, ready for a list."""
    # Joined: a thousand people prefetched by their keys are more than SQLite takes.
    members = Prefetch("members", PairMember.objects.select_related("person"))
    found = list(follow.with_follow(pairs.prefetch_related(members)))
    seen = follow.look(found)
    programmes = {row.programme_id for row in found if row.state == PairState.ACTIVE}
    silent = {
        pk
        for programme in Programme.objects.filter(pk__in=programmes)
        for pk in quiet.to_hear_from(programme).values_list("pk", flat=True)
    }
    for row in found:
        names = [member.person.short_name for member in row.members.all() if member.person_id]
        row.names = listed(names) or "deux anciens participants"
        row.quiet = row.pk in silent
        row.follow = seen[row.pk]
    return found


@require_safe
@referent_only
def pairs(request: HttpRequest, programme: Programme) -> HttpResponse:
    rows = rows_of(programme.pairs.exclude(state=PairState.LAPSED))
    if rows:
        employer = programme.lead_employer
        journal.log(actor=request.person, verb=Verb.READ_LIST, target=programme, employer=employer, count=len(rows))
    ended = [row for row in rows if row.state not in LIVE]
    named = [row for row in ended if row.origin == Origin.BEFORE or any(one.person_id for one in row.members.all())]
    context = {
        "programme": programme,
        "live": [row for row in rows if row.state in LIVE],
        "ended": named,
        "dissolved": len(ended) - len(named),
        "may_propose": any(form.possible for form in ways_of(request, programme).values()),
    }
    return render(request, "pairing/pairs.html", context)


WAYS = {"binome": (ProposeForm, service.propose), "entre-pairs": (ProposePeersForm, service.propose_reciprocal)}


def ways_of(request: HttpRequest, programme: Programme) -> dict[str, ProposeForm]:
    """One form by kind of pair the programme has; the one sent is filled."""
    sides = sides_of(programme)
    asked = {"binome": Side.HELPER, "entre-pairs": Side.PEER}
    return {
        way: WAYS[way][0](
            request.POST if request.POST.get("way") == way else None,
            programme=programme,
            prefix=way,
            use_required_attribute=False,
        )
        for way, side in asked.items()
        if side in sides
    }


@require_http_methods(["GET", "POST"])
@referent_only
def propose(request: HttpRequest, programme: Programme) -> HttpResponse:
    ways = ways_of(request, programme)
    for way, form in ways.items():
        if form.is_bound and form.is_valid():
            try:
                pair = WAYS[way][1](by=request.person, **form.cleaned_data)
            except DomainError as error:
                show(error, form)
            else:
                messages.success(request, "La proposition est envoyée. Chaque personne répond librement.")
                return redirect("pairing:pilot_pair", programme.slug, pair.ref)
    context = {"programme": programme, "ways": ways, "few": programme_gates.few_helpers(programme)}
    return render(request, "pairing/propose.html", context)


@require_safe
@referent_only
def pair(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = opened(request, programme.pairs.all(), ref)
    can_withdraw = service.MOVES.allows(row, "lapse")
    back = reverse("pairing:pairs", args=[programme.slug])
    context = {"programme": programme, "pair": row, "can_withdraw": can_withdraw, "back": back}
    context["missing"] = gates.missing_in_words(row)
    context |= followed(request, row)
    return render(request, "pairing/pilot_pair.html", context)


def followed(request: HttpRequest, row: Pair) -> dict:
    """What the page says of the following of a pair; a member follows nothing of their own."""
    own = any(member.person_id == request.person.pk for member in row.members.all())
    on_paper = request.space.key == "pilotage" and row.state in monthly.RUNNING and bool(monthly.on_paper(row))
    return {"reviews": reviews.states(row), "own": own, "on_paper": on_paper}


def opened(request: HttpRequest, pairs, ref: UUID) -> Pair:
    """The pair, its opening written in each member's access log."""
    row = get_object_or_404(pairs.select_related("programme__lead_employer"), ref=ref)
    row = rows_of(Pair.objects.filter(pk=row.pk).select_related("programme__lead_employer", "referee", "cycle"))[0]
    for member in row.members.all():
        journal.read_file(actor=request.person, subject=member.person, target=row, employer=row.programme.lead_employer)
    return row


@require_POST
@referent_only
def withdraw(request: HttpRequest, programme: Programme, ref: UUID) -> HttpResponse:
    row = get_object_or_404(programme.pairs.all(), ref=ref)
    try:
        service.withdraw_proposal(pair=row, by=request.person)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "La proposition est reprise. Les personnes concernées en sont prévenues.")
    return redirect("pairing:pairs", programme.slug)


@require_safe
def refereed(request: HttpRequest) -> HttpResponse:
    """The pairs entrusted to a référent de binôme."""
    if request.person is None or not Pair.objects.filter(referee=request.person).exists():
        raise Http404
    if answer := second_factor_answer(request):
        return answer
    request.space = Space("referee", "Mes binômes suivis")
    rows = rows_of(Pair.objects.filter(referee=request.person).exclude(state=PairState.LAPSED))
    return render(request, "pairing/refereed.html", {"rows": rows})


@require_safe
def refereed_pair(request: HttpRequest, ref: UUID) -> HttpResponse:
    if request.person is None:
        raise Http404
    if answer := second_factor_answer(request):
        return answer
    request.space = Space("referee", "Mes binômes suivis")
    row = opened(request, Pair.objects.filter(referee=request.person), ref)
    back = reverse("pairing:refereed")
    context = {"pair": row, "programme": row.programme, "can_withdraw": False, "back": back, "missing": []}
    context |= followed(request, row)
    return render(request, "pairing/pilot_pair.html", context)
