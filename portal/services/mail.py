"""A mail is a row of kind and references, rendered when it is sent (decision 6).

Templates: `emails/<app>/<kind>_subject.txt` and `_body.txt` for kind « app/kind ». Context builders are registered with
`@content("app/kind")` and get the row; what they return must hold no health word, no colleague's name: a subject is read
by passers-by. A secret (a code, a link) travels in `payload`, sealed, wiped once sent.
"""

import json
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template import Context
from django.template.loader import get_template

from portal import clock, registry
from portal.enums import MailState
from portal.errors import DomainError
from portal.jobs import Progress, handler, in_simulated_past
from portal.models import EmailDomain, Job, OutgoingMail, Person
from portal.registry import Reach
from portal.services import jobs

_contents: dict[str, Callable] = {}


def content(kind: str) -> Callable:
    """Register the context builder of a kind: `def context(mail: OutgoingMail) -> dict`."""

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
) -> OutgoingMail:
    """Write the mail called `key` (once, however often it is asked for) and have it sent after commit.

    `asked`: the person chose to be written to that day, for that; see Reach.

    A person without any address gets the row all the same: it fails with a reason the référent can act on.
    """
    secret = {**(secret or {}), "asked": True} if asked else secret
    mail, new = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "person": person,
            "address": address,
            "object_ref": object_ref,
            "payload": json.dumps(secret) if secret else "",
            "created_at": clock.now(),
        },
    )
    if new:
        jobs.enqueue(kind="portal.mail", key=f"mail:{mail.ref}", object_ref=mail.ref)
    return mail


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
    asked = bool(mail.payload) and json.loads(mail.payload.open(mail.ref)).get("asked", False)
    return (asked or reach < Reach.ASKED) and bool(personal_address(mail.person))


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
    """Send one mail and wipe its secret. A mail already sent is left alone."""
    mail = OutgoingMail.objects.select_related("person__user").filter(ref=job.object_ref).first()
    if mail is None or mail.state in (MailState.SENT, MailState.KEPT):
        return
    if not may_leave(mail):
        keep(mail=mail)
        return
    address = address_of(mail)
    if not address:
        raise DomainError("Cette personne n’a pas d’adresse électronique : prévenez-la par téléphone ou par courrier.")
    subject, body = render(mail)
    if not in_simulated_past():
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [address]).send()
    mark_sent(mail=mail)


def mark_sent(*, mail: OutgoingMail) -> None:
    """The mail left (or, for a simulated past, is held to have left): date it and wipe its secret."""
    mail.state, mail.sent_at, mail.payload = MailState.SENT, clock.now(), ""
    mail.save(update_fields=["state", "sent_at", "payload"])


def keep(*, mail: OutgoingMail) -> None:
    """It will not leave: it is read in the portal, or not at all."""
    mail.state, mail.payload = MailState.KEPT, ""
    mail.save(update_fields=["state", "payload"])
