"""Training: sessions, who came, and « prêt·e à accompagner ». No appreciation of anybody is kept (domain.md g).

Minutes count towards the base when the session held one of the modules to follow before the first meeting (M3, M4, M6:
7 h together). Two peers follow 3 h 30 of it together: M4, M6 and half an hour of M3, in one session.
"""

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import Person
from portal.registry import CLEARED, hooks
from portal.services import journal, mail
from portal.workflow import Move, Moves
from programmes.access import may_decide
from programmes.enums import Decision, Form, ParticipationState, Presence, SessionState, Side
from programmes.models import Participation, Programme, Readiness, TrainingAttendance, TrainingModule, TrainingSession
from programmes.services import gates

TITLE = "Entraide professionnelle entre agents"
BASE_MINUTES = 420
MAIL = "programmes/session"
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
) -> TrainingSession:
    """A session on working time; without a duration, that of its modules."""
    if not modules:
        raise DomainError("Choisissez au moins un module.", field="modules")
    minutes = minutes or sum(module.minutes for module in modules)
    if not 30 <= minutes <= 1680:
        raise DomainError("Une séance dure entre 30 minutes et 28 heures.", field="minutes")
    allowed = set(trainable(programme).values_list("pk", flat=True))
    if not invited or not {row.pk for row in invited} <= allowed:
        raise DomainError("Invitez au moins une personne acceptée de ce programme.", field="invited")
    session = TrainingSession.objects.create(programme=programme, on=on, place=place, minutes=minutes)
    session.modules.set(modules)
    TrainingAttendance.objects.bulk_create(TrainingAttendance(session=session, participation=row) for row in invited)
    journal.log(actor=by, verb=Verb.CREATED, target=session, employer=programme.lead_employer)
    if on >= clock.today(programme.time_zone):
        _tell(session)
    return session


def cancel(*, session: TrainingSession, by: Person) -> None:
    with MOVES.moving(session, "cancel", by=by):
        pass
    _tell(session)


@transaction.atomic
def record_attendance(*, session: TrainingSession, presences: dict[Participation, Presence], by: Person | None) -> None:
    """The sheet after the session: present or excused, for everybody expected. It may be corrected later."""
    if session.on > clock.today(session.programme.time_zone):
        raise DomainError("Cette séance n’a pas encore eu lieu.")
    expected = {row.participation_id: row for row in session.attendances.filter(participation__person__isnull=False)}
    if {row.pk for row in presences} != set(expected):
        raise DomainError("La feuille ne correspond plus aux personnes attendues. Rouvrez-la.")
    if not set(presences.values()) <= {Presence.PRESENT, Presence.EXCUSED}:
        raise DomainError("Indiquez « présent·e » ou « excusé·e » pour chaque personne.")
    if session.state != SessionState.HELD:
        with MOVES.moving(session, "hold", by=by):
            pass
    for participation, presence in presences.items():
        TrainingAttendance.objects.filter(session=session, participation=participation).update(presence=presence)
    journal.log(
        actor=by,
        verb=Verb.CHANGED,
        target=session,
        employer=session.programme.lead_employer,
        count=len(presences),
    )
    for participation in presences:
        if participation.side == Side.PEER and cleared(participation):
            _clear(participation)


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


@transaction.atomic
def decide(*, participation: Participation, decision: Decision, by: Person) -> Readiness:
    """After the closing talk. The latest decision counts; « prêt·e » asks for the hours. A started pair goes on."""
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
    readiness, _ = Readiness.objects.update_or_create(
        participation=participation,
        defaults={"decision": decision, "decided_on": today, "decided_by": by, "at": clock.now()},
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
    rows = session.attendances.select_related("participation__person")
    for person in (row.participation.person for row in rows if row.participation.person_id):
        mail.post(
            kind=MAIL,
            key=f"training:{session.ref}:{session.state}:{person.ref}",
            person=person,
            object_ref=session.ref,
        )
