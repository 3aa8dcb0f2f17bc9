"""Small worlds for tests, built through the services; keyword functions, boring on purpose."""

import datetime as dt
import itertools
import uuid

from allauth.account.internal.flows.login import record_authentication
from django.test import Client, RequestFactory

from pairing.models import Pair
from pairing.services import pairs
from portal.access import DEMO_METHOD
from portal.models import Affiliation, Employer, EmployerRole, Person, Unit, User
from programmes.enums import Side
from programmes.models import Participation, Programme, Theme
from programmes.services import participation as participations
from programmes.services import rollout

_numbers = itertools.count(1)
STARTS = dt.date(2020, 1, 1)


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
    employer: Employer | None = None, *, referent: Person | None = None, opened: bool = True
) -> Programme:
    """A programme with its référent, open unless told otherwise."""
    employer = employer or make_employer()
    referent = referent or make_person(employer, "Référente")
    programme = rollout.create_programme(
        slug=f"programme-{next(_numbers)}", name="Entraide", employer=employer, starts=STARTS, by=referent
    )
    if opened:
        rollout.open_enrolment(programme=programme, by=referent)
    return programme


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


def make_pair(programme: Programme | None = None, *, answered: bool = True, **people) -> Pair:
    """A pair of two accepted people; started unless `answered` is False."""
    programme = programme or make_programme()
    helper = people.get("helper") or make_participation(programme, Side.HELPER)
    helped = people.get("helped") or make_participation(programme, Side.HELPED)
    pair = pairs.propose(helper=helper, helped=helped, by=referent_of(programme))
    if answered:
        for participation in (helper, helped):
            pairs.say_yes(pair=pair, by=participation.person)
    return pair


def client_of(person: Person, *, second_factor: bool = True) -> Client:
    """A browser signed in as `person`; the second factor is the demo entry's mark."""
    client = Client()
    client.force_login(person.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    request = RequestFactory().get("/")
    request.session, request.user = client.session, person.user
    record_authentication(request, person.user, DEMO_METHOD if second_factor else "password")
    request.session.save()
    return client
