"""Places in training: an agent registers, gives the place back, is reminded of the day.

The last place is taken by a conditional update under a CHECK, so that of two people at once one gets it; the other is
on the list of interest, and is told when a place comes free. Nobody is ever asked why they give a place back.
"""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from portal import clock
from portal.errors import Conflict, DomainError
from portal.local_day import local_day
from portal.models import Affiliation, OutgoingMail, Person
from portal.registry import Event
from portal.services import mail
from programmes.access import holds
from programmes.enums import OPEN_PARTICIPATION, ParticipationState, Presence, ProgrammeRoleKind, SessionState, Side
from programmes.enums import TrainingPublic as P
from programmes.models import Participation, Programme, TrainingAttendance, TrainingSession
from programmes.services import agenda
from programmes.services.training import MAIL

PLACE_MAIL = "programmes/session_place"
REMIND_DAYS = 3
COURSE_ROLES = (ProgrammeRoleKind.REFERENT, ProgrammeRoleKind.DEPUTY, ProgrammeRoleKind.PAIR_REFEREE)
IN_TRAINING = (ParticipationState.ACCEPTED, ParticipationState.PAUSED)
FULL = "La dernière place vient d’être prise. Vous êtes sur la liste d’intérêt : on vous écrit si une place se libère."
GONE = "Cette séance a déjà eu lieu, ou n’a plus lieu."


# --- Who a session is for ---------------------------------------------------------------------------------------------
def _coming() -> QuerySet[TrainingSession]:
    """Planned and not behind us."""
    return TrainingSession.objects.filter(state=SessionState.PLANNED, on__gte=local_day("programme__lead_employer"))


def _for(person: Person) -> Q:
    """Sessions whose public `person` belongs to."""
    mine = person.participations.filter(state__in=IN_TRAINING)
    managed = Affiliation.objects.in_force().filter(manager=person).values("employer")
    shared = Q(programme__partners__employer__in=managed, programme__partners__left__isnull=True)
    return (
        Q(public=P.PARTICIPANTS, programme__in=mine.exclude(side=Side.HELPED).values("programme"))
        | Q(public=P.EVERYBODY, programme__in=mine.values("programme"))
        | Q(public=P.TEAM) & holds(person, "programme", COURSE_ROLES)
        | Q(public=P.MANAGERS) & (Q(programme__lead_employer__in=managed) | shared)
    )


def open_to(person: Person) -> QuerySet[TrainingSession]:
    """Sessions with places for which `person` may register and has not."""
    own = TrainingAttendance.objects.filter(_own(person))
    rows = _coming().filter(_for(person), places__isnull=False).exclude(pk__in=own.values("session"))
    rows = rows.select_related("programme__lead_employer").prefetch_related("modules")
    return rows.distinct().order_by("on", "at", "pk")


def _own(person: Person) -> Q:
    return Q(participation__person=person) | Q(guest=person)


def mine(person: Person) -> QuerySet[TrainingAttendance]:
    """Sessions `person` is expected at, followed or would like to follow."""
    rows = TrainingAttendance.objects.filter(_own(person))
    return rows.select_related("session__programme__lead_employer").prefetch_related("session__modules")


def waiting(programme: Programme) -> dict[int, int]:
    """How many people are on the list of interest, by session."""
    rows = TrainingAttendance.objects.filter(session__programme=programme, presence=Presence.WAITING)
    counted: dict[int, int] = {}
    for session in rows.values_list("session_id", flat=True):
        counted[session] = counted.get(session, 0) + 1
    return counted


def _seat(session: TrainingSession, person: Person) -> dict:
    """As whom `person` comes: their part in the programme, or somebody for whom the course is made."""
    if not TrainingSession.objects.filter(_for(person), pk=session.pk).exists():
        raise DomainError("Cette séance n’est pas ouverte à l’inscription pour vous.")
    if session.public not in (P.PARTICIPANTS, P.EVERYBODY):
        return {"guest": person}
    parts = session.programme.participations.filter(person=person, state__in=IN_TRAINING)
    if session.public == P.PARTICIPANTS:
        parts = parts.exclude(side=Side.HELPED)
    return {"participation": sorted(parts, key=lambda part: (part.side == Side.HELPED, part.pk))[0]}


# --- Taking a place, giving it back -----------------------------------------------------------------------------------
@transaction.atomic
def register(*, session: TrainingSession, by: Person) -> Presence:
    """Expected, or on the list of interest when no place is left; said twice, nothing more happens."""
    _check_coming(session)
    if session.places is None:
        raise DomainError("Cette séance se fait sur invitation.")
    row, _ = TrainingAttendance.objects.get_or_create(
        session=session, **_seat(session, by), defaults={"presence": Presence.WAITING}
    )
    if row.presence != Presence.WAITING:
        return Presence(row.presence)
    free = TrainingSession.objects.filter(pk=session.pk, state=SessionState.PLANNED, taken__lt=F("places"))
    if not free.update(taken=F("taken") + 1):
        return Presence.WAITING
    # The same person twice at once holds one place.
    if not TrainingAttendance.objects.filter(pk=row.pk, presence=Presence.WAITING).update(presence=Presence.EXPECTED):
        raise Conflict
    return Presence.EXPECTED


@transaction.atomic
def give_back(*, session: TrainingSession, by: Person) -> None:
    """The place, or the wish for one, before the day is over; those who would like one are told."""
    _check_coming(session)
    _leave(session, TrainingAttendance.objects.filter(_own(by), session=session))


def _leave(session: TrainingSession, rows: QuerySet[TrainingAttendance]) -> None:
    held = rows.filter(presence=Presence.EXPECTED).delete()[0]
    rows.filter(presence=Presence.WAITING).delete()
    if not held:
        return
    TrainingSession.objects.filter(pk=session.pk, taken__gt=0).update(taken=F("taken") - 1)
    if session.places is not None:
        _tell_waiting(session)


def _tell_waiting(session: TrainingSession) -> None:
    """First come: the list says who would like to, not who is first. One message a day at most."""
    rows = session.attendances.filter(presence=Presence.WAITING)
    for row in rows.select_related("participation__person", "guest"):
        key = f"training:{session.ref}:place:{clock.now():%Y%m%d}:{row.person.ref}"
        mail.post(kind=PLACE_MAIL, key=key, person=row.person, object_ref=session.ref)


def _check_coming(session: TrainingSession) -> None:
    if session.state != SessionState.PLANNED or session.on < clock.today(session.programme.time_zone):
        raise DomainError(GONE)


def leave(participation: Participation, by: Person) -> None:
    """LEAVING hook: whoever leaves the programme is expected nowhere any more, and what is theirs alone goes."""
    participation.self_positionings.all().delete()
    for row in participation.training_attendances.filter(session__in=_coming()).select_related("session"):
        _leave(row.session, TrainingAttendance.objects.filter(pk=row.pk))


def forget(person: Person) -> None:
    """ERASURE hook: courses followed as somebody of the team, or as a manager; a place held comes free."""
    for row in TrainingAttendance.objects.filter(guest=person).select_related("session"):
        _leave(row.session, TrainingAttendance.objects.filter(pk=row.pk))
    TrainingAttendance.objects.filter(guest=person).delete()


# --- Reminder, diary ---------------------------------------------------------------------------------------------------
def remind() -> int:
    """One neutral mail in the last three days, to whoever is expected and was told earlier than yesterday.

    Run often without harm. How many people are reminded of a day, today or already.
    """
    limit = local_day("programme__lead_employer", REMIND_DAYS)
    rows = TrainingAttendance.objects.filter(session__in=_coming().filter(on__lte=limit), presence=Presence.EXPECTED)
    rows = rows.filter(Q(guest__isnull=False) | Q(participation__state__in=OPEN_PARTICIPATION))
    rows = list(rows.select_related("session__programme__lead_employer", "participation__person", "guest"))
    told = _told_lately({row.session.ref for row in rows})
    reminded = 0
    for row in rows:
        day_before = row.session.on > clock.today(row.session.programme.time_zone)
        if day_before and (row.session.ref, row.person.pk) not in told:
            key = f"training:{row.session.ref}:reminder:{row.session.on}:{row.person.ref}"
            mail.post(kind=MAIL, key=key, person=row.person, object_ref=row.session.ref)
            reminded += 1
    return reminded


def _told_lately(sessions: set[UUID]) -> set[tuple[UUID, int]]:
    """Who had a message about which session since yesterday."""
    since = clock.now() - dt.timedelta(days=1)
    rows = OutgoingMail.objects.filter(kind=MAIL, object_ref__in=sessions, created_at__gt=since)
    return set(rows.values_list("object_ref", "person_id"))


def event(session: TrainingSession, *, label: str = "", url: str = "") -> Event:
    """The session in a diary: the hour when there is one, « séance » and nothing else."""
    zone = clock.ZoneInfo(session.programme.time_zone)
    on = dt.datetime.combine(session.on, session.at, tzinfo=zone) if session.at else session.on
    minutes = session.minutes if session.at else 0
    return Event(f"training-{session.ref}", on, label, "séance", url, minutes)


def diary(session: TrainingSession) -> bytes:
    """The session alone, for one's own diary."""
    return agenda.write(session.programme.ref, [event(session)])
