"""Money spent on a programme, by one of its employers: lines, totals, what the FIPHFP finances. In euro cents."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Employer, Person
from portal.services import journal
from portal.services.versions import save_if_unchanged
from programmes.enums import ExpenseLine, ProgrammeState
from programmes.models import Expense, Programme

FIELDS = ("on", "line", "cents", "financed_cents", "piece")


@dataclass(frozen=True)
class Totals:
    """Cents: `spent`, what of it is `financed`, and `lines` (label, spent, financed)."""

    spent: int
    financed: int
    lines: list[tuple[str, int, int]]

    @property
    def left(self) -> int:
        """What the employer itself bears."""
        return self.spent - self.financed


def programmes_of(employer: Employer) -> QuerySet[Programme]:
    """Programmes in which this employer spends: its own, and those it shares or shared."""
    mine = Programme.objects.filter(Q(lead_employer=employer) | Q(partners__employer=employer))
    return mine.exclude(state=ProgrammeState.REFERENCE).distinct().order_by("name", "pk")


def totals(expenses: QuerySet[Expense]) -> Totals:
    """Sums of rows that the reader may open one by one (decision 41)."""
    by_line: dict[str, tuple[int, int]] = {}
    for line, cents, financed in expenses.values_list("line", "cents", "financed_cents"):
        before = by_line.get(line, (0, 0))
        by_line[line] = (before[0] + cents, before[1] + financed)
    lines = [(label, *by_line[line]) for line, label in ExpenseLine.choices if line in by_line]
    return Totals(sum(spent for _, spent, _ in lines), sum(financed for *_, financed in lines), lines)


def _check(programme: Programme, *, on: dt.date, line: str, cents: int, financed_cents: int) -> None:
    if on > clock.today(programme.time_zone):
        raise DomainError("Cette date n’est pas encore passée.", field="on")
    if line not in ExpenseLine.values:
        raise DomainError("Choisissez une ligne.", field="line")
    if cents <= 0:
        raise DomainError("Une dépense est d’au moins un centime.", field="cents")
    if financed_cents > cents:
        raise DomainError("Le financement ne dépasse pas la dépense.", field="financed_cents")


@transaction.atomic
def add(
    *,
    programme: Programme,
    employer: Employer,
    by: Person | None,
    on: dt.date,
    line: str,
    cents: int,
    financed_cents: int = 0,
    piece: str = "",
) -> Expense:
    """One expense of one employer of the programme."""
    if not programmes_of(employer).filter(pk=programme.pk).exists():
        raise DomainError("Cet employeur n’est pas dans ce programme.", field="programme")
    _check(programme, on=on, line=line, cents=cents, financed_cents=financed_cents)
    expense = Expense.objects.create(
        programme=programme,
        employer=employer,
        on=on,
        line=line,
        cents=cents,
        financed_cents=financed_cents,
        piece=piece,
    )
    journal.log(actor=by, verb=Verb.CREATED, target=expense, employer=employer)
    return expense


@transaction.atomic
def change(*, expense: Expense, by: Person, seen: int, **values) -> None:
    """Correct date, line, amounts or piece; raises Conflict if changed meanwhile."""
    _check(expense.programme, **{name: values[name] for name in FIELDS if name != "piece"})
    for name in FIELDS:
        setattr(expense, name, values[name])
    save_if_unchanged(expense, seen=seen, fields=list(FIELDS))
    journal.log(actor=by, verb=Verb.CHANGED, target=expense, employer=expense.employer)


@transaction.atomic
def remove(*, expense: Expense, by: Person) -> None:
    """Entered by mistake: gone for good."""
    journal.log(actor=by, verb=Verb.CHANGED, target=expense, employer=expense.employer)
    expense.delete()
