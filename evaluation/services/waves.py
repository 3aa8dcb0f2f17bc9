"""Opening a wave: the whole batch at once, or nothing (decisions 18, 19, 30, 31, 34).

A link is HMAC(wave key, invitation): built again at each sending, so neither table, queue nor mail row holds it.
Reminders go to everybody; nobody is shown who answered, nor how many have.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from evaluation.disclosure import partitions
from evaluation.disclosure.rules import MIN_ANSWERS, RULES_VERSION
from evaluation.enums import Moment, Public, WaveState
from evaluation.models import CollectiveTalk, Ticket, Wave, WaveInvitation
from evaluation.services import baseline, linking, own_questions, parts, questionnaires
from evaluation.services.batches import Batch, batch, midnight_after, season
from portal import clock
from portal.dates import day_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import OutgoingMail, Person
from portal.services import jobs, journal, mail
from programmes.models import Cycle, Programme

MAIL, MANAGERS_MAIL = "evaluation/invitation", "evaluation/managers"
MIN_PEOPLE = MIN_ANSWERS
MIN_DAYS, USUAL_DAYS, MAX_DAYS = 14, 21, 60
APART_DAYS = 90
REMINDER_DAYS = 7
CLOSED = "Cette enquête est close : plus aucun lien n’y mène."


@dataclass(frozen=True)
class Standing:
    """Where a cycle stands with its survey at one moment, and what may be done today."""

    cycle: Cycle
    moment: str
    public: str
    wave: Wave | None = None
    instead: CollectiveTalk | None = None
    refusal: str = ""
    people: int = 0
    previous: Wave | None = None
    may_open: bool = False
    may_talk: bool = False

    @property
    def may_lean_on_previous(self) -> bool:
        return self.previous is not None

    @property
    def settled(self) -> bool:
        return bool(self.wave or self.instead)


# --- What may be done -------------------------------------------------------------------------------------------------
def standing(cycle: Cycle, moment: str, public: str = Public.PARTICIPANTS) -> Standing:
    return standings(cycle.programme, [cycle], public)[cycle.pk, moment]


def standings(
    programme: Programme, cycles: list[Cycle], public: str = Public.PARTICIPANTS
) -> dict[tuple[int, str], Standing]:
    """Where these cycles of a programme stand with this public, at each of its moments."""
    waves = Wave.objects.filter(cycle__in=cycles, public=public).select_related("questionnaire")
    held = {(wave.cycle_id, wave.moment): wave for wave in waves}
    instead = {}
    if public == Public.PARTICIPANTS:
        talks = CollectiveTalk.objects.filter(cycle__in=cycles).select_related("previous")
        instead = {(talk.cycle_id, talk.moment): talk for talk in talks}
    today = clock.today(programme.time_zone)
    recent = _recent(programme, today, public)
    found = {}
    for cycle in cycles:
        cycle.programme = programme
        for moment in questionnaires.moments_of(public):
            key = cycle.pk, moment
            done = Standing(cycle, moment, public, held.get(key), instead.get(key))
            found[key] = done if done.settled else _possible(cycle, moment, public, today, recent)
    return found


def _possible(cycle: Cycle, moment: str, public: str, today: dt.date, recent: Wave | None) -> Standing:
    """What may be done today about a survey that has not been settled."""
    first, last = season(cycle, moment)
    if today < first:
        refusal = f"Elle pourra s’ouvrir à partir du {day_in_words(first)}."
        return Standing(cycle, moment, public, refusal=refusal)
    if today > last:
        return Standing(cycle, moment, public, refusal="Ce moment du cycle est passé.")
    participants = public == Public.PARTICIPANTS
    people = batch(cycle, moment).people if participants else 0
    few = participants and people < MIN_PEOPLE
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
    previous = recent if participants and moment == Moment.T0 else None
    return Standing(cycle, moment, public, None, None, refusal, people, previous, not refusal, few)


def _recent(programme: Programme, today: dt.date, public: str) -> Wave | None:
    """The last wave of this public, if it is too near: the same people would be asked twice."""
    since = today - dt.timedelta(days=APART_DAYS)
    waves = Wave.objects.filter(programme=programme, public=public, opens_on__gt=since)
    return waves.order_by("-opens_on", "-pk").first()


# --- Opening ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def open_wave(
    *,
    cycle: Cycle,
    moment: str,
    closes_on: dt.date,
    by: Person | None,
    readers: Sequence[str] = (),
    linked: bool = False,
    chance: Random | None = None,
) -> Wave:
    """Ask the whole batch today. The plan is frozen, everybody gets a link, the gate of the cycle's pairs is stamped.

    `readers`: addresses of the two people who read free answers; without them nothing is asked in words. `linked`: at
    departure, publish what changes for people until the end, by personal codes.
    """
    asked = may_open(cycle, moment, Public.PARTICIPANTS, closes_on)
    named = parts.two_readers(programme=cycle.programme, emails=readers)
    wave = start(
        cycle=cycle,
        moment=moment,
        closes_on=closes_on,
        people=asked.sides,
        pairs=len(asked.pairs),
        texts=bool(named),
        linked=linked,
        chance=chance,
    )
    parts.name_readers(wave=wave, people=named)
    issue(wave, by)
    if moment == Moment.T0:
        baseline.clear(cycle, "issued")
    return wave


def may_open(cycle: Cycle, moment: str, public: str, closes_on: dt.date) -> Batch:
    """The batch, when this wave may open today until then; raises DomainError otherwise. Locks the programme."""
    Programme.objects.select_for_update().get(pk=cycle.programme_id)
    if moment not in questionnaires.moments_of(public):
        raise DomainError("Aucune enquête n’est prévue à ce moment.")
    now = standing(cycle, moment, public)
    if now.settled:
        raise DomainError("Cette enquête a déjà eu lieu, ou un temps collectif en tient lieu.")
    if not now.may_open:
        raise DomainError(now.refusal)
    today = clock.today(cycle.programme.time_zone)
    if not MIN_DAYS <= (closes_on - today).days <= MAX_DAYS:
        raise DomainError(f"Une enquête reste ouverte de {MIN_DAYS} à {MAX_DAYS} jours.", field="closes_on")
    return batch(cycle, moment) if public == Public.PARTICIPANTS else Batch()


@transaction.atomic
def start(
    *,
    cycle: Cycle,
    moment: str,
    closes_on: dt.date,
    people: dict[Person, str],
    pairs: int,
    texts: bool = False,
    linked: bool = False,
    chance: Random | None = None,
) -> Wave:
    """The rows of an open wave of participants."""
    own = own_questions.frozen(cycle.programme)
    vouched = Batch(people).vouched
    invitations = [WaveInvitation(person=person, side=side) for person, side in people.items()]
    which = cycle.programme.questionnaires
    wave = Wave(
        programme=cycle.programme, cycle=cycle, moment=moment, closes_on=closes_on, pairs_invited=pairs, own=own
    )
    return begin(wave, invitations, vouched, which=which, texts=texts, linked=linked, chance=chance)


def begin(
    wave: Wave,
    invitations: list[WaveInvitation],
    vouched: Counter,
    *,
    linked: bool = False,
    chance: Random | None = None,
    **asking,
) -> Wave:
    """Plan, key, an invitation each, and tickets in an order that says nothing."""
    today = clock.today(wave.programme.time_zone)
    wave.questionnaire = questionnaires.latest(moment=wave.moment, public=wave.public)
    codes = tuple(code for code, _ in wave.own)
    asked = questionnaires.asked(wave.questionnaire, vouched, own=codes, **asking)
    wave.rules_version = RULES_VERSION
    wave.plan = {code: partitions.plan({side: vouched[side] for side in sides}) for code, sides in asked.items()}
    wave.state, wave.opens_on, wave.opened_at = WaveState.OPEN, today, clock.now()
    wave.key = secrets.token_urlsafe(32)
    wave.invited = sum(vouched.values())
    wave.compared = linking.compared(wave, linked=linked)
    wave.save()
    linking.begin(wave)
    for each in invitations:
        each.wave, each.last_sent_on = wave, today
    WaveInvitation.objects.bulk_create(invitations)
    tickets = [
        Ticket(hash=digest(token_of(each)), wave=wave, side=each.side, paper=_on_paper(each)) for each in invitations
    ]
    (chance or secrets.SystemRandom()).shuffle(tickets)
    Ticket.objects.bulk_create(tickets)
    due = midnight_after(wave.closes_on, wave.programme)
    jobs.enqueue(kind="evaluation.close", key=f"close:{wave.ref}", object_ref=wave.ref, run_after=due)
    return wave


def issue(wave: Wave, by: Person | None) -> None:
    """Send everybody their link, on the day of the opening."""
    for invitation in wave.invitations.select_related("person").order_by("pk"):
        invitation.wave = wave
        _send(invitation, wave.opens_on.isoformat())
    journal.log(actor=by, verb=Verb.DECIDED, target=wave, employer=wave.programme.lead_employer, count=wave.invited)


def _on_paper(invitation: WaveInvitation) -> bool:
    """Whether no account vouches for this person: their answer comes on paper, typed by somebody who does (decision 47)."""
    return invitation.person is not None and not invitation.person.user_id


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
    invitations = list(wave.invitations.select_related("person").order_by("pk"))
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
        "wave__programme__lead_employer", "wave__questionnaire", "wave__session", "wave__gathering"
    )
    return [row for row in rows.order_by("wave__closes_on", "pk") if is_open(row.wave)]


def is_open(wave: Wave) -> bool:
    """Open, and its last day not over yet where its employer lives."""
    return wave.state == WaveState.OPEN and clock.today(wave.programme.time_zone) <= wave.closes_on


def _send(invitation: WaveInvitation, when: str) -> None:
    key = f"survey:{invitation.ref}:{when}"
    if invitation.address:
        address = invitation.address.open(invitation.ref)
        employer = invitation.wave.programme.lead_employer
        mail.post(kind=MANAGERS_MAIL, key=key, address=address, object_ref=invitation.ref, employer=employer)
    elif invitation.person is not None and not _on_paper(invitation):  # erased since: counted, no longer written to
        mail.post(kind=MAIL, key=key, person=invitation.person, object_ref=invitation.ref)


def base_url() -> str:
    """Where the answering page lives: its own host when the deployment has one (trust 4.2.3)."""
    return settings.SURVEY_URL or settings.BASE_URL


@mail.content(MAIL)
@mail.content(MANAGERS_MAIL)
def _content(message: OutgoingMail) -> dict:
    invitation = (
        WaveInvitation.objects.select_related("wave__programme__lead_employer").filter(ref=message.object_ref).first()
    )
    if invitation is None or not is_open(invitation.wave):
        raise DomainError(CLOSED)
    return {
        "url": base_url() + reverse("evaluation:survey", args=[token_of(invitation)]),
        "employer": invitation.wave.programme.lead_employer.neutral_name,
        "until": day_in_words(invitation.wave.closes_on),
        "about": invitation.wave.about,
        "registered": invitation.wave.gathering_id is not None,
    }
