"""Training: sessions, who came, and « prêt·e à accompagner ». No appreciation of anybody is kept (domain.md g).

Minutes count towards the base when the session held one of the modules to follow before the first meeting (M3, M4, M6:
7 h together). Two peers follow 3 h 30 of it together: M4, M6 and half an hour of M3, in one session.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Max, QuerySet

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.registry import CLEARED, hooks
from portal.services import journal, mail
from portal.services.versions import save_if_unchanged
from portal.workflow import Move, Moves
from programmes.access import may_decide, programme_roles
from programmes.enums import (
    Decision,
    Form,
    ParticipationState,
    Presence,
    ProgrammeRoleKind,
    SessionState,
    Side,
    TrainingPublic,
)
from programmes.models import (
    Participation,
    Programme,
    ProgrammeRole,
    Readiness,
    TrainingAttendance,
    TrainingCount,
    TrainingModule,
    TrainingSession,
)
from programmes.services import gates

TITLE = "Entraide professionnelle entre agents"
BASE_MINUTES = 420
MAIL = "programmes/session"
# Analysis of situations, once a year; late, it stops nothing that runs (field R21).
REFRESHER, REFRESHER_DAYS = "R", 365
# Those whose courses are made for; whoever has an account registers by themselves.
NOT_TAKING_PART = (TrainingPublic.TEAM, TrainingPublic.MANAGERS)
OWN_SHEET = "Votre propre présence est notée par quelqu’un d’autre de l’équipe."
FORM_OF = {Side.HELPER: Form.PAIR, Side.PEER: Form.RECIPROCAL}
MOVES = Moves(
    TrainingSession,
    [
        Move("hold", (SessionState.PLANNED,), SessionState.HELD, "Cette séance n’est plus prévue."),
        Move("cancel", (SessionState.PLANNED,), SessionState.CANCELLED, "Cette séance n’est plus prévue."),
    ],
)


def trainable(programme: Programme) -> QuerySet[Participation]:
    """Whom a session may invite: accepted helpers and peers, paused ones included."""
    accepted = (ParticipationState.ACCEPTED, ParticipationState.PAUSED)
    rows = programme.participations.filter(side__in=FORM_OF, state__in=accepted, person__isnull=False)
    return rows.select_related("person").order_by("person__sort_key", "pk")


@transaction.atomic
def plan_session(
    *,
    programme: Programme,
    modules: list[TrainingModule],
    on: dt.date,
    invited: list[Participation],
    by: Person | None,
    place: str = "",
    minutes: int | None = None,
    at: dt.time | None = None,
    public: str = TrainingPublic.PARTICIPANTS,
    places: int | None = None,
) -> TrainingSession:
    """A session on working time; without a duration, that of its modules; with places, people register themselves."""
    if not modules:
        raise DomainError("Choisissez au moins un module.", field="modules")
    minutes = minutes or sum(module.minutes for module in modules)
    if not 30 <= minutes <= 1680:
        raise DomainError("Une séance dure entre 30 minutes et 28 heures.", field="minutes")
    _check_invited(programme, invited, public, places)
    session = TrainingSession.objects.create(
        programme=programme,
        public=public,
        on=on,
        at=at,
        places=places,
        taken=len(invited),
        place=place,
        minutes=minutes,
    )
    session.modules.set(modules)
    TrainingAttendance.objects.bulk_create(TrainingAttendance(session=session, participation=row) for row in invited)
    journal.log(actor=by, verb=Verb.CREATED, target=session, employer=programme.lead_employer)
    if on >= clock.today(programme.time_zone):
        _tell(session)
    return session


def _check_invited(programme: Programme, invited: list[Participation], public: str, places: int | None) -> None:
    if public in NOT_TAKING_PART and invited:
        raise DomainError("Cette séance n’est pas pour les personnes qui participent.", field="invited")
    allowed = set(trainable(programme).values_list("pk", flat=True))
    alone = places is None and public not in NOT_TAKING_PART
    if not {row.pk for row in invited} <= allowed or (alone and not invited):
        raise DomainError("Invitez au moins une personne acceptée de ce programme.", field="invited")
    if places is not None and not 1 <= places <= 200:
        raise DomainError("Indiquez entre 1 et 200 places.", field="places")
    if places is not None and len(invited) > places:
        raise DomainError("Il y a plus de personnes invitées que de places.", field="places")


@transaction.atomic
def put_off(*, session: TrainingSession, on: dt.date, at: dt.time | None, place: str, seen: int, by: Person) -> None:
    """Another day, hour or place; those who are expected keep their place and are told. Raises Conflict."""
    today = clock.today(session.programme.time_zone)
    if session.state != SessionState.PLANNED or session.on < today:
        raise DomainError("Cette séance n’est plus prévue.")
    if on < today:
        raise DomainError("Choisissez un jour à venir.", field="on")
    if (session.on, session.at, session.place) == (on, at, place):
        return
    session.on, session.at, session.place = on, at, place
    save_if_unchanged(session, seen=seen, fields=["on", "at", "place"])
    journal.log(actor=by, verb=Verb.CHANGED, target=session, employer=session.programme.lead_employer)
    _tell(session)


def cancel(*, session: TrainingSession, by: Person) -> None:
    with MOVES.moving(session, "cancel", by=by):
        pass
    _tell(session)


def markable(session: TrainingSession, by: Person | None) -> list[TrainingAttendance]:
    """Rows of the sheet that `by` may fill in: never one's own (decision 17); the deputy, the référents' own only."""
    rows = session.attendances.exclude(presence=Presence.WAITING)
    rows = rows.select_related("participation__person", "participation__programme", "guest").order_by("pk")
    found = [row for row in rows if row.person]
    if by is None:
        return found
    if ProgrammeRoleKind.REFERENT not in programme_roles(by, session.programme):
        referents = _referents(session.programme)
        found = [row for row in found if row.person.pk in referents]
    return [row for row in found if row.person.pk != by.pk]


def _referents(programme: Programme) -> set[int]:
    held = ProgrammeRole.objects.on(clock.today(programme.time_zone))
    return set(held.filter(programme=programme, role=ProgrammeRoleKind.REFERENT).values_list("person", flat=True))


def begun(session: TrainingSession) -> bool:
    """The sheet and the numbers are filled in from the day of the session on."""
    return session.state != SessionState.CANCELLED and session.on <= clock.today(session.programme.time_zone)


@transaction.atomic
def record_attendance(
    *, session: TrainingSession, presences: dict[Participation | Person, Presence], by: Person | None
) -> None:
    """The sheet after the session: present or excused, for everybody expected. It may be corrected later."""
    if by is not None and by.pk in {getattr(who, "person_id", who.pk) for who in presences}:
        raise Refused(OWN_SHEET)
    rows = {row.who: row for row in markable(session, by)}
    if set(presences) != set(rows):
        raise DomainError("La feuille ne correspond plus aux personnes attendues. Rouvrez-la.")
    if not set(presences.values()) <= {Presence.PRESENT, Presence.EXCUSED}:
        raise DomainError("Indiquez « présent·e » ou « excusé·e » pour chaque personne.")
    _hold(session, by)
    for who, presence in presences.items():
        TrainingAttendance.objects.filter(pk=rows[who].pk).update(presence=presence)
    journal.log(
        actor=by,
        verb=Verb.CHANGED,
        target=session,
        employer=session.programme.lead_employer,
        count=len(presences),
    )
    for who in presences:
        if isinstance(who, Participation) and who.side == Side.PEER and cleared(who):
            _clear(who)


def _hold(session: TrainingSession, by: Person | None) -> None:
    if session.on > clock.today(session.programme.time_zone):
        raise DomainError("Cette séance n’a pas encore eu lieu.")
    if session.state != SessionState.HELD:
        with MOVES.moving(session, "hold", by=by):
            pass


@transaction.atomic
def record_counts(*, session: TrainingSession, people: dict[str, int], by: Person) -> None:
    """How many came, by category, to a course for the team or for managers: never names. It may be corrected."""
    if session.public not in NOT_TAKING_PART:
        raise DomainError("Cette séance a une feuille de présence, pas de nombres.")
    _hold(session, by)
    session.counts.all().delete()
    TrainingCount.objects.bulk_create(
        TrainingCount(session=session, audience=audience, people=number)
        for audience, number in people.items()
        if number
    )
    journal.log(actor=by, verb=Verb.CHANGED, target=session, employer=session.programme.lead_employer)


def minutes_followed(participations: list[Participation]) -> dict[int, tuple[int, int]]:
    """By participation: all the minutes present, and those of sessions that held a module of the base."""
    present = TrainingAttendance.objects.filter(
        participation__in=participations, presence=Presence.PRESENT, session__state=SessionState.HELD
    )
    rows = list(present.values_list("participation_id", "session_id", "session__minutes"))
    base = set(present.filter(session__modules__before_meeting=True).values_list("session_id", flat=True))
    followed = {row.pk: (0, 0) for row in participations}
    for participation, session, minutes in rows:
        total, of_base = followed[participation]
        followed[participation] = total + minutes, of_base + (minutes if session in base else 0)
    return followed


def minutes_missing(participations: list[Participation]) -> dict[int, int]:
    """What each person still follows before the first meeting, by the programme's own setting; 0 when it is done."""
    followed = minutes_followed(participations)
    needed: dict[tuple, int] = {}
    missing = {}
    for row in participations:
        form = FORM_OF.get(Side(row.side))
        if form is None:
            missing[row.pk] = 0
            continue
        if (row.programme_id, form) not in needed:
            needed[row.programme_id, form] = gates.value(row.programme, gates.TRAINING[form])
        minutes, (total, base) = needed[row.programme_id, form], followed[row.pk]
        missing[row.pk] = max(0, minutes - total, min(minutes, BASE_MINUTES) - base)
    return missing


def complete(participation: Participation) -> bool:
    """Whether the hours asked before the first meeting are followed."""
    return not minutes_missing([participation])[participation.pk]


def cleared(participation: Participation) -> bool:
    """Whether training stands in nobody's way: the decision for a helper, the hours for a peer."""
    if participation.side == Side.HELPER:
        return Readiness.objects.filter(participation=participation, decision=Decision.READY).exists()
    return participation.side != Side.PEER or complete(participation)


def refresher_due(participations: list[Participation]) -> dict[int, dt.date]:
    """The day by which each person « prêt·e » could follow the yearly refresher: a target, nothing depends on it."""
    ready = Readiness.objects.filter(participation__in=participations, decision=Decision.READY)
    since = dict(ready.values_list("participation_id", "decided_on"))
    followed = TrainingAttendance.objects.filter(
        participation__in=since, presence=Presence.PRESENT, session__modules=REFRESHER, session__state=SessionState.HELD
    )
    last = dict(followed.order_by().values_list("participation_id").annotate(Max("session__on")))
    year = dt.timedelta(days=REFRESHER_DAYS)
    return {pk: max(day, last.get(pk, day)) + year for pk, day in since.items()}


@transaction.atomic
def decide(
    *, participation: Participation, decision: Decision, by: Person, talk_on: dt.date | None = None
) -> Readiness:
    """After the closing talk of three, held on `talk_on`; nothing is written of it. The latest decision counts; « prêt·e » asks for the hours. A started pair goes on."""
    if not may_decide(by, participation):
        raise Refused("Cette participation est la vôtre : la personne suppléante décide.")
    if participation.side != Side.HELPER or participation.state not in (
        ParticipationState.ACCEPTED,
        ParticipationState.PAUSED,
    ):
        raise DomainError("Cette décision concerne une personne acceptée pour accompagner.")
    if decision not in Decision.values:
        raise DomainError("Choisissez une décision.", field="decision")
    if decision == Decision.READY and not complete(participation):
        raise DomainError(
            "La formation demandée avant la première rencontre n’est pas terminée pour cette personne.",
            field="decision",
        )
    today = clock.today(participation.programme.time_zone)
    if talk_on and talk_on > today:
        raise DomainError("L’entretien a lieu avant la décision.", field="talk_on")
    readiness, _ = Readiness.objects.update_or_create(
        participation=participation,
        defaults={
            "decision": decision,
            "talk_on": talk_on,
            "decided_on": today,
            "decided_by": by,
            "at": clock.now(),
        },
    )
    employer = participation.programme.lead_employer
    journal.log(actor=by, verb=Verb.DECIDED, target=readiness, subject=participation.person, employer=employer)
    mail.post(
        kind="programmes/answer",
        key=f"readiness:{readiness.ref}:{readiness.at.isoformat()}",
        person=participation.person,
        object_ref=participation.ref,
    )
    if decision == Decision.READY:
        _clear(participation)
    return readiness


def _clear(participation: Participation) -> None:
    for hook in hooks(CLEARED):
        hook(participation, "training")


def _tell(session: TrainingSession) -> None:
    rows = session.attendances.select_related("participation__person", "guest")
    for person in (row.person for row in rows if row.person):
        mail.post(
            kind=MAIL,
            key=f"training:{session.ref}:{session.state}:{session.on}:{session.version}:{person.ref}",
            person=person,
            object_ref=session.ref,
        )
