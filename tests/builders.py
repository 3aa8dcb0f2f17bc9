"""Small worlds for tests, built through the services; keyword functions, boring on purpose."""

import datetime as dt
import itertools
import uuid

from allauth.account.internal.flows.login import record_authentication
from django.db import connection
from django.test import Client, RequestFactory

from pairing.models import Pair, SupervisionSession
from pairing.services import gates, pairs, supervision
from portal import clock, triggers
from portal.access import DEMO_METHOD
from portal.enums import EmployerRoleKind
from portal.models import Affiliation, Employer, EmployerRole, Person, Unit, User
from programmes import letter_text
from programmes.enums import ContactKind, Decision, Presence, Side, Validator
from programmes.models import Avoid, Contact, Participation, Programme, Theme, TrainingModule
from programmes.services import assessments, charter, letters, opening, rollout, training
from programmes.services import participation as participations

_numbers = itertools.count(1)
STARTS = dt.date(2020, 1, 1)
SCAN = b"%PDF-1.4 signed on paper"


def make_employer(slug: str = "", **fields) -> Employer:
    slug = slug or f"employeur-{next(_numbers)}"
    defaults = {"name": f"Ville de {slug}", "neutral_name": slug.capitalize(), "branch": "fpt"}
    return Employer.objects.create(slug=slug, **{**defaults, **fields})


def make_person(
    employer: Employer | None = None,
    given: str = "",
    *,
    team: str = "",
    manager: Person | None = None,
    roles: tuple[str, ...] = (),
) -> Person:
    """Somebody with an account; each in a team of their own unless `team` is named."""
    number = next(_numbers)
    user = User.objects.create_user(f"agent{number}@exemple.invalid")
    person = Person.objects.create(user=user, given=given or f"Agent{number}", family=f"Nom{number}")
    if employer:
        unit, _ = Unit.objects.get_or_create(
            employer=employer, parent=None, name=team or f"Équipe {number}", defaults={"is_team": True}
        )
        Affiliation.objects.create(person=person, employer=employer, unit=unit, manager=manager, starts=STARTS)
        for role in roles:
            EmployerRole.objects.create(person=person, employer=employer, role=role, starts=STARTS)
    return person


def make_programme(
    employer: Employer | None = None, *, referent: Person | None = None, opened: bool = True, **settings
) -> Programme:
    """A programme with its référent, open unless told otherwise."""
    employer = employer or make_employer()
    referent = referent or make_person(employer, "Référente")
    programme = rollout.create_programme(
        slug=f"programme-{next(_numbers)}", name="Entraide", employer=employer, starts=STARTS, by=referent, **settings
    )
    if opened:
        open_enrolment(programme)
    return programme


def assess(programme: Programme, forms: list[str] | None = None) -> None:
    """A validated impact assessment for these forms, or for all of the programme."""
    by, today = referent_of(programme), clock.today(programme.time_zone)
    row = assessments.ask(programme=programme, forms=forms or programme.forms, asked_on=today, by=by)
    assessments.validate(
        assessment=row, seen=row.version, validated_on=today, validator=Validator.DPO, data=SCAN, by=by
    )


def open_enrolment(programme: Programme) -> None:
    """Everything the opening asks for, then each form opened."""
    Contact.objects.create(
        programme=programme, kind=ContactKind.RELAY, name="Centre de gestion", phone="01 23 45 67 89"
    )
    assess(programme)
    for form in programme.forms:
        opening.open_form(programme=programme, form=form, by=referent_of(programme))
    programme.refresh_from_db()


def referent_of(programme: Programme) -> Person:
    return programme.roles.get(role="referent").person


def wishes(**changes) -> dict:
    """What the joining form sends."""
    return {
        "receipt": uuid.uuid4(),
        "information_read": True,
        "themes": list(Theme.objects.all()[:2]),
        "channels": ["in_person"],
        "slots": 0b111,
        **changes,
    }


def make_participation(
    programme: Programme, side: Side = Side.HELPED, person: Person | None = None, *, accepted: bool = True, **changes
) -> Participation:
    person = person or make_person(programme.lead_employer)
    row = participations.join(programme=programme, person=person, side=side, **wishes(**changes))
    if accepted:
        participations.answer(participation=row, move="accept", by=referent_of(programme))
    return row


def make_pair(
    programme: Programme | None = None, *, answered: bool = True, framed: bool = True, **people: Participation
) -> Pair:
    """A pair of two accepted people; started unless `answered` or `framed` (every gate cleared) is False.

    `helper` and `helped`, or `one` and `other` for two peers.
    """
    programme = programme or make_programme()
    by, names = referent_of(programme), ("helper", "helped")
    if "one" in people or "other" in people:
        names = ("one", "other")
        seats = [people.get(name) or make_participation(programme, Side.PEER) for name in names]
    else:
        seats = [people.get(name) or make_participation(programme, Side(name)) for name in names]
    if framed:
        # Before the pair is there: else each condition met would look again at all those of the pair.
        meet_frame(programme, seats)
    propose = pairs.propose_reciprocal if names[0] == "one" else pairs.propose
    pair = propose(**dict(zip(names, seats, strict=True)), by=by)
    if framed:
        gates.clear_baseline(pairs=[pair], how="collective_talk")
    if answered:
        for participation in seats:
            pairs.say_yes(pair=pair, by=participation.person)
    pair.refresh_from_db()
    return pair


def make_reciprocal(programme: Programme | None = None, **options) -> Pair:
    """A reciprocal pair of two peers, in a programme that has this form."""
    programme = programme or make_programme(forms=["reciprocal"])
    peers = [make_participation(programme, Side.PEER) for _ in range(2)]
    return make_pair(programme, one=peers[0], other=peers[1], **options)


def without_triggers() -> None:
    """What a malicious administrator would do first; `triggers.install()` puts them back."""
    with connection.cursor() as cursor:
        for name, table in triggers.names().items():
            cursor.execute(f"DROP TRIGGER {name}" + ("" if connection.vendor == "sqlite" else f" ON {table}"))


# --- The frame, condition by condition ------------------------------------------------------------------------------
def clear_gates(pair: Pair, but: str = "") -> None:
    """Meet every condition of the frame for this pair, except the one named."""
    meet_frame(pair.programme, [member.participation for member in pair.members.order_by("pk")], but)
    if but != "baseline":
        gates.clear_baseline(pairs=[pair], how="collective_talk")
    pair.refresh_from_db()


def meet_frame(programme: Programme, members: list[Participation], but: str = "") -> None:
    """The conditions of the frame that belong to the people and to the programme, except the one named."""
    acting = [row for row in members if row.side != Side.HELPED]
    steps = {
        "charter": lambda: [accept_charter(row) for row in members],
        "letter": lambda: [bring_letter(row) for row in acting],
        "training": lambda: train(programme, acting),
        "supervisor": lambda: supervise(programme),
    }
    for gate, step in steps.items():
        if gate != but:
            step()


def open_charter(programme: Programme) -> None:
    if charter.current(programme) is None:
        by = referent_of(programme)
        version = charter.draft(programme=programme, by=by)
        on = clock.today(programme.time_zone)
        charter.put_in_force(version=version, on=on, seen=version.version, by=by)


def accept_charter(participation: Participation) -> None:
    open_charter(participation.programme)
    charter.accept(participation=participation, by=participation.person)


def bring_letter(participation: Participation) -> None:
    """A helper's letter through référent, agent and RH (who gives the time too); a peer's engagement in one move."""
    if letters.in_force(participation):
        return
    programme, person = participation.programme, participation.person
    open_charter(programme)
    if participation.side == Side.PEER:
        letters.engage(participation=participation, by=person)
        return
    by = referent_of(programme)
    starts, ends = letters.default_period(programme)
    letter = letters.draft(
        participation=participation,
        by=by,
        missions=[letter_text.missions()[0][0]],
        mission_title=letter_text.PROPOSED_TITLE,
        minutes_month=240,
        absence_days=2,
        starts=starts,
        ends=ends,
    )
    letters.send(letter=letter, by=by)
    letters.agree(letter=letter, by=person, seen=letter.version, visa_by="hr")
    letters.validate(letter=letter, by=signatory_of(participation.employer))


def signatory_of(employer: Employer) -> Person:
    role = EmployerRole.objects.filter(employer=employer, role=EmployerRoleKind.HR_SIGNATORY).first()
    return role.person if role else make_person(employer, "Signataire", roles=(EmployerRoleKind.HR_SIGNATORY,))


def train(programme: Programme, people: list[Participation]) -> None:
    """One session of the whole base, everybody present; helpers are then « prêt·e »."""
    people = [row for row in people if not training.cleared(row)]
    if not people:
        return
    by = referent_of(programme)
    session = training.plan_session(
        programme=programme,
        modules=list(TrainingModule.objects.filter(before_meeting=True)),
        on=clock.today(programme.time_zone),
        invited=people,
        by=by,
    )
    training.record_attendance(session=session, presences=dict.fromkeys(people, Presence.PRESENT), by=by)
    for participation in people:
        if participation.side == Side.HELPER:
            training.decide(participation=participation, decision=Decision.READY, by=by)


def supervise(programme: Programme) -> SupervisionSession:
    """A supervisor from outside and a first date; the session there already, if any."""
    if found := programme.supervision_sessions.first():
        return found
    by = referent_of(programme)
    engagement = supervision.engage(
        programme=programme,
        name="Pascale V.",
        address="pascale@cabinet.invalid",
        confidentiality_on=clock.today(programme.time_zone),
        by=by,
    )
    start = clock.now() + dt.timedelta(days=7)
    return supervision.plan(engagement=engagement, starts=[start], minutes=120, by=by)[0]


def client_of(person: Person, *, second_factor: bool = True) -> Client:
    """A browser signed in as `person`; the second factor is the demo entry's mark."""
    client = Client()
    client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request = RequestFactory().get("/")
    request.session, request.user = client.session, person.user
    record_authentication(request, person.user, DEMO_METHOD if second_factor else "password")
    request.session.save()
    return client


def name_as_avoided(owner: Person, *, person: Person | None = None, unit: Unit | None = None) -> Avoid:
    """A private wish, whether or not it could be chosen on the page today."""
    return Avoid.objects.create(owner=owner, target=f"person:{person.pk}" if person else f"unit:{unit.pk}")
