"""« Nouvelles » : what the outbox says to somebody, read in the portal; how they prefer to be told.

A piece of news is a row of the outbox whose kind has a sentence (`mail.content`): there is no second table. It is listed
for NEWS_DAYS, whether a message left or not.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from portal import clock
from portal.enums import AT_ONCE_TOPICS, CHOSEN_TOPICS, JobState, MailState, NewsWay
from portal.errors import DomainError
from portal.models import Employer, Job, NewsPreference, OutgoingMail, Person
from portal.services import jobs, mail

NEWS_DAYS = 60
LISTED = 200


def of(person: Person) -> QuerySet[OutgoingMail]:
    """Newest first."""
    since = clock.now() - dt.timedelta(days=NEWS_DAYS)
    told = [kind for kind, about in mail.KINDS.items() if about.topic]
    return OutgoingMail.objects.filter(person=person, kind__in=told, created_at__gte=since).order_by(
        "-created_at", "-pk"
    )


def unread(person: Person) -> int:
    return of(person).filter(read_at=None).count()


def listed(person: Person) -> list[dict]:
    return [{"row": row, "said": mail.KINDS[row.kind].said} for row in of(person)[:100]]


@transaction.atomic
def open_one(*, person: Person, ref: UUID) -> str | None:
    """Read now; where it leads. None when it is no news of this person."""
    row = of(person).filter(ref=ref).first()
    if row is None:
        return None
    OutgoingMail.objects.filter(pk=row.pk, read_at=None).update(read_at=clock.now())
    return mail.path_of(row)


def read_all(*, person: Person) -> int:
    return of(person).filter(read_at=None).update(read_at=clock.now())


# --- Preferences ------------------------------------------------------------------------------------------------------
def preferences(person: Person) -> dict[str, str]:
    found = dict(NewsPreference.objects.filter(person=person).values_list("topic", "way"))
    return {topic: found.get(topic, NewsWay.GROUPED) for topic in CHOSEN_TOPICS}


@transaction.atomic
def prefer(*, person: Person, ways: dict[str, str]) -> None:
    for topic, way in ways.items():
        if topic not in CHOSEN_TOPICS or way not in NewsWay.values:
            raise DomainError("Choisissez une des réponses proposées.")
        if way == NewsWay.AT_ONCE and topic not in AT_ONCE_TOPICS:
            raise DomainError("Ces nouvelles ne sont pas envoyées une par une.", field=topic)
        NewsPreference.objects.update_or_create(person=person, topic=topic, defaults={"way": way})


# --- For somebody who has no address ----------------------------------------------------------------------------------
def on_paper(person: Person) -> list[OutgoingMail]:
    """Neutral news to hand over, for somebody who cannot be written to: never what they say."""
    if mail.reaches(person):
        return []
    told = [kind for kind, about in mail.KINDS.items() if about.paper]
    return list(of(person).filter(kind__in=told, read_at=None))


def to_hand_over(people: QuerySet[Person]) -> QuerySet[Person]:
    """Those of `people` who cannot be written to and have neutral news to be given by hand."""
    told = [kind for kind, about in mail.KINDS.items() if about.paper]
    since = clock.now() - dt.timedelta(days=NEWS_DAYS)
    waiting = OutgoingMail.objects.filter(kind__in=told, read_at=None, created_at__gte=since)
    return people.filter(user=None, notify_email="", pk__in=waiting.values("person"))


@transaction.atomic
def handed(*, person: Person) -> int:
    """They were given the paper."""
    return OutgoingMail.objects.filter(pk__in=[row.pk for row in on_paper(person)]).update(read_at=clock.now())


# --- For the administrator --------------------------------------------------------------------------------------------
def undelivered(employer: Employer) -> list[dict]:
    """Messages of this employer that did not leave: a code or a message, its day, why; neither who nor where.

    The minute of an alert is nobody's business: a message is listed from the day after, in no order within its day
    (it tries again by itself meanwhile), a code at once.
    """
    rows = mail.of_employer(employer).filter(mail.OF_ACCOUNTS | Q(created_at__lt=_known_until(employer)))
    failed = list(rows.filter(state=MailState.FAILED).order_by("-created_at")[:LISTED])
    jobs_of = {
        job.object_ref: job for job in Job.objects.filter(kind="portal.mail", object_ref__in=[r.ref for r in failed])
    }
    found = [
        {
            "ref": row.ref,
            "account": mail.is_of_account(row.kind),
            "day": row.created_at.astimezone(clock.ZoneInfo(employer.time_zone)).date(),
            "why": jobs_of[row.ref].error if row.ref in jobs_of else "",
        }
        for row in failed
    ]
    found.sort(key=lambda one: one["ref"])
    return sorted(found, key=lambda one: one["day"], reverse=True)


def _known_until(employer: Employer) -> dt.datetime:
    """The beginning of today; an hour into the day still yesterday's, so that the last attempts are over."""
    zone = clock.ZoneInfo(employer.time_zone)
    return clock.midnight((clock.now() - dt.timedelta(hours=1)).astimezone(zone).date(), employer.time_zone)


@transaction.atomic
def send_again(*, employer: Employer, ref: UUID) -> bool:
    """Try once more; False when there is no such failure of this employer."""
    row = mail.of_employer(employer).filter(ref=ref, state=MailState.FAILED).first()
    job = Job.objects.filter(kind="portal.mail", object_ref=ref).first()
    if row is None or job is None:
        return False
    if job.state == JobState.FAILED:
        OutgoingMail.objects.filter(pk=row.pk).update(state=MailState.QUEUED)
        jobs.retry(job=job)
    return True
