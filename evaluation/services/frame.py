"""Counting what the frame of a programme holds: letters, charter, training, supervision, deviations."""

from collections.abc import Iterable
from uuid import UUID

from evaluation.disclosure.figures import NOT_APPLICABLE, WITHHELD
from evaluation.disclosure.rules import MIN_PAIRS, Basis
from evaluation.indicators import CADENCE_DAYS
from evaluation.services.counts import Count, Member, bounds, eligible_pairs, members_of, pairs_at_the_end, people_units
from pairing.enums import Part, SupervisionKind
from pairing.models import SupervisionAttendance, SupervisionSession, SupervisorEngagement
from portal.dates import day_in_words
from programmes.enums import OPEN_DOORS, Decision, LetterKind, Presence, SessionState, Side
from programmes.models import (
    CharterAcceptance,
    CharterVersion,
    Deviation,
    Exercice,
    Letter,
    Readiness,
    TrainingAttendance,
    TrainingSession,
)
from programmes.services.letter_life import months_in_force

# Those whose hours count: a course for the team or for managers, or open to everybody, adds none.
TRAINED = (Side.HELPER, Side.PEER)
NO_CHARTER = "pas encore en vigueur"


def collect(exercice: Exercice) -> dict[str, Count | str]:
    """Indicators of the frame; one that the programme does not hold in the portal is left out."""
    members = members_of(pairs_at_the_end(exercice).values_list("pk", flat=True))
    return {
        **_letters(exercice, members),
        **_charter(exercice, members),
        **_training(exercice, members),
        **_supervision(exercice),
    }


def _letters(exercice: Exercice, members: list[Member]) -> dict[str, Count | str]:
    """Said of letters whether or not there is one: « none yet » and « one or two » read the same."""
    letters = list(
        Letter.objects.filter(programme=exercice.programme, in_force_at__lt=bounds(exercice)[1]).select_related(
            "participation__person"
        )
    )
    supporters = [m for m in members if m.part != Part.HELPED]
    bound = {letter.participation_id for letter in letters if letter.starts <= exercice.ends <= letter.last_day}
    # An engagement between peers gives no hours: whoever holds one counts towards no threshold of the hours.
    hours = [letter for letter in letters if letter.kind == LetterKind.LETTER]
    overlapping = [letter for letter in hours if months_in_force(letter, exercice.starts, exercice.ends)]
    people = {letter.participation.person for letter in overlapping if letter.participation.person}
    minutes = sum(
        letter.minutes_month * months_in_force(letter, exercice.starts, exercice.ends) for letter in overlapping
    )
    time = Basis(people=sum(bool(person.user_id) for person in people))
    return {
        "C01": _state(exercice, supporters, bound),
        "C03": Count(round(minutes), time, people_units(person.ref for person in people)),
    }


def _few(exercice: Exercice, members: list[Member]) -> bool:
    """Whether too few pairs live at the end to say anything of them: of one or two in all, not even that none is left.

    Where enough lived in the exercice, « none left » speaks of all of them.
    """
    left = len({m.pair for m in members})
    in_pairs = bool(set(exercice.programme.forms) - set(OPEN_DOORS))
    return in_pairs and left < MIN_PAIRS and (left > 0 or eligible_pairs(exercice).count() < MIN_PAIRS)


def _state(exercice: Exercice, members: list[Member], up_to_date: set[int]) -> Count | str:
    """« À jour » or « en cours », of those who are still known; without anybody concerned, no object."""
    if _few(exercice, members):
        return WITHHELD
    if not members:
        return NOT_APPLICABLE
    basis = Basis(people=len({m.person for m in members if m.vouched}), pairs=len({m.pair for m in members}))
    known = {m.participation for m in members if m.participation}
    return Count(int(known <= up_to_date), basis, people_units(m.person for m in members))


def _charter(exercice: Exercice, members: list[Member]) -> dict[str, Count | str]:
    version = charter_in_force(exercice)
    if version is None:
        return {}
    accepted = set(
        CharterAcceptance.objects.filter(version=version, at__lt=bounds(exercice)[1]).values_list(
            "participation", flat=True
        )
    )
    return {"C02": _state(exercice, members, accepted)}


def charter_in_force(exercice: Exercice) -> CharterVersion | None:
    """The version in force on the last day of the exercice."""
    versions = CharterVersion.objects.filter(programme=exercice.programme, in_force_on__lte=exercice.ends)
    return versions.order_by("-in_force_on", "-number").first()


def _training(exercice: Exercice, members: list[Member]) -> dict[str, Count | str]:
    sessions = TrainingSession.objects.filter(programme=exercice.programme, on__lte=exercice.ends)
    if not sessions.exists():
        return {}
    rows = TrainingAttendance.objects.filter(
        session__programme=exercice.programme,
        session__state=SessionState.HELD,
        session__on__range=(exercice.starts, exercice.ends),
        presence=Presence.PRESENT,
        participation__side__in=TRAINED,
    ).values_list("session__minutes", "participation__person__ref")
    helpers = [m for m in members if m.part == Part.HELPER]
    ready = set(
        Readiness.objects.filter(
            participation__in=[m.participation for m in helpers if m.participation],
            decision=Decision.READY,
            decided_on__lte=exercice.ends,
        ).values_list("participation", flat=True)
    )
    people = {m.person or rank: m for rank, m in enumerate(helpers)}
    return {
        "D01": Count(round(sum(minutes for minutes, _ in rows) / 60), Basis(), people_units(ref for _, ref in rows)),
        "D02": Count(
            sum(m.participation in ready for m in people.values()),
            Basis(sum(m.vouched for m in people.values()), len({m.pair for m in helpers}), len(people)),
            people_units(m.person for m in helpers),
        ),
    }


def _supervision(exercice: Exercice) -> dict[str, Count | str]:
    engaged = list(_engaged(exercice))
    if not engaged:
        return {}
    start, end = bounds(exercice)
    held = SupervisionSession.objects.filter(
        programme=exercice.programme,
        kind=SupervisionKind.GROUP,
        state=SessionState.HELD,
        starts_at__gte=start,
        starts_at__lt=end,
    )
    sessions = held.count()
    return {
        "H01": Count(sessions, Basis()),
        "H02": Count(len(engaged), Basis()),
        "H03": _cadence(exercice, engaged, sessions),
        "E08": _presences(exercice, held) if sessions else NOT_APPLICABLE,
    }


def _presences(exercice: Exercice, held) -> Count:
    rows = SupervisionAttendance.objects.filter(session__in=held).values_list(
        "presence", "participation__person__ref", "participation__person__user_id"
    )
    basis = Basis(_vouched(rows), eligible_pairs(exercice).count(), len(rows))
    present = sum(presence == Presence.PRESENT for presence, *_ in rows)
    return Count(present, basis, people_units(ref for _, ref, _ in rows))


def _vouched(rows: Iterable[tuple[str, UUID | None, int | None]]) -> int:
    return len({ref for _, ref, user in rows if ref and user})


def _engaged(exercice: Exercice):
    rows = SupervisorEngagement.objects.filter(programme=exercice.programme, engaged_on__lte=exercice.ends)
    return rows.exclude(ended_on__lt=exercice.starts)


def _cadence(exercice: Exercice, engaged: list[SupervisorEngagement], sessions: int) -> Count | str:
    """Reads acts only: since when somebody is engaged, and how many sessions were held."""
    first = max(min(one.engaged_on for one in engaged), exercice.starts)
    last = min(max(one.ended_on or exercice.ends for one in engaged), exercice.ends)
    expected = ((last - first).days + 1) // CADENCE_DAYS
    return Count(int(sessions >= expected), Basis()) if expected else NOT_APPLICABLE


def charter_line(exercice: Exercice) -> str:
    version = charter_in_force(exercice)
    if version is None:
        return NO_CHARTER
    return f"version {version.number}, en vigueur depuis le {day_in_words(version.in_force_on, weekday=False)}"


def deviations(exercice: Exercice) -> list[dict[str, str]]:
    """Departures from the frame, dated, with their reason: acts of the organisation, never about a person."""
    start, end = bounds(exercice)
    zone = start.tzinfo
    rows = Deviation.objects.filter(programme=exercice.programme, at__gte=start, at__lt=end).order_by("at", "pk")
    return [{"on": f"{row.at.astimezone(zone).date()}", "what": row.what, "reason": row.reason} for row in rows]
