"""« Demander un appui » : an agent asks to be called back, about a closed list; the person asked alone sees it (G6).

Whoever has no account (a supervisor from outside, a listed contact) gets a signed link. Delays are targets: nothing
happens when one is over, except that it is said.
"""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from pairing.access import engagements_of
from pairing.enums import SESSION_KINDS, AlertState, Asked, SupportKind, SupportState
from pairing.models import Alert, SupervisorEngagement, SupportRequest
from pairing.services import receivers, supervision
from portal import clock, workdays
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person, SignedLink
from portal.services import journal, links, mail, receipts, traces
from portal.workflow import Move, Moves
from programmes.enums import HALF_DAYS, Channel
from programmes.models import Contact, Programme

PURPOSE, LINK_DAYS, LINK_MAIL = "support", 60, "pairing/support_link"
TARGET_DAYS = {Asked.REFERENT: 5, Asked.SUPERVISOR: 10, Asked.CONTACT: 10}
DEBRIEF = dt.timedelta(hours=72)
CLOSED = "Cette demande est close."
MOVES = Moves(
    SupportRequest,
    [
        Move("call", (SupportState.RECEIVED,), SupportState.CALLED, "Cette demande n’attend plus de rappel."),
        Move("close", (SupportState.RECEIVED, SupportState.CALLED), SupportState.CLOSED, CLOSED),
    ],
)
DIGITS = (9, 15)
NO_REACH = "Écrivez un numéro en entier (par exemple 06 12 34 56 78) ou une adresse électronique."


@dataclass(frozen=True)
class Recipient:
    """Somebody who may be asked. `key` is what a form sends."""

    key: str
    label: str
    asked: Asked
    supervisor: SupervisorEngagement | None = None
    contact: Contact | None = None


def recipients(programme: Programme, person: Person) -> list[Recipient]:
    """Who can be asked by `person` today: référent (else the deputy), supervisors, contacts that have an address."""
    found = []
    readers = receivers.of(programme, but=person)
    if readers:
        who = "en relais du ou de la référent·e" if readers.relay else "référent·e"
        found.append(Recipient(Asked.REFERENT, f"{readers.in_words}, {who}", Asked.REFERENT))
    for row in supervisors(programme, person):
        found.append(Recipient(f"supervisor-{row.ref}", f"{row.name}, superviseur·e", Asked.SUPERVISOR, supervisor=row))
    for row in programme.contacts.exclude(email=""):
        label = f"{row.name}, {row.get_kind_display()}"
        found.append(Recipient(f"contact-{row.ref}", label, Asked.CONTACT, contact=row))
    return found


def supervisors(programme: Programme, person: Person) -> QuerySet[SupervisorEngagement]:
    today = clock.today(programme.time_zone)
    engaged = programme.supervisors.filter(engaged_on__lte=today).exclude(ended_on__lt=today)
    return engaged.filter(Q(person__isnull=True) | ~Q(person=person)).order_by("engaged_on", "pk")


def due(asked: str, kind: str, at: dt.datetime, time_zone: str) -> dt.datetime:
    """The target: 72 hours for a debrief, working days for the rest."""
    return at + DEBRIEF if kind == SupportKind.DEBRIEF else workdays.after(at, TARGET_DAYS[asked], time_zone)


# --- The agent --------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask(
    *,
    programme: Programme,
    person: Person,
    receipt: UUID,
    to: str,
    kind: str,
    channel: str,
    slots: int,
    reach: str = "",
) -> SupportRequest:
    """`to`: the key of one of `recipients`. The same form sent twice is taken once. Raises DomainError."""
    if earlier := receipts.earlier(key=receipt):
        return SupportRequest.objects.get(ref=earlier)
    if not programme.participations.open().filter(person=person).exists():
        raise Refused("Seules les personnes qui participent demandent un appui.")
    recipient = next((one for one in recipients(programme, person) if one.key == to), None)
    if recipient is None:
        raise DomainError(
            "Cette personne ne peut pas être sollicitée aujourd’hui : choisissez-en une autre.", field="to"
        )
    if kind in SESSION_KINDS and recipient.asked != Asked.SUPERVISOR:
        raise DomainError("Un débriefing ou une séance se demande à la personne qui supervise.", field="to")
    if (
        kind == SupportKind.INDIVIDUAL
        and not supervision.programmes_of(person, paused=True).filter(pk=programme.pk).exists()
    ):
        raise Refused("Une séance individuelle est proposée aux pairs-aidants en mission.")
    if not slots:
        raise DomainError("Cochez au moins une demi-journée.", field="slots")
    now = clock.now()
    row = SupportRequest.objects.create(
        programme=programme,
        person=person,
        asked=recipient.asked,
        supervisor=recipient.supervisor,
        contact=recipient.contact,
        kind=kind,
        channel=channel,
        slots=slots,
        reach=reach_of(channel, reach),
        asked_at=now,
        due_at=due(recipient.asked, kind, now, programme.time_zone),
    )
    receipts.keep(key=receipt, person=person, url=str(row.ref))
    journal.log(actor=person, verb=Verb.CREATED, target=row, subject=person, employer=programme.lead_employer)
    tell(row, key=f"support:{row.ref}")
    return row


def reach_of(channel: str, given: str) -> str:
    """A number or an address, never a sentence; nothing for somebody met in person."""
    given = given.strip()
    if not given:
        if channel == Channel.IN_PERSON:
            return ""
        raise DomainError(NO_REACH, field="reach")
    if set(given) <= set("0123456789 +.-()") and DIGITS[0] <= sum(sign.isdigit() for sign in given) <= DIGITS[1]:
        return given
    try:
        validate_email(given)
    except ValidationError as error:
        raise DomainError(NO_REACH, field="reach") from error
    return given


@transaction.atomic
def cancel(*, request: SupportRequest, by: Person) -> None:
    """Before any call: nothing stays of it."""
    if request.person_id != by.pk:
        raise Refused("Seule la personne qui a demandé retire sa demande.")
    links.revoke(purpose=PURPOSE, object_ref=request.ref)
    if not SupportRequest.objects.filter(pk=request.pk, state=SupportState.RECEIVED).delete()[0]:
        raise DomainError("Cette demande a déjà reçu une réponse.")
    employer = request.programme.lead_employer
    journal.log(actor=by, verb=Verb.CHANGED, target=request, subject=by, employer=employer)
    traces.cut(model=SupportRequest, refs=[request.ref])


def tell(row: SupportRequest, *, key: str) -> None:
    """A neutral mail to whoever is asked; those without account get a link of their own."""
    if row.asked == Asked.REFERENT:
        receivers.tell(row.programme, key=key, but=row.person)
    elif row.supervisor and row.supervisor.person:
        mail.post(kind="pairing/support_asked", key=key, person=row.supervisor.person, object_ref=row.ref)
    elif address := _address(row):
        links.revoke(purpose=PURPOSE, object_ref=row.ref)
        _, token = links.issue(purpose=PURPOSE, object_ref=row.ref, days=LINK_DAYS)
        employer = row.programme.lead_employer
        secret = {"token": token}
        mail.post(kind=LINK_MAIL, key=key, address=address, object_ref=row.ref, secret=secret, employer=employer)


def _address(row: SupportRequest) -> str:
    if row.supervisor:
        return row.supervisor.address.open(row.supervisor.ref)
    return row.contact.email if row.contact else ""


# --- Whoever is asked -------------------------------------------------------------------------------------------------
def for_referent(programme: Programme, person: Person) -> QuerySet[SupportRequest]:
    """What référents read, except what they asked themselves."""
    rows = programme.support_requests.filter(asked=Asked.REFERENT, person__isnull=False)
    return rows.exclude(person=person).select_related("person", "programme__lead_employer")


def for_supervisor(person: Person) -> QuerySet[SupportRequest]:
    """As long as they are engaged and hold the role."""
    rows = SupportRequest.objects.filter(supervisor__in=engagements_of(person), person__isnull=False)
    return rows.select_related("person", "programme__lead_employer")


def levels_for_supervisor(person: Person) -> QuerySet[Alert]:
    """Of the messages under way in their programmes, the level and the day: never who wrote (domain.md b.2)."""
    programmes = engagements_of(person).values("programme")
    rows = Alert.objects.filter(programme__in=programmes, sender__isnull=False).exclude(state=AlertState.CLOSED)
    return rows.select_related("programme__lead_employer")


def of_link(link: SignedLink) -> SupportRequest | None:
    """None once the request is closed or taken back."""
    rows = SupportRequest.objects.filter(ref=link.object_ref, person__isnull=False).exclude(state=SupportState.CLOSED)
    return rows.select_related("person", "programme__lead_employer").first()


def move(*, request: SupportRequest, name: str, by: Person | None, held: bool = False) -> None:
    """« call » (called back) or « close »: then the number or the address is erased at once. `held`: it took place."""
    if held and (name != "close" or request.kind not in SESSION_KINDS):
        raise DomainError("Seule une séance demandée peut avoir été tenue.")
    if by and request.person_id == by.pk:
        raise Refused("Personne ne répond à sa propre demande.")
    with MOVES.moving(request, name, by=by) as fresh:
        fresh.called_at = fresh.called_at or clock.now()
        if name == "close":
            fresh.closed_at, fresh.reach, fresh.held = clock.now(), "", held
            fresh.save(update_fields=["reach"])
            links.revoke(purpose=PURPOSE, object_ref=fresh.ref)
        employer = request.programme.lead_employer
        journal.log(actor=by, verb=Verb.MOVED, target=fresh, subject=request.person, employer=employer)


# --- Words ------------------------------------------------------------------------------------------------------------
def half_days(row: SupportRequest) -> str:
    return ", ".join(label for bit, label in HALF_DAYS if row.slots >> bit & 1)


def is_late(row, now: dt.datetime) -> bool:
    """Of a request or an alert: the target is over and nobody has answered."""
    return row.state == SupportState.RECEIVED and row.due_at < now
