"""The attestation of training: a neutral title, hours and dates, no module, no word on health (domain.md g)."""

import datetime as dt
import uuid
from dataclasses import dataclass

from portal import clock
from portal.dates import day_in_words
from portal.errors import DomainError
from portal.jobs import Progress, handler
from portal.models import Employer, Job, StoredDocument
from portal.pdf import in_print_shell, render_pdf
from programmes.enums import Presence, SessionState
from programmes.models import Participation, TrainingSession
from programmes.services import time_certificates, training

KIND = time_certificates.TRAINING


@dataclass(frozen=True)
class Paper:
    """What the page and the print shell read: the agent's own name and nobody else's."""

    agent: str
    employer: Employer
    minutes: int
    dates: list[dt.date]
    made: dt.date
    print: bool = False

    page_title = "Attestation de formation"
    title = training.TITLE
    template = "programmes/training_certificate_body.html"

    @property
    def period(self) -> str:
        return day_in_words(self.made, weekday=False)


def paper_of(part: Participation, *, print: bool = False) -> Paper:
    """What the sheets say of the sessions followed, today."""
    followed = TrainingSession.objects.filter(
        state=SessionState.HELD, attendances__participation=part, attendances__presence=Presence.PRESENT
    )
    return Paper(
        agent=part.person.full_name,
        employer=part.employer,
        minutes=training.minutes_followed([part])[part.pk][0],
        dates=list(followed.order_by("on", "pk").values_list("on", flat=True)),
        made=clock.today(part.programme.time_zone),
        print=print,
    )


def ask(*, participation: Participation) -> StoredDocument:
    """Have the PDF made, for its owner alone; no journal, nobody told."""
    paper = paper_of(participation)
    if not paper.dates:
        raise DomainError("L’attestation se remplit après votre première séance.")
    return time_certificates.order(
        kind=KIND,
        key=f"attestation:{uuid.uuid4()}:{participation.pk}",
        person=participation.person,
        employer=paper.employer,
        today=paper.made,
        label=f"{Paper.page_title}, {paper.period}",
        filename=f"attestation-{paper.made.isoformat()}.pdf",
    )


@handler(KIND)
def make(job: Job, progress: Progress) -> None:
    """Render and store; a paper erased meanwhile is not made."""
    found = time_certificates.awaited(job)
    if found is None:
        return
    document, person = found
    part = person.participations.select_related("programme__lead_employer", "employer", "person").filter(
        pk=document.key.split(":")[2]
    )
    if not part:
        return
    progress.step(1, 2)
    paper = paper_of(part[0], print=True)
    time_certificates.keep(document, render_pdf(in_print_shell(paper, Paper.template, paper.employer.accent)))
