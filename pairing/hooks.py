"""What the pairs' life shows on pages of earlier apps."""

import datetime as dt
import uuid
from dataclasses import replace

from django.db.models import Min
from django.urls import reverse

from pairing import life_hooks, run_hooks, supervision_hooks, wish_hooks
from pairing.access import pairs_of, waiting_for_a_pair
from pairing.enums import LIVE, PairState
from pairing.models import Meeting, Pair, PairMember
from pairing.services import monthly, quiet
from pairing.services.frame import notes_nothing
from pairing.services.gates import cleared, has_supervision
from pairing.services.pairs import leave
from portal import registry
from portal.dates import day_in_words, month_in_words
from portal.models import Person
from portal.navigation import Space
from portal.registry import Card, Criterion, DataSet, Link, Milestone, Todo
from portal.words import listed
from programmes.access import programme_roles
from programmes.enums import ProgrammeRoleKind, Side, Watched
from programmes.menu import PARTICIPANTS
from programmes.models import Participation, Programme, Step

RUNNING = (PairState.ACTIVE, PairState.PAUSED)
NOT_BEGUN = (PairState.PROPOSED, PairState.ACCEPTED)
OPEN = "Ouvrir notre page"
# What the card of a live pair says when no meeting is to be noted.
WAITS = {
    PairState.PROPOSED: "Vous avez dit oui. L’autre personne n’a pas encore répondu, et rien ne presse.",
    PairState.ACCEPTED: "Vous avez dit oui toutes et tous. La première rencontre se prépare.",
    PairState.PAUSED: "En pause. Vous reprenez quand vous voulez.",
}


def others(pair: Pair, person: Person) -> str:
    """« Alix M. », « Alix M. et Jo B. »; « deux anciens participants » once the link is dissolved."""
    names = [m.person.short_name for m in pair.members.all() if m.person_id and m.person_id != person.pk]
    return listed(names) or "un·e ancien·ne participant·e"


def cards(person: Person) -> list[Card]:
    items = []
    mine = (
        pairs_of(person)
        .filter(state__in=LIVE)
        .prefetch_related("members__person", "frames", "month_counts")
        .select_related("programme__lead_employer")
    )
    for pair in mine:
        url = reverse("pairing:pair", args=[pair.ref])
        said_yes = any(m.person_id == person.pk and m.yes_at for m in pair.members.all())
        if pair.state == PairState.PROPOSED and not said_yes:
            items.append(
                Card(
                    "Une proposition vous attend",
                    f"Un binôme avec {others(pair, person)} : vous dites oui ou non, sans raison à donner.",
                    url,
                    "Lire et répondre",
                    rank=0,
                )
            )
        elif pair.state == PairState.ACTIVE:
            if notes_nothing(pair):
                said = (
                    f"Dernier signe : {day_in_words(pair.alive_on)}." if pair.alive_on else "Un geste par mois suffit."
                )
                card = Card(f"Mon binôme avec {others(pair, person)}", said, url, OPEN, rank=10)
                card = replace(card, template="pairing/_alive_card.html", context={"pair_ref": pair.ref})
                items.append(card)
                continue
            if monthly.counts_by_month(pair) and (month := monthly.asked(pair)):
                context = {"pair_ref": pair.ref, "month": month, "month_words": month_in_words(month)}
                title, text = f"Mon binôme avec {others(pair, person)}", "Un nombre par mois suffit, sans date."
                template = "pairing/_month_card.html"
                items.append(Card(title, text, url, OPEN, rank=10, template=template, context=context))
                continue
            last = f"Dernière rencontre notée : {day_in_words(pair.last_met_on)}." if pair.last_met_on else ""
            items.append(
                Card(
                    f"Mon binôme avec {others(pair, person)}",
                    last or "Aucune rencontre notée pour l’instant.",
                    url,
                    OPEN,
                    rank=10,
                    template="pairing/_tap.html",
                    context={"pair_ref": pair.ref, "tap_key": uuid.uuid4()},
                )
            )
        else:
            items.append(
                Card(
                    f"Mon binôme avec {others(pair, person)}",
                    WAITS[pair.state],
                    url,
                    OPEN,
                    rank=20,
                )
            )
    return items


def todo(person: Person, programme: Programme) -> list[Todo]:
    if ProgrammeRoleKind.REFERENT not in programme_roles(person, programme):
        return []
    waiting = sum(waiting_for_a_pair(programme, side).count() for side in (Side.HELPED, Side.PEER))
    items = []
    url = reverse("pairing:pairs", args=[programme.slug])
    if waiting:
        word = "personnes attendent" if waiting > 1 else "personne attend"
        items.append(Todo(f"{waiting} {word} un binôme", url, "Proposer un binôme", 20, Watched.WAITING))
    silent = quiet.to_hear_from(programme).count()
    if silent:
        word = "binômes sont" if silent > 1 else "binôme est"
        items.append(Todo(f"{silent} {word} sans nouvelles", url, "Prendre des nouvelles", 25, Watched.QUIET))
    return items


def spaces(person: Person) -> list[Link]:
    if Pair.objects.filter(referee=person).exists():
        return [Link("Mes binômes suivis", reverse("pairing:refereed"), 20)]
    return []


def navigation(space: Space) -> list[Link]:
    if space.key == "pilotage" and ProgrammeRoleKind.REFERENT in space.roles:
        slug = space.context.slug
        past = reverse("pairing:takeover", args=[slug])
        return [Link("Binômes", reverse("pairing:pairs", args=[slug]), 30, PARTICIPANTS, (past,))]
    return []


def paired(participations: list[Participation]) -> dict[int, dt.datetime]:
    """PAIRED hook: the latest pair of each."""
    running = PairMember.objects.filter(participation__in=participations, pair__state__in=RUNNING)
    return dict(running.order_by("pair__active_at").values_list("participation_id", "pair__active_at"))


def coming(participations: list[Participation]) -> dict[int, tuple[dt.datetime, bool]]:
    """COMING hook: proposed, or accepted by all and waiting for what the frame asks."""
    rows = PairMember.objects.filter(participation__in=participations, pair__state__in=NOT_BEGUN)
    values = rows.order_by("pair__proposed_at").values_list("participation_id", "pair__proposed_at", "pair__state")
    return {pk: (at, state == PairState.ACCEPTED) for pk, at, state in values}


def personal_data(person: Person) -> list[DataSet]:
    rows = []
    for pair in pairs_of(person).prefetch_related("members__person"):
        rows.append((f"Binôme avec {others(pair, person)}", pair.shown))
    meetings = Meeting.objects.filter(entered_by_ref=person.ref)
    rows += [("Rencontre notée par vous", day_in_words(meeting.on)) for meeting in meetings]
    return [DataSet("Mes binômes et rencontres", rows)] if rows else []


def criteria(step: Step) -> list[Criterion]:
    """Lines of the steps that supervision answers."""
    codes = [code for code in ("4-first-supervision", "5-supervisor-first") if code.startswith(f"{step.number}-")]
    ready = bool(codes) and has_supervision(step.programme)
    said = "engagé·e, avec une date" if ready else "pas encore de séance datée"
    return [Criterion(code, ready, said) for code in codes]


def milestones(programme: Programme) -> list[Milestone]:
    """The first meeting of all: a day, never whose."""
    first = Meeting.objects.filter(pair__programme=programme).aggregate(on=Min("on"))["on"]
    return [Milestone("Première rencontre", first, 20)]


def register_all() -> None:
    registry.register(registry.MILESTONE, milestones)
    registry.register(registry.CRITERION, criteria)
    registry.register(registry.CARD, cards)
    registry.register(registry.PAIRED, paired)
    registry.register(registry.COMING, coming)
    registry.register(registry.TODO, todo)
    registry.register(registry.SPACES, spaces)
    registry.register(registry.NAVIGATION, navigation)
    registry.register(registry.PERSONAL_DATA, personal_data)
    registry.register(registry.LEAVING, leave)
    registry.register(registry.CLEARED, cleared)
    life_hooks.register_all()
    run_hooks.register_all()
    supervision_hooks.register_all()
    wish_hooks.register_all()
