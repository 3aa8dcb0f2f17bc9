"""Worlds of the rollout's journeys, built through the services; run in a process of their own (see tests/server.py)."""

import datetime as dt

from evaluation.services import releases
from pairing.services import meetings
from portal import clock
from portal.enums import EmployerRoleKind
from portal.jobs import simulated_past
from portal.models import Employer, Person
from programmes.enums import Form, GatheringKind, ProgrammeRoleKind, ProgrammeTemplate, Side
from programmes.models import Handover, Programme, ProgrammeRole
from programmes.services import community, expenses, gatherings, partners, rollout
from tests.builders import (
    make_employer,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    open_enrolment,
    referent_of,
)

OPENER, DEPUTY = "Oriane", "Denise"
LEAVER, SUCCESSOR = "Hyacinthe", "Modeste"
# One withdraws at the handover, one erases their words, two go on as a pair.
WITHDRAWS, ERASES, HELPER, HELPED = "Zéphyrine", "Aloïs", "Clémentine", "Barnabé"
MEMBER, WORKSHOP = "Ondée", "Atelier du mois"
AGENTS = (WITHDRAWS, ERASES, HELPER, HELPED)
SHARER, PARTNER_HR = "Solène", "Philomène"
PARTNERS = ("Office des Phares", "Préfecture des Dunes")
# Of the lead employer, then of each partner.
NEWCOMERS = ("Lazare", "Perle", "Ondine")
PAST = dt.timedelta(days=120)
LEAD_EUROS = 4200


def three_programmes() -> None:
    """One about to be created, one whose référent leaves, one shared by three employers with a published period."""
    with simulated_past(), clock.at(clock.now() - PAST):
        _to_be_created()
        _to_be_handed_over()
        _shared()
        _newcomers()


def _to_be_created() -> None:
    employer = make_employer("saulaie", name="Ville de Saulaie", fictional=True)
    make_person(employer, OPENER, roles=(EmployerRoleKind.REFERENT,))
    make_person(employer, DEPUTY)


def _to_be_handed_over() -> None:
    employer = make_employer("rivages", name="Ministère des Rivages", fictional=True)
    programme = make_programme(employer, referent=make_person(employer, LEAVER), forms=[Form.PAIR, Form.COMMUNITY])
    _rename(programme, "rivages")
    deputy = make_person(employer, SUCCESSOR)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=referent_of(programme))
    people = {given: make_person(employer, given) for given in AGENTS}
    make_participation(programme, person=people[WITHDRAWS], accepted=False)
    make_participation(programme, person=people[ERASES], free_text="Ces mots sont pour toi seul", readers=["referent"])
    member = make_person(employer, MEMBER)
    community.join(programme=programme, person=member, form=Form.COMMUNITY, rules_read=True)
    gatherings.plan(
        programme=programme,
        kind=GatheringKind.WORKSHOP,
        title=WORKSHOP,
        starts_at=clock.now() + PAST + dt.timedelta(days=20),
        minutes=90,
        place="Salle des cartes",
        by=referent_of(programme),
    )
    helper = make_participation(programme, Side.HELPER, people[HELPER])
    make_pair(programme, helper=helper, helped=make_participation(programme, person=people[HELPED]))


def _shared() -> None:
    """Eight peers in four pairs, of three employers; the period ended, and its report was restituted."""
    lead = make_employer("littoral", name="Ministère du Littoral", fictional=True)
    others = [
        make_employer(slug, name=name, neutral_name=name, fictional=True)
        for slug, name in zip(("phares", "dunes"), PARTNERS, strict=True)
    ]
    make_person(others[0], PARTNER_HR, roles=(EmployerRoleKind.HR_SIGNATORY,))
    sharer = make_person(lead, SHARER)
    programme = make_programme(
        lead, referent=sharer, opened=False, template=ProgrammeTemplate.SHARED, forms=[Form.RECIPROCAL, Form.COMMUNITY]
    )
    _rename(programme, "littoral")
    open_enrolment(programme)
    today = clock.today(programme.time_zone)
    for employer in others:
        partners.add(programme=programme, employer=employer, joined=today, by=sharer)
    ends = today + dt.timedelta(days=120)
    exercice = rollout.declare_exercice(programme=programme, name="Quatre mois", starts=today, ends=ends, by=sharer)
    employers = [lead, lead, lead, lead, *others, *others]
    seats = [make_participation(programme, Side.PEER, make_person(employer)) for employer in employers]
    for one, other in zip(seats[::2], seats[1::2], strict=True):
        pair = make_pair(programme, one=one, other=other)
        meetings.log(pair=pair, by=one.person, key=pair.ref)
    money = {"programme": programme, "on": today, "line": "supervision", "by": sharer}
    expenses.add(employer=lead, cents=LEAD_EUROS * 100, **money)
    with clock.at(clock.noon(ends + dt.timedelta(days=7), programme.time_zone)):
        release = releases.establish(exercice=exercice, by=sharer)
        releases.restitute(release=release, on=clock.today(programme.time_zone), by=sharer)


def _rename(programme: Programme, slug: str) -> None:
    """An address that the journey knows."""
    Programme.objects.filter(pk=programme.pk).update(slug=slug)
    programme.slug = slug


def _newcomers() -> None:
    """An agent of each of the three employers, with a superior, who has not joined yet."""
    for slug, given in zip(("littoral", "phares", "dunes"), NEWCOMERS, strict=True):
        employer = Employer.objects.get(slug=slug)
        make_person(employer, given, manager=make_person(employer, f"N+1 de {given}"))


def days_pass(number: int) -> None:
    """As if so many days had gone by since: every date of the handover and of its roles is that much earlier."""
    gone, programme = dt.timedelta(days=number), Programme.objects.get(slug="rivages")
    for row in [*Handover.objects.filter(programme=programme), *ProgrammeRole.objects.filter(programme=programme)]:
        for name in ("on", "starts", "ends"):
            if getattr(row, name, None):
                setattr(row, name, getattr(row, name) - gone)
        row.save()


def address(given: str) -> str:
    return Person.objects.get(given=given).user.email
