"""The frame of supervision: its rhythm, how many helpers for each supervisor, since when somebody was at none, its cost.

Dates of presences are the référent's to read (domain.md b.2). That a long time went by is said to the person first.
"""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.db.models.functions import Coalesce

from pairing.enums import SupervisionKind
from pairing.models import SupervisionAttendance, SupervisionSession, SupervisionSetting
from pairing.services import supervision
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from portal.services.versions import save_if_unchanged
from programmes.enums import ExpenseLine, Presence, SessionState
from programmes.models import Expense, Participation, Programme
from programmes.services import expenses

FIRST = dt.timedelta(days=7)  # the helper alone reads it
FIELDS = (
    *("group_weeks", "group_minutes", "intervision_weeks", "intervision_minutes"),
    *("logistic_weeks", "logistic_minutes", "helpers_each", "without_days"),
)


# --- Rhythm -----------------------------------------------------------------------------------------------------------
def setting_of(programme: Programme) -> SupervisionSetting:
    """The programme's own, or the usual one, unsaved."""
    return SupervisionSetting.objects.filter(programme=programme).first() or SupervisionSetting(programme=programme)


@transaction.atomic
def change(*, programme: Programme, seen: int, by: Person, **values) -> None:
    """Raises Conflict when somebody else changed it meanwhile."""
    if set(values) - set(FIELDS):
        raise DomainError("Ce réglage n’existe pas.")
    row, _ = SupervisionSetting.objects.get_or_create(programme=programme)
    for name, value in values.items():
        setattr(row, name, value)
    save_if_unchanged(row, seen=seen, fields=list(values))
    journal.log(actor=by, verb=Verb.CHANGED, target=programme, employer=programme.lead_employer)


# --- Who supervises how many ------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Ratio:
    helpers: int
    supervisors: int
    most: int

    @property
    def each(self) -> int:
        """Helpers for one supervisor, rounded up."""
        return -(-self.helpers // self.supervisors) if self.supervisors else 0

    @property
    def too_many(self) -> bool:
        return self.each > self.most


def ratio(programme: Programme) -> Ratio:
    today = clock.today(programme.time_zone)
    engaged = programme.supervisors.filter(engaged_on__lte=today).exclude(ended_on__lt=today)
    return Ratio(supervision.supervised(programme).count(), engaged.count(), setting_of(programme).helpers_each)


# --- Since when -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Last:
    """The last group session somebody was at; `day` None when there was none. `days`: since then, or since the mission began."""

    participation: Participation
    day: dt.date | None
    days: int


def _lasts(rows: QuerySet[Participation]) -> list[Last]:
    came = (
        SupervisionAttendance.objects.filter(
            participation__in=rows.values("pk"),
            session__kind=SupervisionKind.GROUP,
            session__state=SessionState.HELD,
            presence=Presence.PRESENT,
        )
        .values("participation")
        .annotate(last=Max("session__starts_at"))
        .values_list("participation", "last")
    )
    begun = (
        Participation.objects.filter(pk__in=rows.values("pk"))
        .annotate(first=Coalesce(Min("memberships__pair__all_yes_at"), Min("letters__in_force_at")))
        .values_list("pk", "first")
    )
    came, begun, found = dict(came), dict(begun), []
    for row in rows.select_related("person", "programme__lead_employer"):
        zone, today = clock.ZoneInfo(row.programme.time_zone), clock.today(row.programme.time_zone)
        day = came[row.pk].astimezone(zone).date() if row.pk in came else None
        counted = day or (begun[row.pk].astimezone(zone).date() if begun.get(row.pk) else today)
        found.append(Last(row, day, (today - counted).days))
    return sorted(found, key=lambda one: -one.days)


def without(programme: Programme, but: Person) -> list[Last]:
    """Those the référent may read as « sans supervision depuis longtemps » : they have read it for a week."""
    limit = setting_of(programme).without_days + FIRST.days
    rows = supervision.supervised(programme).exclude(person=but)
    return [one for one in _lasts(rows) if one.days >= limit]


def own_without(person: Person) -> bool:
    """Whether `person` was at no group session for too long, somewhere."""
    mine = _lasts(supervision.in_mission().filter(person=person))
    own = SupervisionSetting.objects.filter(programme__in=[one.participation.programme_id for one in mine])
    limits, usual = dict(own.values_list("programme", "without_days")), SupervisionSetting().without_days
    return any(one.days >= limits.get(one.participation.programme_id, usual) for one in mine)


# --- Cost -------------------------------------------------------------------------------------------------------------
@transaction.atomic
def note_cost(
    *, session: SupervisionSession, cents: int, by: Person, financed_cents: int = 0, piece: str = ""
) -> Expense:
    """What a group session cost: an expense of the programme, on the day of the session. Corrected there."""
    programme = session.programme
    if session.kind != SupervisionKind.GROUP or session.state != SessionState.HELD:
        raise DomainError("Le coût se note d’une séance de groupe tenue.")
    if SupervisionSession.objects.filter(pk=session.pk, expense__isnull=False).exists():
        raise DomainError("Le coût de cette séance est déjà noté : il se corrige parmi les dépenses.")
    expense = expenses.add(
        programme=programme,
        employer=programme.lead_employer,
        by=by,
        on=session.starts_at.astimezone(clock.ZoneInfo(programme.time_zone)).date(),
        line=ExpenseLine.SUPERVISION,
        cents=cents,
        financed_cents=financed_cents,
        piece=piece,
    )
    SupervisionSession.objects.filter(pk=session.pk, expense__isnull=True).update(expense=expense)
    session.expense = expense
    return expense
