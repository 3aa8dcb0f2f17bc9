"""A mail is a row of kind and references, rendered when it is sent (decision 6).

Templates: `emails/<app>/<kind>_subject.txt` and `_body.txt` for kind « app/kind ». Context builders are registered with
`@content("app/kind")` and get the row; what they return must hold no health word, no colleague's name: a subject is read
by passers-by. A secret (a code, a link) travels in `payload`, sealed, wiped once sent.
"""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse

from portal import clock, hours, registry
from portal.access import zone_of
from portal.enums import JobState, MailState, NewsWay, Topic
from portal.errors import DomainError
from portal.jobs import Later, Progress, handler, in_simulated_past
from portal.models import EmailDomain, Employer, Job, NewsPreference, OutgoingMail, Person
from portal.registry import Reach
from portal.services import jobs

DIGEST = "portal/digest"
TRY_DAYS = 3


@dataclass(frozen=True)
class Kind:
    """What is known of a kind. Without a topic it is no news: a link or a code, sent by itself.

    said    what the list of news says, neutral
    paper   the référent of somebody without address may hand it over: nothing they do not know
    """

    topic: Topic | None = None
    said: str = ""
    paper: bool = False


KINDS: dict[str, Kind] = {}
_contents: dict[str, Callable] = {}


def content(kind: str, topic: Topic | None = None, said: str = "", *, paper: bool = False) -> Callable:
    """Register a kind and its context builder: `def context(mail: OutgoingMail) -> dict`."""
    KINDS[kind] = Kind(topic, said, paper)

    def register(function: Callable) -> Callable:
        _contents[kind] = function
        return function

    return register


@transaction.atomic
def post(
    *,
    kind: str,
    key: str,
    person: Person | None = None,
    address: str = "",
    object_ref: UUID | None = None,
    secret: dict | None = None,
    asked: bool = False,
    employer: Employer | None = None,
) -> OutgoingMail:
    """Write the mail called `key` (once, however often it is asked for) and have it sent after commit.

    `asked`: the person chose to be written to that day, for that; see Reach.

    A person without any address gets the row all the same: news wait in the portal, anything else fails with a reason
    the référent can act on. `employer`: of an address given by itself. In a simulated past it is held to have left at once.
    """
    own = {**(secret or {}), "asked": True} if asked else secret
    state = MailState.QUEUED if secret or asked or address else _state_of(kind, person)
    mail, new = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "person": person,
            "address": address,
            "object_ref": object_ref,
            "payload": json.dumps(own) if own else "",
            "state": state,
            "employer": employer,
            "created_at": clock.now(),
        },
    )
    if new and state == MailState.QUEUED and in_simulated_past():
        settle = mark_sent if may_leave(mail) and (address or reaches(person)) else keep
        settle(mail=mail)
    elif new and state == MailState.QUEUED:
        jobs.enqueue_new(kind="portal.mail", key=f"mail:{mail.ref}", object_ref=mail.ref, run_after=_leaves_at(mail))
    elif new and state == MailState.WAITING:
        _join_daily(person)
    return mail


# --- When, and in which message ---------------------------------------------------------------------------------------
def _state_of(kind: str, person: Person | None) -> MailState:
    """A piece of news leaves by itself, with those of the day, or not at all."""
    topic = KINDS.get(kind, Kind()).topic
    if topic is None or person is None or topic == Topic.SAFETY:
        return MailState.QUEUED
    chosen = NewsPreference.objects.filter(person=person, topic=topic).values_list("way", flat=True).first()
    if chosen == NewsWay.PORTAL or not reaches(person):
        return MailState.KEPT
    at_once = chosen == NewsWay.AT_ONCE or settings.MAIL_AT_ONCE or in_simulated_past()
    return MailState.QUEUED if at_once else MailState.WAITING


def _any_hour(mail: OutgoingMail) -> bool:
    """What somebody asked for at their screen or for that day, and what touches safety, do not wait for the morning."""
    if settings.MAIL_AT_ONCE or is_of_account(mail.kind):
        return True
    return KINDS.get(mail.kind, Kind()).topic == Topic.SAFETY or _was_asked(mail)


def _leaves_at(mail: OutgoingMail) -> dt.datetime:
    return clock.now() if _any_hour(mail) else hours.next_open(clock.now(), zone_of(mail.person))


def _was_asked(mail: OutgoingMail) -> bool:
    return bool(mail.payload) and json.loads(mail.payload.open(mail.ref)).get("asked", False)


def _join_daily(person: Person) -> None:
    """The next message of the day, written once for each day."""
    zone = zone_of(person)
    at = hours.next_daily(clock.now(), zone)
    day = at.astimezone(clock.ZoneInfo(zone)).date()
    daily, new = OutgoingMail.objects.get_or_create(
        key=f"digest:{person.ref}:{day}", defaults={"kind": DIGEST, "person": person, "created_at": clock.now()}
    )
    if new:
        jobs.enqueue(kind="portal.mail", key=f"mail:{daily.ref}", object_ref=daily.ref, run_after=at)


def gather_waiting() -> int:
    """A message of the day for whoever has news and none to come. How many."""
    coming = OutgoingMail.objects.filter(kind=DIGEST, state=MailState.QUEUED).values("person")
    people = Person.objects.filter(mails__state=MailState.WAITING).exclude(pk__in=coming).distinct().order_by("pk")
    for person in people:
        with transaction.atomic():
            _join_daily(person)
    return len(people)


def address_of(mail: OutgoingMail) -> str:
    """Where to send: the address given, else the personal one the agent chose, else the account's."""
    if mail.address:
        return mail.address.open(mail.ref)
    person = mail.person
    if person is None:
        return ""
    if person.notify_email:
        return person.notify_email.open(person.ref)
    return person.user.email if person.user_id else ""


def is_professional(address: str) -> bool:
    """An address of an employer of the portal, or under one of its domains."""
    parts = address.strip().lower().rpartition("@")[2].split(".")
    return EmailDomain.objects.filter(domain__in=[".".join(parts[rank:]) for rank in range(len(parts))]).exists()


def personal_address(person: Person) -> str:
    """The address messages go to, when it is no employer's; else nothing."""
    address = person.notify_email.open(person.ref) if person.notify_email else ""
    address = address or (person.user.email if person.user_id else "")
    return "" if not address or is_professional(address) else address


def may_leave(mail: OutgoingMail) -> bool:
    """What somebody does not want written to them now stays in the portal. An address given by itself is nobody's wish."""
    if mail.person is None or mail.address:
        return True
    reach = max((hook(mail.person) for hook in registry.hooks(registry.REACH)), default=Reach.ANY)
    if reach == Reach.ANY:
        return True
    return (_was_asked(mail) or reach < Reach.ASKED) and bool(personal_address(mail.person))


def path_of(mail: OutgoingMail) -> str:
    """Where the news leads, or the list when it leads nowhere any more."""
    try:
        return _contents[mail.kind](mail).get("path") or reverse("portal:news")
    except ObjectDoesNotExist:
        return reverse("portal:news")


def of_employer(employer: Employer) -> QuerySet[OutgoingMail]:
    """Messages to somebody who works there today, or written for it."""
    works_there = Q(person__affiliations__employer=employer, person__affiliations__ends__isnull=True)
    return OutgoingMail.objects.filter(works_there | Q(person=None, employer=employer)).distinct()


OF_ACCOUNTS = Q(kind__startswith="account/") | Q(kind="portal/invitation")


def is_of_account(kind: str) -> bool:
    """Codes and links of accounts: all that an administrator may tell from the rest."""
    return kind.startswith("account/") or kind == "portal/invitation"


def try_again() -> int:
    """What did not leave, tried once more each hour for TRY_DAYS, urgent or not: nobody tells one from the other by it.

    A code has expired by then and is asked for anew. The row stays listed as a failure meanwhile. How many.
    """
    since = clock.now() - dt.timedelta(days=TRY_DAYS)
    unsent = OutgoingMail.objects.filter(state=MailState.FAILED, created_at__gte=since).exclude(OF_ACCOUNTS)
    due = Job.objects.filter(kind="portal.mail", state=JobState.FAILED, object_ref__in=unsent.values("ref"))
    return sum(jobs.retry_once(job=job) for job in due.order_by("pk"))


def reaches(person: Person | None) -> bool:
    """Whether a message can be sent to this person; nothing ever waits for one that cannot."""
    return bool(person and (person.notify_email or person.user_id))


def render(mail: OutgoingMail) -> tuple[str, str]:
    """Subject and body, as they are now."""
    secret = json.loads(mail.payload.open(mail.ref)) if mail.payload else {}
    if {"subject", "body"} <= secret.keys():
        return secret["subject"], secret["body"]
    context = {"base_url": settings.BASE_URL, "person": mail.person, **_contents[mail.kind](mail), **secret}
    app, _, name = mail.kind.partition("/")
    subject = _text(f"emails/{app}/{name}_subject.txt", context)
    body = _text(f"emails/{app}/{name}_body.txt", context)
    return " ".join(subject.split()), body.strip() + "\n"


def _text(name: str, context: dict) -> str:
    """Plain text: nothing is escaped as HTML."""
    return get_template(name).template.render(Context(context, autoescape=False))


def give_up(job: Job) -> None:
    """No attempt is left: the row says so. Its sealed secret stays, so that a retry can still send it."""
    OutgoingMail.objects.filter(ref=job.object_ref).exclude(state=MailState.SENT).update(state=MailState.FAILED)


@handler("portal.mail", failed=give_up)
def deliver(job: Job, progress: Progress) -> None:
    """Send one mail and wipe its secret. A mail already sent is left alone; a quiet hour puts it off."""
    mail = OutgoingMail.objects.select_related("person__user").filter(ref=job.object_ref).first()
    if mail is None or mail.state in (MailState.SENT, MailState.KEPT):
        return
    news = _news_of_the_day(mail) if mail.kind == DIGEST else []
    if not may_leave(mail) or (mail.kind == DIGEST and not news):
        for one in (mail, *news):
            keep(mail=one)
        return
    if (at := _leaves_at(mail)) > clock.now():
        raise Later(at)
    address = address_of(mail)
    if not address:
        raise DomainError("Cette personne n’a pas d’adresse électronique : prévenez-la par téléphone ou par courrier.")
    subject, body = render_daily(mail, news) if news else render(mail)
    EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address]).send()
    for one in (mail, *news):
        mark_sent(mail=one)


def _news_of_the_day(daily: OutgoingMail) -> list[OutgoingMail]:
    """What waits and was not read since."""
    waiting = OutgoingMail.objects.filter(person=daily.person, state=MailState.WAITING)
    waiting.exclude(read_at=None).update(state=MailState.KEPT)
    return list(waiting.filter(read_at=None).select_related("person").order_by("created_at", "pk"))


def render_daily(daily: OutgoingMail, news: list[OutgoingMail]) -> tuple[str, str]:
    """One piece of news is said as by itself; several, by their number."""
    if len(news) == 1:
        return render(news[0])
    context = {"base_url": settings.BASE_URL, "person": daily.person, "number": len(news)}
    context |= {"path": reverse("portal:news"), "preferences": reverse("portal:news_preferences")}
    subject = _text("emails/portal/digest_subject.txt", context)
    return " ".join(subject.split()), _text("emails/portal/digest_body.txt", context).strip() + "\n"


def mark_sent(*, mail: OutgoingMail) -> None:
    """The mail left (or, for a simulated past, is held to have left): date it and wipe its secret."""
    mail.state, mail.sent_at, mail.payload = MailState.SENT, clock.now(), ""
    mail.save(update_fields=["state", "sent_at", "payload"])


def keep(*, mail: OutgoingMail) -> None:
    """It will not leave: it is read in the portal, or not at all."""
    mail.state, mail.payload = MailState.KEPT, ""
    mail.save(update_fields=["state", "payload"])
