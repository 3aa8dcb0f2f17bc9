"""Worlds prepared for journeys, built through the services; run in a process of their own (see tests/server.py)."""

import datetime as dt

from django.core.management import call_command

from evaluation.services import releases
from pairing.models import PairMember
from pairing.services import meetings, pairs
from portal import clock
from portal.jobs import simulated_past
from portal.models import Person
from programmes.enums import Side
from programmes.models import Exercice, Participation, Programme
from programmes.services import charter, letters, rollout
from tests.builders import make_employer, make_participation, make_person, open_charter, open_enrolment

REFERENT = "Régine"
PEERS = ("Alex", "Billie", "Charly", "Dany", "Élisée", "Frankie", "Gaby", "Hilary")
# Those of the eight who answer in the browser.
IN_BROWSER = PEERS[:2]


def eight_peers() -> None:
    """A programme of reciprocal pairs: eight volunteers accepted, a charter, a cycle, an exercice under way."""
    with simulated_past(), clock.at(clock.now() - dt.timedelta(days=30)):
        employer = make_employer("saulaie", name="Ville de Saulaie", fictional=True)
        referent = make_person(employer, REFERENT)
        today = clock.today(employer.time_zone)
        programme = rollout.create_programme(
            slug="saulaie", name="Entre collègues", employer=employer, starts=today, forms=["reciprocal"], by=referent
        )
        open_enrolment(programme)
        open_charter(programme)
        days = {"starts": today, "by": referent}
        rollout.add_cycle(programme=programme, ends=today + dt.timedelta(days=200), **days)
        rollout.declare_exercice(programme=programme, name="Deux mois", ends=today + dt.timedelta(days=60), **days)
        for given in PEERS:
            make_participation(programme, Side.PEER, make_person(employer, given))


def others_agree() -> None:
    """Charter, engagement and yes of those who have no window in the journey."""
    for participation in Participation.objects.filter(side=Side.PEER).exclude(person__given__in=IN_BROWSER):
        person = participation.person
        charter.accept(participation=participation, by=person)
        letters.engage(participation=participation, by=person)
        pairs.say_yes(pair=participation.memberships.get().pair, by=person)


def others_meet() -> None:
    """Each pair without a window notes one meeting of today."""
    for member in PairMember.objects.filter(person__given__in=PEERS[2::2]).select_related("pair", "person"):
        meetings.log(pair=member.pair, by=member.person, key=member.pair.ref)


def write_reports(folder: str) -> None:
    """Once the exercice is over: the référent's report, its restitution, then RH's; in `folder`, as pages."""
    exercice = Exercice.objects.get()
    programme, referent = Programme.objects.get(), Person.objects.get(given=REFERENT)
    with simulated_past(), clock.at(clock.noon(exercice.ends + dt.timedelta(days=7), programme.time_zone)):
        for audience in ("referent", "hr"):
            options = {"programme": programme.slug, "audience": audience, "format": "html"}
            call_command("annual_report", **options, output=f"{folder}/{audience}.html")
            if audience == "referent":
                today = clock.today(programme.time_zone)
                releases.restitute(release=exercice.releases.get(), on=today, by=referent)
