"""« Une situation m’inquiète » : a level, a code, a target, a relay, a closure. The person concerned is never recorded (R6).

Not an emergency service: the page gives the numbers first. No message is taken when nobody would read it (R31).
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from pairing.enums import ALERT_CODES, AlertState, RelayCode, SupportKind, SupportState
from pairing.models import Alert, AlertReview
from pairing.services import receivers
from portal import clock, workdays
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.services import journal, mail, receipts
from portal.workflow import Move, Moves
from programmes.enums import ItemState, ParticipationState
from programmes.models import Participation, Programme, StepItem

# Level 2: 5 working days. Level 4: whoever is in danger was helped by 15, 112 or 114; this is about the sender.
HOURS = {3: 48, 4: 24}
DAYS = {2: 5}
DEBRIEFED = (3, 4)
YEAR = dt.timedelta(days=366)
PROCEDURE = "3-alert-procedure"
NOBODY = "Personne ne peut lire ce message aujourd’hui : il n’est pas envoyé. Appelez l’un des contacts de cette page."
MOVES = Moves(
    Alert,
    [
        Move("relay", (AlertState.RECEIVED, AlertState.RELAYED), AlertState.RELAYED, "Ce message est clos."),
        Move("close", (AlertState.RECEIVED, AlertState.RELAYED), AlertState.CLOSED, "Ce message est déjà clos."),
    ],
)


def due(level: int, at: dt.datetime, time_zone: str) -> dt.datetime:
    """Hours are hours, also on the nights when clocks change; working days end where the programme lives."""
    if level in HOURS:
        return at + dt.timedelta(hours=HOURS[level])
    return workdays.after(at, DAYS[level], time_zone)


def target_in_words(level: int) -> str:
    return f"{HOURS[level]} h" if level in HOURS else f"{DAYS[level]} jours ouvrés"


# --- The sender -------------------------------------------------------------------------------------------------------
@transaction.atomic
def send(
    *,
    programme: Programme,
    sender: Person,
    receipt: UUID,
    level: int,
    code: str,
    occurred_at: dt.datetime | None = None,
    relay_code: str = "",
) -> Alert:
    """`occurred_at` and `relay_code` (who was called) come with level 4 only. Raises DomainError when nobody reads."""
    if earlier := receipts.earlier(key=receipt):
        return Alert.objects.get(ref=earlier)
    if not programme.participations.open().filter(person=sender).exists():
        raise Refused("Seules les personnes qui participent peuvent écrire ici.")
    if code not in ALERT_CODES.get(level, ()):
        raise DomainError("Choisissez dans la liste.", field="code")
    if level != 4 and (occurred_at or relay_code):
        raise DomainError("Seul le niveau 4 dit quand, et qui a été appelé.")
    if occurred_at and occurred_at > clock.now():
        raise DomainError("Ce moment est à venir.", field="day")
    if not receivers.of(programme, but=sender):
        raise DomainError(NOBODY)
    now = clock.now()
    row = Alert.objects.create(
        programme=programme,
        sender=sender,
        level=level,
        code=code,
        occurred_at=occurred_at,
        relay_code=relay_code,
        opened_at=now,
        due_at=due(level, now, programme.time_zone),
    )
    receipts.keep(key=receipt, person=sender, url=str(row.ref))
    journal.log(actor=sender, verb=Verb.CREATED, target=row, subject=sender, employer=programme.lead_employer)
    receivers.tell(programme, key=f"alert:{row.ref}", but=sender)
    return row


def reach_of(alert: Alert) -> str:
    """How the sender chose to be reached, while the message waits: whoever receives it calls them."""
    if alert.sender is None or alert.state == AlertState.CLOSED:
        return ""
    return alert.sender.contact.open(alert.sender.ref)


def may_ask_debrief(alert: Alert) -> bool:
    """After a serious message is closed, once at a time. That it was asked is on the supervisor's page only."""
    if alert.state != AlertState.CLOSED or alert.level not in DEBRIEFED or alert.sender is None:
        return False
    asked = alert.sender.support_requests.filter(programme=alert.programme, kind=SupportKind.DEBRIEF)
    return not asked.exclude(state=SupportState.CLOSED).exists()


def may_pause(alert: Alert) -> Participation | None:
    """Whose sender may rest: a pause is offered after a serious message (domain.md h.3), never asked for."""
    if alert.state != AlertState.CLOSED or alert.level not in DEBRIEFED or alert.sender is None:
        return None
    mine = alert.programme.participations.filter(person=alert.sender, state=ParticipationState.ACCEPTED)
    return mine.order_by("pk").first()


# --- The référent -----------------------------------------------------------------------------------------------------
def visible_to(programme: Programme, person: Person) -> QuerySet[Alert]:
    """The register, but for what the reader sent."""
    rows = programme.alerts.filter(Q(sender__isnull=True) | ~Q(sender=person))
    return rows.select_related("sender", "programme__lead_employer")


def register(programme: Programme, person: Person) -> QuerySet[Alert]:
    """Without those of which only level and dates are left."""
    return visible_to(programme, person).exclude(state=AlertState.CLOSED, sender__isnull=True)


def relay(*, alert: Alert, relay_code: str, by: Person) -> None:
    """Somebody was called: who took over, in a code."""
    _check(alert, relay_code, by)
    with MOVES.moving(alert, "relay", by=by) as fresh:
        fresh.relay_code = relay_code
        fresh.relayed_at = fresh.relayed_at or clock.now()
        _journal(alert, by)


def close(*, alert: Alert, by: Person, relay_code: str = "") -> None:
    """The sender is told, and a debrief is offered after levels 3 and 4."""
    _check(alert, relay_code or alert.relay_code, by)
    with MOVES.moving(alert, "close", by=by) as fresh:
        fresh.relay_code = relay_code or fresh.relay_code
        fresh.closed_at = clock.now()
        fresh.relayed_at = fresh.relayed_at or fresh.closed_at
        _journal(alert, by)
        if alert.sender:
            key = f"alert:{alert.ref}:closed"
            mail.post(kind="pairing/support_news", key=key, person=alert.sender, object_ref=alert.ref)


def _check(alert: Alert, relay_code: str, by: Person) -> None:
    if alert.sender_id == by.pk:
        raise Refused("Personne ne traite son propre message.")
    if relay_code not in RelayCode.values:
        raise DomainError("Dites qui a pris le relais.", field="relay_code")


def _journal(alert: Alert, by: Person) -> None:
    employer = alert.programme.lead_employer
    journal.log(actor=by, verb=Verb.MOVED, target=alert, subject=alert.sender, employer=employer)


# --- Once a year ------------------------------------------------------------------------------------------------------
def year(programme: Programme) -> QuerySet[Alert]:
    return programme.alerts.filter(opened_at__gt=clock.now() - YEAR)


def held(alerts: QuerySet[Alert]) -> bool:
    """Whether each was relayed by its target, or still may be."""
    late = Q(relayed_at__gt=F("due_at")) | Q(relayed_at__isnull=True, due_at__lt=clock.now())
    return not alerts.filter(late).exists()


@transaction.atomic
def review(*, programme: Programme, by: Person) -> AlertReview:
    """The protocol was read again today; said twice in a day, once."""
    rows = year(programme)
    today = clock.today(programme.time_zone)
    review, new = AlertReview.objects.get_or_create(
        programme=programme, on=today, defaults={"alerts": rows.count(), "delays_held": held(rows)}
    )
    if new:
        journal.log(actor=by, verb=Verb.DECIDED, target=review, employer=programme.lead_employer)
    return review


def review_due(programme: Programme) -> bool:
    """A year without reading the protocol again: since the last reading, the first message, or the day it was written."""
    since = clock.today(programme.time_zone) - YEAR
    if programme.alert_reviews.filter(on__gt=since).exists():
        return False
    written = StepItem.objects.filter(step__programme=programme, line=PROCEDURE, state=ItemState.DONE)
    return programme.alerts.exists() or written.filter(done_on__lte=since).exists()
