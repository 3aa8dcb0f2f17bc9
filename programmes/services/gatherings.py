"""Dated collective times: announced to members and participants, entered in one click, counted without a name.

Who registered is read by nobody else. The number of people who came is typed afterwards, and the registrations go then.
One that asks (`asks`) hands them first to whoever asks their opinion (HELD hook), once it is over.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from portal import clock, registry
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.registry import Event
from portal.services import journal, mail
from portal.services.versions import save_if_unchanged
from programmes import letter_text
from programmes.enums import OPEN_PARTICIPATION, ProgrammeRoleKind, SessionState
from programmes.models import Gathering, Programme, ProgrammeRole, Registration

MAIL = "programmes/gathering"
CALENDAR_NAME = "temps collectif"
# What whoever registered is told of when it changes.
TOLD = ("starts_at", "place", "minutes", "asks")
# How long after its beginning a gathering is still announced, so that whoever is late finds the place.
STILL = dt.timedelta(hours=1)
# Registrations that nobody came to count.
REGISTRATION_DAYS = 30
NEUTRAL = "Restez neutre : ce titre se lit dans un agenda. Ne dites rien de la santé ni du handicap."


# --- Organising -----------------------------------------------------------------------------------------------------
def _check(fields: dict) -> None:
    for name in ("title", "place"):
        if name in fields and letter_text.health_words(fields[name]):
            raise DomainError(NEUTRAL, field=name)
    if fields.get("seats") == 0:
        raise DomainError("Laissez vide si les places ne sont pas comptées.", field="seats")


@transaction.atomic
def plan(
    *,
    programme: Programme,
    kind: str,
    title: str,
    starts_at: dt.datetime,
    minutes: int,
    place: str,
    by: Person,
    seats: int | None = None,
    asks: bool = False,
) -> Gathering:
    """Members and participants read it in their space from now on; no mail leaves. A past one waits for its number."""
    fields = {"kind": kind, "title": title.strip(), "starts_at": starts_at, "minutes": minutes}
    fields |= {"place": place.strip(), "seats": seats, "asks": asks}
    _check(fields)
    row = Gathering.objects.create(programme=programme, **fields)
    journal.log(actor=by, verb=Verb.CREATED, target=row, employer=programme.lead_employer)
    return row


@transaction.atomic
def change(*, gathering: Gathering, seen: int, by: Person, **fields) -> None:
    """Whoever registered is told when the moment, the place or what is asked afterwards changes.

    Raises Conflict if changed meanwhile.
    """
    _still_planned(gathering)
    _check(fields)
    moved = any(getattr(gathering, name) != fields.get(name, getattr(gathering, name)) for name in TOLD)
    for name, value in fields.items():
        setattr(gathering, name, value)
    try:
        with transaction.atomic():
            save_if_unchanged(gathering, seen=seen, fields=list(fields))
    except IntegrityError as error:
        raise DomainError("Il y a déjà plus d’inscriptions que cela.", field="seats") from error
    journal.log(actor=by, verb=Verb.CHANGED, target=gathering, employer=gathering.programme.lead_employer)
    if moved:
        _tell(gathering)


@transaction.atomic
def cancel(*, gathering: Gathering, by: Person) -> None:
    """Whoever registered is told; their registrations go."""
    rows = Gathering.objects.filter(pk=gathering.pk, state=SessionState.PLANNED)
    if not rows.update(state=SessionState.CANCELLED, version=F("version") + 1):
        raise DomainError("Seul un temps collectif prévu peut être annulé.")
    gathering.refresh_from_db()
    journal.log(actor=by, verb=Verb.MOVED, target=gathering, employer=gathering.programme.lead_employer)
    _tell(gathering)
    _empty(Gathering.objects.filter(pk=gathering.pk))


@transaction.atomic
def record_held(*, gathering: Gathering, attended: int, seen: int, by: Person) -> str:
    """It took place, with so many people; said again, the number is corrected. The registrations go.

    Returns what follows, in a sentence; "" for nothing.
    """
    if gathering.state == SessionState.CANCELLED:
        raise DomainError("Ce temps collectif est annulé.")
    if gathering.starts_at > clock.now():
        raise DomainError("Ce temps collectif n’a pas encore eu lieu.")
    if not may_count(gathering):
        raise DomainError("Notez le nombre une fois ce temps terminé : les questions partent à ce moment-là.")
    first = gathering.state == SessionState.PLANNED
    gathering.state, gathering.attended = SessionState.HELD, attended
    save_if_unchanged(gathering, seen=seen, fields=["state", "attended"])
    # After the row is written: whoever registers meanwhile has waited for it, or is in.
    said = [hook(gathering, by) or "" for hook in registry.hooks(registry.HELD)] if first else []
    _empty(Gathering.objects.filter(pk=gathering.pk))
    journal.log(actor=by, verb=Verb.MOVED, target=gathering, employer=gathering.programme.lead_employer)
    return " ".join(filter(None, said))


def may_count(gathering: Gathering) -> bool:
    """Begun; over, when its opinion is asked then. A past number is corrected at any time."""
    lasts = dt.timedelta(minutes=gathering.minutes if gathering.asks else 0)
    return gathering.state == SessionState.HELD or gathering.starts_at + lasts <= clock.now()


def _still_planned(gathering: Gathering) -> None:
    if gathering.state != SessionState.PLANNED:
        raise DomainError("Ce temps collectif n’est plus prévu.")


def _empty(rows: QuerySet[Gathering]) -> int:
    gone = Registration.objects.filter(gathering__in=rows).delete()[0]
    rows.filter(taken__gt=0).update(taken=0)
    return gone


def _tell(gathering: Gathering) -> None:
    for row in gathering.registrations.select_related("person").order_by("pk"):
        key = f"gathering:{gathering.ref}:{gathering.version}:{row.person.ref}"
        mail.post(kind=MAIL, key=key, person=row.person, object_ref=gathering.ref)


def to_count(programme: Programme) -> list[Gathering]:
    """Begun, and their number is not typed yet."""
    begun = programme.gatherings.filter(state=SessionState.PLANNED, starts_at__lte=clock.now())
    return [row for row in begun.order_by("starts_at") if may_count(row)]


def waits_for_number(gathering: Gathering) -> bool:
    return gathering.state == SessionState.PLANNED and may_count(gathering)


def facilitated_by(person: Person) -> QuerySet[Gathering]:
    """Of the programmes where the person facilitates: those they may type a number for."""
    held = ProgrammeRole.objects.in_force().filter(person=person, role=ProgrammeRoleKind.FACILITATOR)
    rows = Gathering.objects.filter(programme__in=held.values("programme")).select_related("programme__lead_employer")
    return rows.exclude(state=SessionState.CANCELLED)


# --- Coming ---------------------------------------------------------------------------------------------------------
def attended_by(person: Person) -> QuerySet[Programme]:
    """Programmes whose collective times the person may come to: member, or taking part on any side."""
    member = Q(memberships__person=person, memberships__left_on__isnull=True)
    taking_part = Q(participations__person=person, participations__state__in=OPEN_PARTICIPATION)
    return Programme.objects.filter(member | taking_part).distinct()


def announced(person: Person) -> QuerySet[Gathering]:
    """What comes, for this person, soonest first."""
    rows = Gathering.objects.filter(programme__in=attended_by(person), state=SessionState.PLANNED)
    coming = rows.filter(starts_at__gt=clock.now() - STILL)
    return coming.select_related("programme__lead_employer").order_by("starts_at", "pk")


def registered(person: Person) -> set[int]:
    """Primary keys of the gatherings the person registered for."""
    return set(Registration.objects.filter(person=person).values_list("gathering_id", flat=True))


@transaction.atomic
def register(*, gathering: Gathering, person: Person) -> None:
    """One click; twice is once. The last seat is taken by whoever comes first."""
    if not announced(person).filter(pk=gathering.pk).exists():
        raise DomainError("Les inscriptions à ce temps collectif sont closes.")
    if Registration.objects.filter(gathering=gathering, person=person).exists():
        return
    free = Q(seats__isnull=True) | Q(taken__lt=F("seats"))
    taken = Gathering.objects.filter(free, pk=gathering.pk, state=SessionState.PLANNED).update(taken=F("taken") + 1)
    if not taken:
        raise DomainError("Il n’y a plus de place. Revenez voir : une place se libère parfois.")
    try:
        with transaction.atomic():
            Registration.objects.create(gathering=gathering, person=person, at=clock.now())
    except IntegrityError:  # Sent twice at once.
        Gathering.objects.filter(pk=gathering.pk).update(taken=F("taken") - 1)


@transaction.atomic
def unregister(*, gathering: Gathering, person: Person) -> None:
    """One click; the seat is free again."""
    if Registration.objects.filter(gathering=gathering, person=person).delete()[0]:
        Gathering.objects.filter(pk=gathering.pk).update(taken=F("taken") - 1)


@transaction.atomic
def give_up_seats(*, person: Person, programme: Programme | None = None) -> None:
    """The seats of somebody who left this programme, or is erased."""
    rows = Registration.objects.filter(person=person)
    if programme is not None:
        if attended_by(person).filter(pk=programme.pk).exists():
            return
        rows = rows.filter(gathering__programme=programme)
    for row in rows.select_related("gathering"):
        unregister(gathering=row.gathering, person=person)


def forget_old() -> int:
    """Registrations of what nobody came to count."""
    old = clock.now() - dt.timedelta(days=REGISTRATION_DAYS)
    return _empty(Gathering.objects.filter(starts_at__lt=old))


# --- Dates ----------------------------------------------------------------------------------------------------------
def dated(programme: Programme, first: dt.date, last: dt.date) -> list[Event]:
    """CALENDAR hook. An outside calendar shows neither title nor place."""
    begin = clock.midnight(first, programme.time_zone)
    end = clock.midnight(last + dt.timedelta(days=1), programme.time_zone)
    rows = programme.gatherings.filter(state=SessionState.PLANNED, starts_at__gte=begin, starts_at__lt=end)
    return [
        Event(
            f"gathering-{row.ref}",
            row.starts_at,
            f"{row.get_kind_display().capitalize()} : {row.title}",
            CALENDAR_NAME,
            reverse("programmes:gathering", args=[programme.slug, row.ref]),
            row.minutes,
        )
        for row in rows.order_by("starts_at", "pk")
    ]
