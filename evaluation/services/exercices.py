"""Choosing the reporting period (decision 33)."""

import datetime as dt

from portal import clock
from portal.dates import span_in_words
from portal.errors import DomainError
from programmes.models import Exercice, Programme


def is_closed(exercice: Exercice) -> bool:
    """Whether its last day is behind us, where its employer lives."""
    return exercice.ends < clock.today(exercice.programme.time_zone)


def choose(
    *, programme: Programme, year: int | None = None, starts: dt.date | None = None, ends: dt.date | None = None
) -> Exercice:
    """The exercice meant: the one that starts in `year`, the one of exactly these dates, else the latest closed one."""
    exercices = list(programme.exercices.order_by("starts"))
    if not exercices:
        raise DomainError(f"Aucune période n’est déclarée pour « {programme.name} ».")
    if starts or ends:
        return _of_dates(exercices, starts, ends)
    if year is not None:
        return _of_year(exercices, year)
    closed = [exercice for exercice in exercices if is_closed(exercice)]
    if not closed:
        raise DomainError(f"Aucune période de « {programme.name} » n’est encore terminée.")
    return closed[-1]


def _of_dates(exercices: list[Exercice], starts: dt.date | None, ends: dt.date | None) -> Exercice:
    if not (starts and ends):
        raise DomainError("Donnez les deux dates, le début et la fin.")
    for exercice in exercices:
        if (exercice.starts, exercice.ends) == (starts, ends):
            return exercice
    raise DomainError(f"Ces dates ne sont celles d’aucune période déclarée. {_known(exercices)}")


def _of_year(exercices: list[Exercice], year: int) -> Exercice:
    found = [exercice for exercice in exercices if exercice.starts.year == year]
    if not found:
        raise DomainError(f"Aucune période déclarée ne commence en {year}. {_known(exercices)}")
    if len(found) > 1:
        raise DomainError(f"Plusieurs périodes commencent en {year} : donnez les deux dates. {_known(found)}")
    return found[0]


def _known(exercices: list[Exercice]) -> str:
    periods = " ; ".join(span_in_words(e.starts, e.ends) for e in exercices)
    return f"Périodes déclarées : {periods}."
