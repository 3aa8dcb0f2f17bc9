"""Two sessions missed in a row: said to the helper first, a week later an invitation to the référent (domain.md h.3).

Read from presences, stored nowhere: no score, no reason, nothing left once somebody came or a month has gone by.
"""

import datetime as dt

from django.db.models import QuerySet

from pairing.enums import SupervisionKind
from pairing.models import SupervisionAttendance
from pairing.services import supervision
from portal import clock
from portal.models import Person
from programmes.enums import Presence, SessionState
from programmes.models import Participation, Programme

MISSED = 2
ALONE = dt.timedelta(days=7)  # the helper alone reads it
INVITED = dt.timedelta(days=30)  # then the référent, for so long
YEAR = dt.timedelta(days=365)


def own(person: Person) -> bool:
    """Whether `person` missed the last two sessions of a programme where they are expected."""
    rows = SupervisionAttendance.objects.filter(
        participation__person=person, participation__programme__in=supervision.programmes_of(person).values("pk")
    )
    return bool(_missed(rows))


def to_invite(programme: Programme, but: Person) -> list[Participation]:
    """Whom the référent may offer a talk to: helpers in a mission who have known for a week, never the reader."""
    rows = SupervisionAttendance.objects.filter(participation__in=supervision.supervised(programme).values("pk"))
    now = clock.now()
    return [
        participation
        for participation, since in _missed(rows.exclude(participation__person=but))
        if ALONE <= now - since < ALONE + INVITED
    ]


def _missed(rows: QuerySet[SupervisionAttendance]) -> list[tuple[Participation, dt.datetime]]:
    """(whose last two presences are none, since when that is noted), by the order of their last session."""
    held = rows.filter(
        session__kind=SupervisionKind.GROUP,
        session__state=SessionState.HELD,
        session__starts_at__gte=clock.now() - YEAR,
    )
    last: dict[Participation, list[SupervisionAttendance]] = {}
    for row in held.select_related("participation__person").order_by("-session__starts_at", "-session__pk", "pk"):
        mine = last.setdefault(row.participation, [])
        if len(mine) < MISSED:
            mine.append(row)
    return [
        (participation, max(row.noted_at for row in mine))
        for participation, mine in last.items()
        if len(mine) == MISSED and all(row.presence != Presence.PRESENT for row in mine)
    ]
