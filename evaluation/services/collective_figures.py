"""Counting the open community and the dated collective times: whole-programme volumes only, never a split (decision 21).

The portal keeps no employer of a member, and no list of who came: these figures cannot be cut.
"""

from django.db.models import Q, Sum

from evaluation.disclosure.figures import NOT_APPLICABLE
from evaluation.disclosure.rules import Basis
from evaluation.services.counts import Count, bounds, people_units
from programmes.enums import OPEN_DOORS, SessionState
from programmes.models import Exercice, Gathering, Membership, Participation


def concerns(exercice: Exercice) -> bool:
    """Whether the programme has an open form, or held a collective time: reads acts, never people."""
    return _open(exercice) or _held(exercice).exists()


def collect(exercice: Exercice) -> dict[str, Count | str]:
    """P02 members, E09N collective times held, E09 presences, on everybody who could have come."""
    held = _held(exercice)
    members = _members(exercice)
    able = set(members) | set(participants(exercice))
    came = held.aggregate(total=Sum("attended"))["total"] or 0
    basis = Basis(people=vouched(able))
    return {
        "P02": _heads(members) if _open(exercice) else NOT_APPLICABLE,
        "E09N": Count(held.count(), Basis()),
        "E09": Count(came, basis, people_units(ref for ref, _ in able)),
    }


def _open(exercice: Exercice) -> bool:
    return bool(set(exercice.programme.forms) & set(OPEN_DOORS))


def _held(exercice: Exercice):
    start, end = bounds(exercice)
    rows = Gathering.objects.filter(programme=exercice.programme, state=SessionState.HELD)
    return rows.filter(starts_at__gte=start, starts_at__lt=end)


def _members(exercice: Exercice) -> list[tuple]:
    """(reference, login) of whoever was a member for at least a day of it; nothing of somebody erased but a row."""
    rows = Membership.objects.filter(programme=exercice.programme, joined_at__lt=bounds(exercice)[1])
    lived = rows.filter(Q(left_on__isnull=True) | Q(left_on__gte=exercice.starts))
    return list(lived.order_by("pk").values_list("person__ref", "person__user_id"))


def participants(exercice: Exercice) -> list[tuple]:
    """(reference, login) of whoever took part for at least a day of it."""
    start, end = bounds(exercice)
    rows = Participation.objects.filter(programme=exercice.programme, received_at__lt=end, person__isnull=False)
    lived = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=start.date()))
    return list(lived.order_by("pk").values_list("person__ref", "person__user_id"))


def vouched(rows) -> int:
    """How many different people of these rows an account vouches for (decision 47)."""
    return len({ref for ref, user in rows if ref and user})


def _heads(rows: list[tuple]) -> Count:
    """Different people; whoever was in two forms counts once, whoever was erased counts by their row."""
    known = {ref for ref, _ in rows if ref}
    total = len(known) + sum(ref is None for ref, _ in rows)
    return Count(total, Basis(people=vouched(rows), units=total), people_units(known))
