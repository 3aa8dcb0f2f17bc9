"""Supervision: a time to step back, outside the line of management. Who was there, never why not (domain.md h.2).

A supervisor of the portal marks the sheet in their own space; one from outside gets a signed link per session.
"""

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from pairing.enums import COLLECTIVE_KINDS, UNLED_KINDS, PairState, Part, SupervisionKind, SupervisionTheme
from pairing.models import PairMember, SupervisionAttendance, SupervisionSession, SupervisorEngagement
from pairing.services import gates, needs
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.local_day import local_day
from portal.models import Person, SignedLink
from portal.services import journal, links, mail, receipts
from portal.workflow import Move, Moves
from programmes.enums import LetterKind, ParticipationState, Presence, ProgrammeRoleKind, SessionState, Side
from programmes.models import Letter, Participation, Programme, ProgrammeRole

PURPOSE = "supervision"
LINK_DAYS = 14
LINK_MAIL = "pairing/supervision_sheet"
DATE_MAIL = "pairing/supervision_date"
MOVES = Moves(
    SupervisionSession,
    [
        Move("hold", (SessionState.PLANNED,), SessionState.HELD, "Cette séance n’est plus prévue."),
        Move("cancel", (SessionState.PLANNED,), SessionState.CANCELLED, "Cette séance n’est plus prévue."),
    ],
)


@transaction.atomic
def engage(
    *,
    programme: Programme,
    confidentiality_on: dt.date,
    by: Person,
    person: Person | None = None,
    name: str = "",
    address: str = "",
    engaged_on: dt.date | None = None,
) -> SupervisorEngagement:
    """Somebody with the supervisor's role here, or somebody outside: a name and an address for the links."""
    today = clock.today(programme.time_zone)
    if confidentiality_on > today:
        raise DomainError("L’engagement de confidentialité se signe avant.", field="confidentiality_on")
    if person:
        if not ProgrammeRole.objects.on(today).filter(
            programme=programme, person=person, role=ProgrammeRoleKind.SUPERVISOR
        ):
            raise DomainError("Cette personne n’a pas le rôle de superviseur·e dans ce programme.", field="person")
        if programme.participations.open().filter(person=person).exists():
            raise DomainError("Une personne qui participe au programme ne le supervise pas.", field="person")
        name, address = person.short_name, ""
    else:
        name, address = name.strip(), address.strip().lower()
        if not name:
            raise DomainError("Choisissez une personne, ou écrivez le nom d’une personne extérieure.", field="name")
        try:
            validate_email(address)
        except ValidationError as error:
            raise DomainError("Cette adresse électronique n’est pas complète.", field="address") from error
    engagement = SupervisorEngagement.objects.create(
        programme=programme,
        person=person,
        name=name,
        address=address,
        engaged_on=engaged_on or today,
        confidentiality_on=confidentiality_on,
        created_at=clock.now(),
    )
    journal.log(actor=by, verb=Verb.CREATED, target=engagement, employer=programme.lead_employer)
    return engagement


@transaction.atomic
def end_engagement(*, engagement: SupervisorEngagement, by: Person) -> None:
    """From tomorrow on; sessions still planned with this person are cancelled. Pairs in life go on."""
    if engagement.ended_on:
        raise DomainError("Cet engagement est déjà terminé.")
    programme = engagement.programme
    engagement.ended_on = clock.today(programme.time_zone)
    engagement.save(update_fields=["ended_on"])
    for session in engagement.sessions.filter(state=SessionState.PLANNED, starts_at__gt=clock.now()):
        cancel(session=session, by=by)
    journal.log(actor=by, verb=Verb.CHANGED, target=engagement, employer=programme.lead_employer)
    gates.supervision_changed(programme)


def in_mission(*, paused: bool = False) -> QuerySet[Participation]:
    """Whoever supervision is for today: helpers and peers of accepted or living pairs, and helpers whose letter is in
    force, between two pairs or before the first. `paused`: also those who paused, who are expected nowhere."""
    open_states = (ParticipationState.ACCEPTED, *((ParticipationState.PAUSED,) if paused else ()))
    states = (PairState.ACCEPTED, PairState.ACTIVE, PairState.PAUSED)
    paired = PairMember.objects.filter(live=True, part__in=[Part.HELPER, Part.PEER], pair__state__in=states)
    bound = Letter.objects.holding(local_day("programme__lead_employer")).filter(
        kind=LetterKind.LETTER, suspended_on__isnull=True
    )
    rows = Participation.objects.filter(person__isnull=False).filter(
        Q(pk__in=paired.values("participation"))
        | Q(pk__in=bound.values("participation"), state__in=open_states, side=Side.HELPER)
    )
    return rows.select_related("person").order_by("person__sort_key", "pk")


def supervised(programme: Programme) -> QuerySet[Participation]:
    """Who is expected at its sessions."""
    return in_mission().filter(programme=programme)


@transaction.atomic
def plan(
    *,
    engagement: SupervisorEngagement,
    starts: list[dt.datetime],
    minutes: int,
    by: Person,
    place: str = "",
) -> list[SupervisionSession]:
    """Group sessions, several dates at once; whoever is in a mission by then is expected too (see `expected`)."""
    if engagement.ended_on:
        raise DomainError("Cette personne n’est plus engagée.", field="engagement")
    led = {"kind": SupervisionKind.GROUP, "supervisor": engagement}
    sessions = _create(engagement.programme, starts, minutes, place, by, **led)
    gates.supervision_changed(engagement.programme)
    return sessions


@transaction.atomic
def plan_year(
    *,
    programme: Programme,
    kind: str,
    starts: list[dt.datetime],
    minutes: int,
    by: Person,
    receipt: UUID,
    place: str = "",
    engagement: SupervisorEngagement | None = None,
) -> list[SupervisionSession]:
    """A series of collective dates of one kind. The same form sent twice is taken once. Raises DomainError."""
    if receipts.earlier(key=receipt) is not None:
        return []
    if kind not in COLLECTIVE_KINDS:
        raise DomainError(
            "Une séance individuelle se demande à la personne qui supervise : elle ne se prévoit pas ici."
        )
    known = programme.supervision_sessions.filter(kind=kind, starts_at__in=starts).exclude(state=SessionState.CANCELLED)
    if known.exists():
        raise DomainError("Une de ces dates est déjà prévue, à la même heure.", field="starts")
    receipts.keep(key=receipt, person=by, url="")
    if kind in UNLED_KINDS:
        return _create(programme, starts, minutes, place, by, kind=kind, supervisor=None)
    if engagement is None or engagement.programme_id != programme.pk:
        raise DomainError("Choisissez la personne qui anime.", field="engagement")
    return plan(engagement=engagement, starts=starts, minutes=minutes, place=place, by=by)


def _create(
    programme: Programme, starts: list[dt.datetime], minutes: int, place: str, by: Person, **led
) -> list[SupervisionSession]:
    if not starts or len(set(starts)) != len(starts):
        raise DomainError("Donnez une ou plusieurs dates, toutes différentes.", field="starts")
    if not 15 <= minutes <= 480:
        raise DomainError("Une séance dure entre 15 minutes et 8 heures.", field="minutes")
    sessions = []
    for moment in sorted(starts):
        session = SupervisionSession.objects.create(
            programme=programme, starts_at=moment, minutes=minutes, place=place, **led
        )
        journal.log(actor=by, verb=Verb.CREATED, target=session, employer=programme.lead_employer)
        sessions.append(session)
    if sessions[-1].starts_at > clock.now():
        _tell(sessions[0], sessions[0].ref)
    return sessions


def collective(programme: Programme) -> QuerySet[SupervisionSession]:
    """What the référent plans and reads: no individual session, whose mere existence would say something (field R8)."""
    rows = programme.supervision_sessions.filter(kind__in=COLLECTIVE_KINDS)
    return rows.select_related("programme__lead_employer", "supervisor")


def _tell(session: SupervisionSession, ref) -> None:
    """Dates were set or changed: helpers read them in their own space."""
    for participation in supervised(session.programme):
        key = f"supervision:{ref}:{session.state}:{participation.person.ref}"
        mail.post(kind=DATE_MAIL, key=key, person=participation.person, object_ref=session.ref)


def cancel(*, session: SupervisionSession, by: Person) -> None:
    with MOVES.moving(session, "cancel", by=by):
        pass
    links.revoke(purpose=PURPOSE, object_ref=session.ref)
    _tell(session, session.ref)
    gates.supervision_changed(session.programme)


def expected(session: SupervisionSession) -> list[Participation]:
    """Of a session held, whoever was on its sheet; before that, whoever is in a mission now."""
    if session.state == SessionState.HELD:
        rows = session.attendances.filter(participation__person__isnull=False)
        return [row.participation for row in rows.select_related("participation__person").order_by("pk")]
    return list(supervised(session.programme)) if session.state == SessionState.PLANNED else []


def open_to_marks(session: SupervisionSession) -> bool:
    """The sheet opens when the session begins and stays open to corrections."""
    return session.state != SessionState.CANCELLED and session.starts_at <= clock.now()


@transaction.atomic
def mark(
    *,
    session: SupervisionSession,
    presences: dict[Participation, Presence],
    themes: list[str],
    by: Person | None,
    need: str | None = None,
) -> None:
    """The sheet: present or excused, closed themes of the group and what it wishes to say (None: left as it is)."""
    if session.kind in UNLED_KINDS:
        raise DomainError("Rien n’est noté de ce temps-là : il n’a pas de feuille.")
    if not open_to_marks(session):
        raise DomainError("La feuille s’ouvre quand la séance commence.")
    if {row.pk for row in presences} != {row.pk for row in expected(session)}:
        raise DomainError("La feuille ne correspond plus aux personnes attendues. Rouvrez-la.")
    if not set(presences.values()) <= {Presence.PRESENT, Presence.EXCUSED}:
        raise DomainError("Indiquez « présent·e » ou « excusé·e » pour chaque personne.")
    if themes and session.kind != SupervisionKind.GROUP:
        raise DomainError("Une séance individuelle n’a pas de thème.")
    if not set(themes) <= set(SupervisionTheme.values):
        raise DomainError("Choisissez les thèmes dans la liste.", field="themes")
    if session.state == SessionState.PLANNED:
        with MOVES.moving(session, "hold", by=by) as fresh:
            fresh.themes = list(themes)
    else:
        SupervisionSession.objects.filter(pk=session.pk).update(themes=list(themes))
    noted = dict(session.attendances.values_list("participation", "presence"))
    SupervisionAttendance.objects.bulk_create(
        [
            SupervisionAttendance(session=session, participation=participation, presence=presence, noted_at=clock.now())
            for participation, presence in presences.items()
            if noted.get(participation.pk) != presence
        ],
        update_conflicts=True,
        update_fields=["presence", "noted_at"],
        unique_fields=["session", "participation"],
    )
    if need is not None:
        needs.write(session=session, words=need)
    employer = session.programme.lead_employer
    journal.log(actor=by, verb=Verb.CHANGED, target=session, employer=employer, count=len(presences))


def programmes_of(person: Person, *, paused: bool = False) -> QuerySet[Programme]:
    """Where supervision is for `person`; a session of one's own is offered during a pause too."""
    mine = in_mission(paused=paused).filter(person=person).values("programme")
    return Programme.objects.filter(pk__in=mine).select_related("lead_employer").order_by("name", "pk")


def coming_for(person: Person) -> list[SupervisionSession]:
    """The planned sessions where `person` is expected, the next one first."""
    programmes = programmes_of(person)
    planned = SupervisionSession.objects.filter(
        programme__in=programmes.values("pk"),
        kind__in=COLLECTIVE_KINDS,
        state=SessionState.PLANNED,
        starts_at__gt=clock.now(),
    )
    return list(planned.select_related("programme__lead_employer").order_by("starts_at", "pk"))


# --- The supervisor -------------------------------------------------------------------------------------------------
def sessions_of(person: Person) -> QuerySet[SupervisionSession]:
    """The sessions `person` leads, as long as they are engaged and hold the role today."""
    held = ProgrammeRole.objects.in_force().filter(person=person, role=ProgrammeRoleKind.SUPERVISOR)
    rows = SupervisionSession.objects.filter(supervisor__person=person, programme__in=held.values("programme"))
    return rows.exclude(supervisor__ended_on__lt=local_day("programme__lead_employer")).select_related(
        "programme__lead_employer", "supervisor"
    )


def mark_as_supervisor(*, session: SupervisionSession, by: Person, **sheet) -> None:
    if session.supervisor is None or session.supervisor.person_id != by.pk:
        raise Refused("Seule la personne qui anime cette séance remplit sa feuille.")
    mark(session=session, by=by, **sheet)


@transaction.atomic
def send_link(*, session: SupervisionSession, by: Person) -> SignedLink:
    """The sheet of one session, by a link used once, to the supervisor from outside; an earlier link stops working.

    Of a session held, to correct the sheet or to write otherwise what the group wishes to say.
    """
    engagement = session.supervisor
    if engagement is None:
        raise DomainError("Rien n’est noté de ce temps-là : il n’a pas de feuille.")
    if engagement.person_id:
        raise DomainError("Cette personne remplit la feuille dans son espace du portail.")
    if session.state == SessionState.CANCELLED:
        raise DomainError("Cette séance n’est plus prévue.")
    links.revoke(purpose=PURPOSE, object_ref=session.ref)
    until_session = max(0, (session.starts_at - clock.now()).days + 1)
    link, token = links.issue(purpose=PURPOSE, object_ref=session.ref, days=until_session + LINK_DAYS)
    mail.post(
        kind=LINK_MAIL,
        key=f"supervision:{session.ref}:link:{link.ref}",
        address=engagement.address.open(engagement.ref),
        object_ref=session.ref,
        secret={"token": token},
        employer=session.programme.lead_employer,
    )
    journal.log(actor=by, verb=Verb.CREATED, target=link, employer=session.programme.lead_employer)
    return link


def session_of(link: SignedLink) -> SupervisionSession | None:
    """None: the session is no longer there."""
    rows = SupervisionSession.objects.select_related("programme__lead_employer", "supervisor")
    return rows.filter(ref=link.object_ref).first()


@transaction.atomic
def mark_by_link(*, link: SignedLink, **sheet) -> None:
    """The link serves once, and only if the sheet is taken. Raises DomainError."""
    links.use(link=link)
    mark(session=session_of(link), by=None, **sheet)
