"""Problems of the organisation: raised by the référent without a name, answered by the employer, shown in the report."""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from pairing.enums import ProblemState
from pairing.models import Problem
from pairing.services.names import NAMED, names_one_of
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Employer, Person
from portal.services import journal
from portal.services.versions import save_if_unchanged
from programmes.models import Exercice, Programme

PATIENCE = dt.timedelta(days=30)


def refuse_names(programme: Programme, text: str) -> None:
    """For the référent's own sentences: they know who takes part. RH's are not compared, the answer would tell them."""
    if names_one_of(text, who_takes_part(programme)):
        raise DomainError(NAMED, field="title")


def who_takes_part(programme: Programme) -> list[tuple[str, str]]:
    """Given and family names, to be compared with."""
    known = programme.participations.filter(person__isnull=False)
    return list(known.values_list("person__given", "person__family"))


@transaction.atomic
def raise_problem(
    *,
    programme: Programme,
    category: str,
    kind: str,
    title: str,
    owner: str,
    by: Person,
    raised_on: dt.date | None = None,
) -> Problem:
    """RH read it at once."""
    today = clock.today(programme.time_zone)
    raised_on = raised_on or today
    if raised_on > today:
        raise DomainError("Cette date est à venir.", field="raised_on")
    refuse_names(programme, title)
    fields = {"category": category, "kind": kind, "title": title.strip(), "owner": owner, "raised_on": raised_on}
    row = Problem.objects.create(programme=programme, created_at=clock.now(), **fields)
    journal.log(actor=by, verb=Verb.CREATED, target=row, employer=programme.lead_employer)
    return row


@transaction.atomic
def answer(
    *,
    problem: Problem,
    seen: int,
    state: str,
    by: Person,
    on_behalf: bool,
    answer: str = "",
    due_on: dt.date | None = None,
) -> None:
    """The employer's answer, by RH or typed by the référent for them; said again, it is corrected."""
    if state not in (ProblemState.ACCEPTED, ProblemState.DECLINED, ProblemState.DONE):
        raise DomainError("Choisissez une réponse.", field="state")
    if state == ProblemState.ACCEPTED and due_on is None:
        raise DomainError("Une réponse acceptée a une date.", field="due_on")
    if on_behalf:
        try:
            refuse_names(problem.programme, answer)
        except DomainError as error:
            raise DomainError(NAMED, field="answer") from error
    today = clock.today(problem.programme.time_zone)
    problem.state, problem.answer, problem.on_behalf, problem.due_on = state, answer.strip(), on_behalf, due_on
    problem.answered_on = problem.answered_on or today
    problem.done_on = (problem.done_on or today) if state == ProblemState.DONE else None
    fields = ["state", "answer", "on_behalf", "due_on", "answered_on", "done_on"]
    save_if_unchanged(problem, seen=seen, fields=fields)
    journal.log(actor=by, verb=Verb.DECIDED, target=problem, employer=problem.programme.lead_employer)


def for_hr(employer: Employer) -> QuerySet[Problem]:
    """Those of the programmes the employer leads."""
    rows = Problem.objects.filter(programme__lead_employer=employer)
    return rows.select_related("programme__lead_employer").order_by("state", "raised_on", "pk")


def unanswered(programme: Programme) -> QuerySet[Problem]:
    return programme.problems.filter(state=ProblemState.RAISED)


def waiting_long(programme: Programme) -> QuerySet[Problem]:
    return unanswered(programme).filter(raised_on__lte=clock.today(programme.time_zone) - PATIENCE)


def of_exercice(exercice: Exercice) -> QuerySet[Problem]:
    """Raised during the exercice, or before it and not answered when it began."""
    rows = exercice.programme.problems.filter(raised_on__lte=exercice.ends)
    return rows.exclude(raised_on__lt=exercice.starts, answered_on__lt=exercice.starts)
