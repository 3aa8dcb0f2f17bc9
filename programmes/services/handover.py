"""Passing a programme from one référent to the next: agents confided in a person, not in a post (field R10, scene 10)."""

import datetime as dt
import json
from functools import lru_cache

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from portal import clock
from portal.enums import Verb
from portal.errors import Conflict, DomainError
from portal.models import Person
from portal.services import journal, mail
from portal.services.versions import save_if_unchanged
from portal.workflow import Move, Moves
from programmes.enums import HandoverState, ProgrammeRoleKind
from programmes.models import Handover, Participation, Programme, ProgrammeRole
from programmes.services import rollout, team

H = HandoverState
R = ProgrammeRoleKind
SOURCE = settings.BASE_DIR / "fixtures/texts/handover.json"
NOTICE_DAYS = 15
TOO_SOON = f"Les agents sont prévenus {NOTICE_DAYS} jours avant : choisissez une date plus lointaine."
MAIL = "programmes/handover"
MOVES = Moves(
    Handover,
    [
        Move("announce", (H.PREPARING,), H.ANNOUNCED, "Cette passation n’est plus en préparation."),
        Move("cancel", (H.PREPARING, H.ANNOUNCED), H.CANCELLED, "Cette passation est déjà abandonnée."),
    ],
)


@lru_cache(maxsize=1)
def lines() -> tuple[tuple[str, str], ...]:
    """The nine lines: code, text."""
    return tuple((row["code"], row["text"]) for row in json.loads(SOURCE.read_text(encoding="utf-8"))["lines"])


def earliest(programme: Programme) -> dt.date:
    """The first date that may be chosen today."""
    return clock.today(programme.time_zone) + dt.timedelta(days=NOTICE_DAYS)


def latest(programme: Programme) -> Handover | None:
    """The one under way, or the last one done; abandoned ones are not shown."""
    rows = programme.handovers.exclude(state=H.CANCELLED).select_related("leaver", "successor", "document")
    return rows.first()


def under_way(handover: Handover | None) -> bool:
    """In preparation, or announced and not yet at its date."""
    if handover is None:
        return False
    today = clock.today(handover.programme.time_zone)
    return handover.state == H.PREPARING or (handover.state == H.ANNOUNCED and handover.on > today)


def _successor(programme: Programme, leaver: Person, email: str, hr_known: bool) -> Person | None:
    """Nobody yet when `email` is empty. Raises DomainError on `email`, `role` or `hr_known`."""
    if not email.strip():
        return None
    person = team.known_person(programme, email)
    if person == leaver:
        raise DomainError("C’est vous qui partez : désignez une autre personne.", field="email")
    if standing_role(programme, person):
        raise DomainError("Cette personne est déjà référente de ce programme : mettez fin à votre rôle.", field="email")
    team.check_role(programme=programme, person=person, role=R.REFERENT, hr_known=hr_known)
    return person


def standing_role(programme: Programme, person: Person) -> ProgrammeRole | None:
    """The référent's role this person holds without end, if any."""
    return programme.roles.filter(person=person, role=R.REFERENT, ends__isnull=True).first()


@transaction.atomic
def prepare(*, programme: Programme, by: Person, on: dt.date, email: str = "", hr_known: bool = False) -> Handover:
    """`by` will leave; somebody named by address, or nobody yet, comes on `on`."""
    if standing_role(programme, by) is None:
        raise DomainError("Une passation part d’un·e référent·e en place, sans date de fin.")
    if under_way(latest(programme)):
        raise DomainError("Une passation est déjà en cours.")
    if on < earliest(programme):
        raise DomainError(TOO_SOON, field="on")
    successor = _successor(programme, by, email, hr_known)
    handover = Handover.objects.create(programme=programme, leaver=by, successor=successor, on=on)
    journal.log(actor=by, verb=Verb.CREATED, target=handover, employer=programme.lead_employer)
    return handover


@transaction.atomic
def change(*, handover: Handover, seen: int, by: Person, on: dt.date, email: str = "", hr_known: bool = False) -> None:
    """Another date or another successor, until the announcement. Raises Conflict if changed meanwhile."""
    _preparing(handover)
    if on < earliest(handover.programme):
        raise DomainError(TOO_SOON, field="on")
    handover.successor = _successor(handover.programme, handover.leaver, email, hr_known)
    handover.on = on
    save_if_unchanged(handover, seen=seen, fields=["successor", "on"])
    journal.log(actor=by, verb=Verb.CHANGED, target=handover, employer=handover.programme.lead_employer)


@transaction.atomic
def tick(*, handover: Handover, done: list[str], by: Person) -> None:
    """Exactly these lines of the checklist are done; they may still be ticked after the announcement."""
    handover.done = [code for code, _ in lines() if code in done]
    Handover.objects.filter(pk=handover.pk).update(done=handover.done)
    journal.log(actor=by, verb=Verb.CHANGED, target=handover, employer=handover.programme.lead_employer)


def _preparing(handover: Handover) -> None:
    if handover.state != H.PREPARING:
        raise DomainError("Cette passation est annoncée : abandonnez-la pour en changer.")


# --- Announcing and giving up ---------------------------------------------------------------------------------------
def announce(*, handover: Handover, by: Person) -> None:
    """Date the roles, and tell everybody who takes part, in one neutral message."""
    programme = handover.programme
    with MOVES.moving(handover, "announce", by=by) as fresh:
        if fresh.on < earliest(programme):
            raise DomainError(TOO_SOON, field="on")
        if fresh.leaver is None:
            raise DomainError("La personne qui part n’a plus de compte : abandonnez cette passation.")
        if fresh.successor:
            team.check_role(programme=programme, person=fresh.successor, role=R.REFERENT, hr_known=True)
        fresh.announced_at = clock.now()
        _date_roles(fresh, by)
        for person in told(fresh):
            mail.post(kind=MAIL, key=f"handover:{fresh.ref}:{person.ref}", person=person, object_ref=fresh.ref)
        journal.log(actor=by, verb=Verb.MOVED, target=fresh, employer=programme.lead_employer)


def told(handover: Handover) -> list[Person]:
    """Everybody with an open participation, but the two people themselves."""
    open_ones = Participation.objects.open().filter(programme=handover.programme, person__isnull=False)
    people = Person.objects.filter(participations__in=open_ones).distinct().order_by("pk")
    return list(people.exclude(pk__in=[handover.leaver_id, handover.successor_id or 0]))


def _date_roles(handover: Handover, by: Person) -> None:
    """The leaver's role ends the day before; the successor's begins on the day and their deputy's role ends."""
    programme, eve = handover.programme, handover.on - dt.timedelta(days=1)
    leaving = programme.roles.filter(person=handover.leaver, role=R.REFERENT, ends__isnull=True)
    if not leaving.update(ends=eve):
        raise DomainError("La personne qui part n’est plus référente de ce programme.")
    if handover.successor:
        rollout.grant(programme=programme, person=handover.successor, role=R.REFERENT, by=by, starts=handover.on)
        programme.roles.filter(person=handover.successor, role=R.DEPUTY, ends__isnull=True).update(ends=eve)


def cancel(*, handover: Handover, by: Person) -> None:
    """Before the date only: everything is as it was."""
    programme = handover.programme
    announced = handover.state == H.ANNOUNCED
    if announced and not under_way(handover):
        raise DomainError("La date est passée : la passation est faite.")
    with MOVES.moving(handover, "cancel", by=by) as fresh:
        if announced:
            eve = fresh.on - dt.timedelta(days=1)
            roles = programme.roles
            roles.filter(person=fresh.successor, role=R.REFERENT, starts=fresh.on).delete()
            dated = Q(person=fresh.leaver, role=R.REFERENT) | Q(person=fresh.successor, role=R.DEPUTY)
            roles.filter(dated, ends=eve).update(ends=None)
        journal.log(actor=by, verb=Verb.MOVED, target=fresh, employer=programme.lead_employer)


# --- What the agent reads and does ----------------------------------------------------------------------------------
def announced_to(participation: Participation) -> Handover | None:
    """The handover this person must know of: announced, until a month after its date."""
    if participation.person_id is None or participation.ended_on:
        return None
    since = clock.today(participation.programme.time_zone) - dt.timedelta(days=30)
    rows = participation.programme.handovers.filter(state=H.ANNOUNCED, on__gt=since)
    found = rows.select_related("leaver", "successor").first()
    return None if found and participation.person_id in (found.leaver_id, found.successor_id) else found


@transaction.atomic
def erase_text(*, participation: Participation, by: Person) -> None:
    """One's own free text goes at once, nothing else changes. A form filled before can no longer bring it back."""
    if participation.person_id != by.pk:
        raise DomainError("Seule la personne concernée peut faire cela.")
    participation.free_text, participation.presentation, participation.presentation_published = "", "", False
    version = participation.version
    if not Participation.objects.filter(pk=participation.pk, version=version).update(version=version + 1):
        raise Conflict
    participation.version = version + 1
    participation.save(update_fields=["free_text", "presentation", "presentation_published"])
    employer = participation.employer
    journal.log(actor=by, verb=Verb.CHANGED, target=participation, subject=by, employer=employer)
