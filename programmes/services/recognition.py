"""Recognition, never automatic: one's own statement of hours, and a mention only on one's own written request.

The statement says a neutral title, hours granted by letters and training followed: nothing of anybody else. A mention
is asked for by the agent, dated and withdrawable; the référent reads where it is asked and marks it done.
"""

import datetime as dt
import uuid
from dataclasses import dataclass
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from portal import clock
from portal.dates import day_in_words, duration_in_words
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.jobs import Progress, handler
from portal.models import Employer, Job, Person, StoredDocument
from portal.pdf import in_print_shell, render_pdf
from portal.services import journal, mail
from programmes.enums import LetterKind, MentionPlace, Presence, SessionState, Side
from programmes.models import Letter, MentionRequest, Participation, TrainingSession
from programmes.services import training
from programmes.services.letter_life import months_in_force
from programmes.services.time_certificates import STATEMENT, awaited, keep, order

TITLE = "Relevé d’heures et de formation"


@dataclass(frozen=True)
class Granted:
    """One letter: its neutral title, its period up to today, hours a month and in all."""

    title: str
    starts: dt.date
    until: dt.date
    month: str
    total: int


class Statement:
    """What the page, layout/print.html and the body template read: the agent's own name, no other."""

    page_title = title = TITLE
    template = "programmes/statement_body.html"

    def __init__(self, participation: Participation) -> None:
        today = clock.today(participation.programme.time_zone)
        self.agent: str = participation.person.full_name
        self.employer: Employer = participation.employer
        self.made = day_in_words(today, weekday=False)
        self.letters = _granted(participation, today)
        sessions = TrainingSession.objects.filter(
            state=SessionState.HELD, attendances__participation=participation, attendances__presence=Presence.PRESENT
        )
        self.sessions = list(sessions.order_by("on", "pk").values_list("on", "minutes"))
        self.training_title = training.TITLE
        self.trained = sum(minutes for _, minutes in self.sessions)
        self.granted = sum(row.total for row in self.letters)
        self.period = self.made

    @property
    def empty(self) -> bool:
        return not self.letters and not self.sessions


def _granted(participation: Participation, today: dt.date) -> list[Granted]:
    """Letters that came into force, for the time they were: a part of a month counts by its days."""
    rows = Letter.objects.filter(
        participation=participation, kind=LetterKind.LETTER, in_force_at__isnull=False, starts__lte=today
    ).exclude(mission_title="")
    found = []
    for letter in rows.order_by("starts", "pk"):
        until = min(letter.last_day, today)
        minutes = round(letter.minutes_month * Fraction(months_in_force(letter, letter.starts, until)))
        month = duration_in_words(letter.minutes_month)
        found.append(Granted(letter.mission_title, letter.starts, until, month, minutes))
    return found


def may_be_stated(person: Person) -> QuerySet[Participation]:
    """One's own participations as a helper: whoever is helped has no mission to state."""
    mine = Participation.objects.filter(person=person, side=Side.HELPER, accepted_at__isnull=False)
    return mine.select_related("programme__lead_employer", "employer", "person")


@transaction.atomic
def ask_paper(*, participation: Participation, by: Person) -> StoredDocument:
    """Have one's own statement made as a PDF; nobody is told."""
    _own(participation, by)
    if Statement(participation).empty:
        raise DomainError("Il n’y a rien à relever pour l’instant.")
    today = clock.today(participation.programme.time_zone)
    return order(
        kind=STATEMENT,
        key=f"statement:{uuid.uuid4()}:{participation.pk}",
        label=f"{TITLE}, {day_in_words(today, weekday=False)}",
        filename=f"releve-{today.isoformat()}.pdf",
        person=by,
        employer=participation.employer,
        today=today,
    )


@handler(STATEMENT)
def make(job: Job, progress: Progress) -> None:
    """Render and store; a statement erased meanwhile, or of somebody who left, is not made."""
    found = awaited(job)
    if found is None:
        return
    document, person = found
    participation = may_be_stated(person).filter(pk=document.key.rsplit(":", 1)[1]).first()
    if participation is None:
        raise DomainError("Cette participation n’est plus la vôtre.")
    progress.step(1, 2)
    paper = Statement(participation)
    keep(document, render_pdf(in_print_shell(paper, paper.template, paper.employer.accent)))


# --- A mention, on written request -----------------------------------------------------------------------------------
def requests_of(participation: Participation) -> QuerySet[MentionRequest]:
    return MentionRequest.objects.filter(participation=participation)


@transaction.atomic
def ask_mention(*, participation: Participation, place: str, by: Person) -> MentionRequest:
    """The agent alone asks, place by place; asking twice is refused by the constraint."""
    _own(participation, by)
    if place not in MentionPlace.values:
        raise DomainError("Choisissez un endroit de la liste.", field="place")
    try:
        with transaction.atomic():
            row = MentionRequest.objects.create(participation=participation, place=place, asked_at=clock.now())
    except IntegrityError as error:
        raise DomainError("Cette mention est déjà demandée.", field="place") from error
    employer = participation.programme.lead_employer
    journal.log(actor=by, verb=Verb.CREATED, target=row, subject=by, employer=employer)
    return row


@transaction.atomic
def withdraw_mention(*, mention: MentionRequest, by: Person) -> None:
    """At any time, twice is once. Not done yet, it leaves no trace; done, the référent reads that it is to be removed."""
    _own(mention.participation, by)
    if MentionRequest.objects.filter(pk=mention.pk, done_at__isnull=True).delete()[0]:
        return
    rows = MentionRequest.objects.filter(pk=mention.pk, withdrawn_at__isnull=True)
    if rows.update(withdrawn_at=clock.now()):
        employer = mention.participation.programme.lead_employer
        journal.log(actor=by, verb=Verb.CHANGED, target=mention, subject=by, employer=employer)


@transaction.atomic
def mark_done(*, mention: MentionRequest, by: Person) -> None:
    """The référent: the mention is made, or is taken away again; the agent is told the first time."""
    participation = mention.participation
    if participation.person_id == by.pk:
        raise Refused("Cette demande est la vôtre : la personne suppléante s’en occupe.")
    if MentionRequest.objects.filter(pk=mention.pk, withdrawn_at__isnull=False).delete()[0]:
        return
    if not MentionRequest.objects.filter(pk=mention.pk, done_at__isnull=True).update(done_at=clock.now()):
        raise DomainError("Cette mention est déjà notée comme faite.")
    employer = participation.programme.lead_employer
    journal.log(actor=by, verb=Verb.CHANGED, target=mention, subject=participation.person, employer=employer)
    key = f"mention:{mention.ref}"
    mail.post(kind="programmes/answer", key=key, person=participation.person, object_ref=participation.ref)


def _own(participation: Participation, by: Person) -> None:
    if participation.person_id != by.pk:
        raise Refused("Seule la personne concernée peut faire cela.")
