"""Opening a wave: the whole batch of a cycle at once, or what stands for it (decisions 18, 19, 30, 31, 34).

A link is HMAC(wave key, invitation): built again at each sending, so neither table, queue nor mail row holds it.
Reminders go to everybody; nobody is shown who answered, nor how many have.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from evaluation.disclosure import partitions
from evaluation.disclosure.rules import RULES_VERSION
from evaluation.enums import Moment, Public, WaveState
from evaluation.models import CollectiveTalk, Ticket, Wave, WaveInvitation
from evaluation.services import questionnaires
from pairing.enums import LIVE, PairState
from pairing.models import Pair, PairMember
from pairing.services import gates
from portal import clock
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import OutgoingMail, Person
from portal.services import jobs, journal, mail
from programmes.enums import ParticipationState, Side
from programmes.models import Cycle, Participation, Programme

MAIL = "evaluation/invitation"
MIN_PEOPLE = 7
MIN_DAYS, USUAL_DAYS, MAX_DAYS = 14, 21, 60
APART_DAYS = 90
REMINDER_DAYS = 7
BEFORE_CYCLE_DAYS, AFTER_CYCLE_DAYS = 60, 120
ASKED = (Moment.T0, Moment.END)
# Somebody on both sides of a cycle is asked once, as the first of these.
SIDES = (Side.HELPER, Side.HELPED, Side.PEER)
CLOSED = "Cette enquête est close : plus aucun lien n’y mène."


@dataclass
class Batch:
    """Everybody of a cycle who is asked at that moment: nobody picks the list."""

    sides: dict[Person, str] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)

    @property
    def vouched(self) -> Counter:
        """Invitations by side that count towards a threshold: people with an account (decision 47)."""
        return Counter(side for person, side in self.sides.items() if person.user_id)

    @property
    def people(self) -> int:
        return sum(self.vouched.values())


@dataclass(frozen=True)
class Standing:
    """Where a cycle stands with its survey at one moment, and what may be done today."""

    cycle: Cycle
    moment: str
    wave: Wave | None
    instead: CollectiveTalk | None
    refusal: str = ""
    people: int = 0
    previous: Wave | None = None
    may_open: bool = False
    may_talk: bool = False

    @property
    def may_lean_on_previous(self) -> bool:
        return self.previous is not None


def batch(cycle: Cycle, moment: str) -> Batch:
    """At departure: members of the cycle's live pairs, and accepted helpers. At the end: members of the pairs that lived."""
    found = Batch()
    pairs = pairs_of(cycle)
    pairs = pairs.filter(state__in=LIVE) if moment == Moment.T0 else pairs.filter(active_at__isnull=False)
    found.pairs = list(pairs.select_related("programme__lead_employer").order_by("pk"))
    members = PairMember.objects.filter(pair__in=found.pairs, person__isnull=False).select_related("person")
    people: dict[Person, set[str]] = {}
    for member in members.exclude(person=None):
        people.setdefault(member.person, set()).add(member.part)
    if moment == Moment.T0:
        helpers = Participation.objects.filter(
            programme=cycle.programme_id, side=Side.HELPER, state=ParticipationState.ACCEPTED, person__isnull=False
        )
        for participation in helpers.select_related("person"):
            people.setdefault(participation.person, set()).add(Side.HELPER)
    for person in sorted(people, key=lambda person: (person.sort_key, person.pk)):
        found.sides[person] = next(side for side in SIDES if side in people[person])
    return found


def pairs_of(cycle: Cycle) -> QuerySet[Pair]:
    """The cycle's pairs; one proposed without naming a cycle belongs to the first that was not over that day."""
    before = Cycle.objects.filter(programme=cycle.programme_id, number__lt=cycle.number).order_by("number").last()
    unnamed = Q(cycle__isnull=True, proposed_at__lt=_midnight_after(cycle.ends, cycle.programme))
    if before:
        unnamed &= Q(proposed_at__gte=_midnight_after(before.ends, cycle.programme))
    return Pair.objects.filter(Q(cycle=cycle) | unnamed, programme=cycle.programme_id).exclude(state=PairState.LAPSED)


def cycle_of(pair: Pair) -> Cycle | None:
    if pair.cycle_id:
        return pair.cycle
    day = pair.proposed_at.astimezone(clock.ZoneInfo(pair.programme.time_zone)).date()
    return pair.programme.cycles.filter(ends__gte=day).order_by("number").first()


def _midnight_after(day: dt.date, programme: Programme) -> dt.datetime:
    """The first instant after `day`, where the employer lives."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(tzinfo=clock.ZoneInfo(programme.time_zone)))


# --- What may be done -------------------------------------------------------------------------------------------------
def standing(cycle: Cycle, moment: str) -> Standing:
    return standings(cycle.programme, [cycle])[cycle.pk, moment]


def standings(programme: Programme, cycles: list[Cycle]) -> dict[tuple[int, str], Standing]:
    """Where these cycles of a programme stand, at departure and at the end."""
    waves = Wave.objects.filter(cycle__in=cycles, public=Public.PARTICIPANTS).select_related("questionnaire")
    held = {(wave.cycle_id, wave.moment): wave for wave in waves}
    talks = CollectiveTalk.objects.filter(cycle__in=cycles).select_related("previous")
    instead = {(talk.cycle_id, talk.moment): talk for talk in talks}
    today = clock.today(programme.time_zone)
    recent = _recent(programme, today)
    found = {}
    for cycle in cycles:
        cycle.programme = programme
        for moment in ASKED:
            key = cycle.pk, moment.value
            done = Standing(cycle, moment, held.get(key), instead.get(key))
            found[key] = done if done.wave or done.instead else _possible(cycle, moment, today, recent)
    return found


def _possible(cycle: Cycle, moment: str, today: dt.date, recent: Wave | None) -> Standing:
    """What may be done today about a survey that has not been settled."""
    first, last = _season(cycle, moment)
    if today < first:
        return Standing(cycle, moment, None, None, f"Elle pourra s’ouvrir à partir du {day_in_words(first)}.")
    if today > last:
        return Standing(cycle, moment, None, None, "Ce moment du cycle est passé.")
    people = batch(cycle, moment).people
    few = people < MIN_PEOPLE
    refusal = ""
    if few:
        refusal = (
            f"Moins de {MIN_PEOPLE} personnes seraient interrogées : leurs réponses ne pourraient pas rester anonymes. "
            "Un temps collectif d’échange en tient lieu."
        )
    elif recent:
        due = recent.opens_on + dt.timedelta(days=APART_DAYS)
        refusal = (
            f"La dernière enquête date de moins de {APART_DAYS} jours : les mêmes personnes seraient interrogées deux "
            f"fois. La prochaine pourra s’ouvrir à partir du {day_in_words(due)}."
        )
    previous = recent if moment == Moment.T0 else None
    return Standing(cycle, moment, None, None, refusal, people, previous, not refusal, few)


def _season(cycle: Cycle, moment: str) -> tuple[dt.date, dt.date]:
    """First and last day on which the survey of this moment makes sense."""
    if moment == Moment.T0:
        return cycle.starts - dt.timedelta(days=BEFORE_CYCLE_DAYS), cycle.ends
    return cycle.starts + (cycle.ends - cycle.starts) / 2, cycle.ends + dt.timedelta(days=AFTER_CYCLE_DAYS)


def _recent(programme: Programme, today: dt.date) -> Wave | None:
    since = today - dt.timedelta(days=APART_DAYS)
    waves = Wave.objects.filter(programme=programme, public=Public.PARTICIPANTS, opens_on__gt=since)
    return waves.order_by("-opens_on", "-pk").first()


# --- Opening ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_wave(
    *, cycle: Cycle, moment: str, closes_on: dt.date, by: Person | None, chance: Random | None = None
) -> Wave:
    """Ask the whole batch today. The plan is frozen, everybody gets a link, the gate of the cycle's pairs is stamped."""
    Programme.objects.select_for_update().get(pk=cycle.programme_id)
    now = standing(cycle, moment)
    if moment not in ASKED or now.wave or now.instead:
        raise DomainError("Cette enquête a déjà eu lieu, ou un temps collectif en tient lieu.")
    if not now.may_open:
        raise DomainError(now.refusal)
    today = clock.today(cycle.programme.time_zone)
    if not MIN_DAYS <= (closes_on - today).days <= MAX_DAYS:
        raise DomainError(f"Une enquête reste ouverte de {MIN_DAYS} à {MAX_DAYS} jours.", field="closes_on")
    asked = batch(cycle, moment)
    wave = start(
        cycle=cycle, moment=moment, closes_on=closes_on, people=asked.sides, pairs=len(asked.pairs), chance=chance
    )
    for invitation in wave.invitations.order_by("pk"):
        _send(invitation, today.isoformat())
    journal.log(actor=by, verb=Verb.DECIDED, target=wave, employer=cycle.programme.lead_employer, count=wave.invited)
    if moment == Moment.T0:
        _clear(cycle, "issued")
    return wave


@transaction.atomic
def start(
    *,
    cycle: Cycle,
    moment: str,
    closes_on: dt.date,
    people: dict[Person, str],
    pairs: int,
    chance: Random | None = None,
) -> Wave:
    """The rows of an open wave: plan, key, an invitation each, and tickets in an order that says nothing."""
    today = clock.today(cycle.programme.time_zone)
    vouched = Batch(people).vouched
    questionnaire = questionnaires.load()[moment]
    wave = Wave.objects.create(
        programme=cycle.programme,
        cycle=cycle,
        moment=moment,
        questionnaire=questionnaire,
        rules_version=RULES_VERSION,
        plan=_plan(questionnaires.asked(questionnaire, vouched, cycle.programme.questionnaires), vouched),
        state=WaveState.OPEN,
        opens_on=today,
        closes_on=closes_on,
        key=secrets.token_urlsafe(32),
        opened_at=clock.now(),
        invited=sum(vouched.values()),
        pairs_invited=pairs,
    )
    invitations = WaveInvitation.objects.bulk_create(
        WaveInvitation(wave=wave, person=person, side=side, last_sent_on=today) for person, side in people.items()
    )
    tickets = [Ticket(hash=digest(token_of(each)), wave=wave, side=each.side) for each in invitations]
    (chance or secrets.SystemRandom()).shuffle(tickets)
    Ticket.objects.bulk_create(tickets)
    due = _midnight_after(closes_on, cycle.programme)
    jobs.enqueue(kind="evaluation.close", key=f"close:{wave.ref}", object_ref=wave.ref, run_after=due)
    return wave


def _plan(asked: dict[str, set[str]], invited: Counter) -> dict[str, str]:
    """The one partition of each question, frozen now: the whole, or by side where every side could have enough."""
    return {code: partitions.plan({side: invited[side] for side in sides}) for code, sides in asked.items()}


def token_of(invitation: WaveInvitation) -> str:
    """The link's secret, built again each time; raises DomainError once the key is destroyed."""
    wave = invitation.wave
    if not wave.key:
        raise DomainError(CLOSED)
    mac = hmac.digest(wave.key.open(wave.ref).encode(), invitation.ref.bytes, "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


# --- Mails ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def remind(*, wave: Wave, by: Person | None) -> int:
    """Send their link again to everybody, whether they answered or not: nobody knows. At most once a week."""
    today = clock.today(wave.programme.time_zone)
    if not is_open(wave):
        raise DomainError(CLOSED)
    due = wave.invitations.filter(last_sent_on__lte=today - dt.timedelta(days=REMINDER_DAYS))
    if not due.update(last_sent_on=today):
        raise DomainError("Un message a été envoyé à tout le monde il y a moins d’une semaine.")
    invitations = list(wave.invitations.order_by("pk"))
    for invitation in invitations:
        _send(invitation, today.isoformat())
    journal.log(actor=by, verb=Verb.CHANGED, target=wave, employer=wave.programme.lead_employer, count=len(invitations))
    return len(invitations)


@transaction.atomic
def send_again(*, invitation: WaveInvitation) -> None:
    """Somebody asks for their own link: the same one, once a day at most. Nothing says that they asked."""
    if not is_open(invitation.wave):
        raise DomainError(CLOSED)
    _send(invitation, f"{clock.today(invitation.wave.programme.time_zone).isoformat()}:own")


def open_invitations(person: Person) -> list[WaveInvitation]:
    """What this person is asked now. Whether they answered is known to nobody."""
    rows = WaveInvitation.objects.filter(person=person, wave__state=WaveState.OPEN).select_related(
        "wave__programme__lead_employer", "wave__questionnaire"
    )
    return [row for row in rows.order_by("wave__closes_on", "pk") if is_open(row.wave)]


def is_open(wave: Wave) -> bool:
    """Open, and its last day not over yet where its employer lives."""
    return wave.state == WaveState.OPEN and clock.today(wave.programme.time_zone) <= wave.closes_on


def _send(invitation: WaveInvitation, when: str) -> None:
    if invitation.person is None:  # erased since: still counted, no longer written to
        return
    mail.post(kind=MAIL, key=f"survey:{invitation.ref}:{when}", person=invitation.person, object_ref=invitation.ref)


@mail.content(MAIL)
def _content(message: OutgoingMail) -> dict:
    invitation = (
        WaveInvitation.objects.select_related("wave__programme__lead_employer").filter(ref=message.object_ref).first()
    )
    if invitation is None or not is_open(invitation.wave):
        raise DomainError(CLOSED)
    return {
        "path": reverse("evaluation:survey", args=[token_of(invitation)]),
        "until": day_in_words(invitation.wave.closes_on),
    }


# --- What stands for a wave ------------------------------------------------------------------------------------------
@transaction.atomic
def note_talk(*, cycle: Cycle, moment: str, on: dt.date, by: Person | None) -> CollectiveTalk:
    """Fewer than 7 people: a collective talk took place instead (decision 34)."""
    now = standing(cycle, moment)
    if not now.may_talk:
        raise DomainError(now.refusal or "Une enquête est possible : le temps collectif n’en tient pas lieu.")
    if on > clock.today(cycle.programme.time_zone):
        raise DomainError("Notez le temps collectif une fois qu’il a eu lieu.", field="on")
    if on < _season(cycle, moment)[0]:
        raise DomainError("Cette date est trop ancienne pour ce moment du cycle.", field="on")
    return _instead(cycle, moment, on, None, by, "collective_talk")


@transaction.atomic
def lean_on_previous(*, cycle: Cycle, by: Person | None) -> CollectiveTalk:
    """The last survey is less than 90 days old: it stands for this cycle's departure (decision 34)."""
    now = standing(cycle, Moment.T0)
    if not now.may_lean_on_previous:
        raise DomainError("Aucune enquête de moins de 90 jours ne peut en tenir lieu.")
    today = clock.today(cycle.programme.time_zone)
    return _instead(cycle, Moment.T0, today, now.previous, by, "previous_wave")


def _instead(
    cycle: Cycle, moment: str, on: dt.date, previous: Wave | None, by: Person | None, how: str
) -> CollectiveTalk:
    row, new = CollectiveTalk.objects.get_or_create(
        cycle=cycle, moment=moment, defaults={"on": on, "previous": previous, "created_at": clock.now()}
    )
    if new:
        journal.log(actor=by, verb=Verb.DECIDED, target=row, employer=cycle.programme.lead_employer)
    if new and moment == Moment.T0:
        _clear(cycle, how)
    return row


# --- The gate of the pairs --------------------------------------------------------------------------------------------
def _clear(cycle: Cycle, how: str) -> None:
    """The cycle's pairs may begin as far as the survey is concerned: it was sent, whether answered or not."""
    waiting = pairs_of(cycle).filter(state__in=LIVE, baseline_ok_at__isnull=True)
    gates.clear_baseline(pairs=list(waiting.select_related("programme__lead_employer")), how=how)


def baseline(pair: Pair) -> str | None:
    """How the departure survey of this pair's cycle is settled, for a pair formed afterwards; None while it is not."""
    cycle = cycle_of(pair)
    if cycle is None:
        return None
    if Wave.objects.filter(cycle=cycle, moment=Moment.T0, opened_at__isnull=False).exists():
        return "after_issue"
    instead = CollectiveTalk.objects.filter(cycle=cycle, moment=Moment.T0).first()
    if instead is None:
        return None
    return "previous_wave" if instead.previous_id else "collective_talk"
