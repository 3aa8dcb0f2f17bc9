"""The world of scene 7, built through the services; run in a process of its own (see tests/server.py)."""

import datetime as dt

from portal import clock
from portal.jobs import simulated_past
from programmes.enums import ProgrammeRoleKind, Side
from programmes.models import Programme
from programmes.services import cover, rollout
from tests.builders import make_employer, make_pair, make_participation, make_person, make_programme, referent_of

SENDER, HELPED, DEPUTY, REFERENT = "Alizée", "Séverin", "Morgane", "Clovis"
SLUG = "tilleuls"


def while_the_referent_is_away() -> None:
    """A helper in a pair, a référent away since this morning, a deputy."""
    with simulated_past(), clock.at(clock.now() - dt.timedelta(days=40)):
        employer = make_employer(SLUG, name="Ville des Tilleuls", fictional=True)
        programme = make_programme(employer, referent=make_person(employer, REFERENT))
        Programme.objects.filter(pk=programme.pk).update(slug=SLUG)
        programme.slug = SLUG
        referent = referent_of(programme)
        deputy = make_person(employer, DEPUTY)
        rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent)
        helper = make_participation(programme, Side.HELPER, make_person(employer, SENDER))
        helped = make_participation(programme, Side.HELPED, make_person(employer, HELPED))
        make_pair(programme, helper=helper, helped=helped)
    role, today = programme.roles.get(role="referent"), clock.today(programme.time_zone)
    cover.declare_absence(role=role, starts=today, ends=today + dt.timedelta(days=6), by=role.person)
