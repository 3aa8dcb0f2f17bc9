"""Members and collective times in the report: whole-programme volumes, never a split, nothing under five people."""

import datetime as dt
import json

import pytest

from evaluation.services import content, releases
from portal import clock
from programmes.enums import SessionState
from programmes.models import Gathering, Membership
from programmes.services import community, partners, rollout
from tests.builders import make_employer, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db
COLLECTIVE = ("P02", "E09N", "E09")


def programme_of(*, members, attended=(), partner_members=0, forms=("community",)):
    """An open community with so many members, and a past workshop for each number of `attended`."""
    programme = make_programme(forms=list(forms))
    today = clock.today(programme.time_zone)
    partner = make_employer()
    partners.add(programme=programme, employer=partner, joined=today, by=referent_of(programme))
    for number in range(members):
        employer = partner if number < partner_members else programme.lead_employer
        community.join(programme=programme, person=make_person(employer), form="community", rules_read=True)
    for days, number in enumerate(attended, 1):
        Gathering.objects.create(
            programme=programme,
            kind="workshop",
            title="Atelier",
            starts_at=clock.now() - dt.timedelta(days=days),
            minutes=60,
            place="Salle",
            state=SessionState.HELD,
            attended=number,
        )
    return programme


def exercice_of(programme):
    today = clock.today(programme.time_zone)
    return rollout.declare_exercice(
        programme=programme,
        name="Un an",
        starts=today - dt.timedelta(days=200),
        ends=today,
        by=referent_of(programme),
    )


def figures_of(programme):
    made = content.lines(programme.exercices.first() or exercice_of(programme)).catalogue
    return {line.indicator.code: line.figure.text for line in made if line.indicator.code in COLLECTIVE}


def test_members_and_presences_are_exact_for_the_whole_programme():
    made = programme_of(members=6, partner_members=2, attended=(4, 3))
    assert figures_of(made) == {"P02": "6", "E09N": "2", "E09": "7"}


def test_under_five_people_only_acts_are_told():
    made = programme_of(members=4, attended=(4, 3))
    assert figures_of(made) == {
        "P02": "moins de 5 (zéro compris)",
        "E09N": "2",
        "E09": "non diffusé pour protéger les personnes",
    }


def test_two_data_sets_equal_on_what_is_published_give_the_same_release():
    """Who of which employer is a member, and which workshop was how full, change nothing."""
    one = programme_of(members=6, partner_members=1, attended=(6, 1))
    other = programme_of(members=6, partner_members=5, attended=(2, 5))
    sealed = [figures_of(made) for made in (one, other)]
    assert sealed[0] == sealed[1]
    with clock.at(clock.now() + dt.timedelta(days=2)):
        release = releases.establish(exercice=one.exercices.get(), by=referent_of(one))
    assert "Salle" not in release.data
    lines = [row for row in json.loads(release.data)["figures"] if row["code"] in COLLECTIVE]
    assert len(lines) == len(COLLECTIVE)


def test_whoever_left_or_was_erased_still_counts_and_lifts_no_threshold():
    made = programme_of(members=6)
    first, second = Membership.objects.all()[:2]
    community.leave(membership=first, by=first.person)
    community.forget(person=second.person)
    assert figures_of(made)["P02"] == "6"
    third = Membership.objects.filter(person__isnull=False, left_on=None).first()
    community.forget(person=third.person)
    assert figures_of(made)["P02"] == "non diffusé pour protéger les personnes"


def test_a_programme_of_pairs_alone_keeps_its_catalogue_until_a_collective_time_is_held():
    made = programme_of(members=0, forms=("pair",))
    assert figures_of(made) == {}
    held = programme_of(members=0, forms=("pair",), attended=(9,))
    assert figures_of(held)["P02"] == "sans objet"
    assert figures_of(held)["E09N"] == "1"
