"""« Pas avec »: chosen among what may be read, sealed, across programmes, gone with the search."""

import uuid

import pytest
from django.db import connection

from pairing.services.rules import compatible
from portal.errors import DomainError
from portal.models import Unit
from programmes.enums import Side
from programmes.models import Avoid, Participation
from programmes.services import avoid, erasure, participation, presentations, retention
from tests.builders import make_employer, make_participation, make_person, make_programme, name_as_avoided

pytestmark = pytest.mark.django_db
SHOWN = {"presentation": "Je suis au parc", "presentation_published": True}


@pytest.fixture
def programme():
    return make_programme(wishes_on_presentations=True)


def test_only_a_published_presentation_of_a_programme_where_i_wait_is_offered(programme):
    shown = make_participation(programme, Side.HELPER, **SHOWN)
    hidden = make_participation(programme, Side.HELPER, presentation="Pour moi")
    not_yet = make_participation(programme, Side.HELPER, accepted=False, **SHOWN)
    elsewhere = make_participation(
        make_programme(programme.lead_employer, wishes_on_presentations=True), Side.HELPER, **SHOWN
    )
    mine = make_participation(programme)
    assert list(avoid.people_for(mine.person)) == [shown.person]
    for row in (hidden, not_yet, elsewhere, make_participation(programme)):
        with pytest.raises(DomainError):
            avoid.add(owner=mine.person, person=row.person)
    with pytest.raises(DomainError):
        avoid.add(owner=mine.person, unit=make_person(make_employer()).affiliations.get().unit)
    assert not Avoid.objects.exists()


def test_presentations_are_read_by_nobody_but_who_waits(programme):
    helper = make_participation(programme, Side.HELPER, **SHOWN)
    paired = make_participation(programme)
    Participation.objects.filter(pk=paired.pk).update(waiting_since=None)
    for person in (make_person(programme.lead_employer), helper.person, paired.person):
        assert not presentations.readable_by(person).exists()
    waiting = make_participation(programme)
    assert presentations.readable_by(waiting.person).get() == helper
    programme.wishes_on_presentations = False
    programme.save()
    assert not presentations.readable_by(waiting.person).exists()


def test_a_wish_counts_in_every_programme_and_both_ways(programme):
    helper = make_participation(programme, Side.HELPER, **SHOWN)
    mine = make_participation(programme)
    other = make_programme(programme.lead_employer)
    there = [make_participation(other, Side.HELPER, helper.person), make_participation(other, Side.HELPED, mine.person)]
    assert compatible(*there)
    avoid.add(owner=mine.person, person=helper.person)
    avoid.add(owner=mine.person, person=helper.person)
    assert not compatible(*there) and not compatible(*reversed(there))
    assert Avoid.objects.count() == 1


def test_a_unit_counts_for_everybody_who_works_under_it(programme):
    helper, mine = make_participation(programme, Side.HELPER), make_participation(programme)
    team = mine.person.affiliations.get().unit
    service = Unit.objects.create(employer=programme.lead_employer, name="Service")
    service.parent = Unit.objects.create(employer=programme.lead_employer, name="Direction")
    service.save()
    team.parent = service
    team.save()
    with pytest.raises(DomainError):
        avoid.add(owner=helper.person, unit=team)
    avoid.add(owner=helper.person, unit=service.parent)
    assert not compatible(helper, mine)
    avoid.remove(owner=mine.person, ref=Avoid.objects.get().ref)
    assert not compatible(helper, mine), "only its owner takes it back"
    avoid.remove(owner=helper.person, ref=Avoid.objects.get().ref)
    assert compatible(helper, mine)


def test_the_database_names_nobody(programme):
    helper, mine = make_participation(programme, Side.HELPER, **SHOWN), make_participation(programme)
    avoid.add(owner=mine.person, person=helper.person)
    with connection.cursor() as cursor:
        cursor.execute("select * from programmes_avoid")
        row = cursor.fetchone()
    assert helper.person.pk not in row[2:] and "person:" not in str(row)
    assert str(Avoid.objects.get()) == "•••"


def test_it_goes_when_the_owner_looks_for_nobody_and_not_before(programme):
    mine = make_participation(programme)
    also = make_participation(programme, Side.HELPER, mine.person)
    about = make_person(programme.lead_employer)
    name_as_avoided(mine.person, person=about)
    participation.withdraw(participation=mine, by=mine.person)
    assert Avoid.objects.exists(), "still looks on the other side"
    participation.withdraw(participation=also, by=mine.person)
    assert not Avoid.objects.exists()
    paired = make_participation(programme)
    name_as_avoided(paired.person, person=about)
    participation.stop_waiting(participation=paired)
    (rule,) = [rule for rule in retention.rules() if rule.code == "avoid"]
    assert rule.apply() == 1 and not Avoid.objects.exists()


def test_an_erased_person_names_nobody_and_is_named_by_nobody(programme):
    mine, other = make_participation(programme), make_participation(programme)
    name_as_avoided(mine.person, person=other.person)
    name_as_avoided(other.person, unit=mine.person.affiliations.get().unit)
    erasure.erase(person=other.person)
    assert not Avoid.objects.exists()


def test_a_wish_of_somebody_who_takes_no_part_is_refused(programme):
    person = make_person(programme.lead_employer)
    with pytest.raises(DomainError):
        avoid.add(owner=person, unit=person.affiliations.get().unit)
    avoid.remove(owner=person, ref=uuid.uuid4())


def test_targets_of_many_people_are_one_query(programme, django_assert_num_queries):
    people = [make_participation(programme).person for _ in range(4)]
    for person in people[:3]:
        name_as_avoided(person, person=people[3])
    with django_assert_num_queries(1):
        found = avoid.targets_of([person.pk for person in people])
    assert set(found) == {person.pk for person in people[:3]}
    assert found[people[0].pk].name(people[3].pk, [])
