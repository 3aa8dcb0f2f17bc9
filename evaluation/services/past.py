"""What the référent declared of the time before the portal (« reprise de l’existant »): its own lines, never mixed.

A pair counts in every exercice it lived in, here or among the pairs of the portal and never in both, so that no
subtraction tells how many are new. Its declared meetings have no dates of their own: they count once, in the exercice
where the declared time ends (the pair's end, or the day it was entered).
"""

from evaluation.disclosure.rules import MIN_PAIRS, Basis
from evaluation.services.counts import PAIR, Count, bounds, day_of, eligible_pairs, lived_pairs, members_of
from pairing.models import Pair
from programmes.models import Exercice


def concerns(exercice: Exercice) -> bool:
    """Whether enough pairs from before the portal were entered after this exercice began: one or two read as none."""
    entered = Pair.objects.filter(programme=exercice.programme, declared_meetings__isnull=False)
    return entered.filter(proposed_at__gte=bounds(exercice)[0]).count() >= MIN_PAIRS


def collect(exercice: Exercice) -> dict[str, Count]:
    """R01 the pairs declared that the portal could not count, R02 what was declared; the rules of any other figure."""
    counted = set(eligible_pairs(exercice).values_list("pk", flat=True))
    rows = (
        lived_pairs(exercice)
        .filter(declared_meetings__isnull=False, proposed_at__gte=bounds(exercice)[0])
        .values_list("pk", "ref", "declared_meetings", "proposed_at", "ended_on")
    )
    pairs, ending = [], []
    for pk, ref, meetings, entered, ended in rows:
        if pk not in counted:
            pairs.append((pk, ref, 1))
        last = min(ended or day_of(exercice, entered), day_of(exercice, entered))
        if exercice.starts <= last <= exercice.ends:
            ending.append((pk, ref, meetings))
    return {"R01": _count(pairs), "R02": _count(ending)}


def _count(pairs: list[tuple]) -> Count:
    """The sum of the third column, fed by these pairs."""
    people = {member.person for member in members_of(pk for pk, *_ in pairs) if member.vouched}
    basis = Basis(people=len(people), pairs=len(pairs), units=len(pairs))
    return Count(sum(value for *_, value in pairs), basis, frozenset((PAIR, ref) for _, ref, _ in pairs))
