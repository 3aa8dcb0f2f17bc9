"""Reciprocal pairs: two peers, one door, the same rules as anybody."""

import pytest
from django.urls import reverse

from pairing.enums import PairState, Part
from pairing.models import Pair
from pairing.services import pairs
from pairing.services.rules import REFUSAL
from portal.errors import DomainError, Refused
from programmes.enums import Side
from programmes.models import Participation
from tests.builders import (
    client_of,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    make_reciprocal,
    name_as_avoided,
    referent_of,
    wishes,
)
from tests.programmes.joining_walk import walk

pytestmark = pytest.mark.django_db


def programme_of(*forms):
    return make_programme(forms=list(forms))


@pytest.mark.parametrize(
    ("forms", "doors"),
    [
        (["pair"], {"accompagner", "etre-accompagne"}),
        (["reciprocal"], {"entre-pairs"}),
        (["pair", "reciprocal"], {"accompagner", "etre-accompagne", "entre-pairs"}),
    ],
)
def test_each_form_of_support_has_its_doors(forms, doors):
    programme = programme_of(*forms)
    client = client_of(make_person(programme.lead_employer))
    page = client.get(reverse("programmes:join", args=[programme.slug])).content.decode()
    for door in ("accompagner", "etre-accompagne", "entre-pairs"):
        url = reverse("programmes:join_side", args=[programme.slug, door])
        assert (f'href="{url}"' in page) == (door in doors)
        assert client.get(url).status_code == (200 if door in doors else 404)


def test_joining_between_peers_by_the_form_and_being_accepted():
    programme = programme_of("reciprocal")
    person = make_person(programme.lead_employer)
    walk(client_of(person), programme, side="peer")
    row = Participation.objects.get(person=person)
    assert (row.side, row.places) == (Side.PEER, 1)
    client = client_of(referent_of(programme))
    assert (
        "Inscriptions entre pairs" in client.get(reverse("programmes:requests", args=[programme.slug])).content.decode()
    )
    client.post(reverse("programmes:answer", args=[programme.slug, row.ref]), {"answer": "accept"})
    row.refresh_from_db()
    assert row.state == "accepted"


def test_a_side_that_the_programme_does_not_have_is_refused_by_the_service():
    from programmes.services import participation

    for programme, side in ((programme_of("pair"), Side.PEER), (programme_of("reciprocal"), Side.HELPER)):
        with pytest.raises(DomainError, match="forme de soutien"):
            participation.join(programme=programme, person=make_person(programme.lead_employer), side=side, **wishes())


def test_two_peers_are_proposed_by_the_form_and_live_as_equals():
    programme = programme_of("pair", "reciprocal")
    peers = [make_participation(programme, Side.PEER) for _ in range(2)]
    client, url = client_of(referent_of(programme)), reverse("pairing:propose", args=[programme.slug])
    client.post(url, {"way": "entre-pairs", "entre-pairs-one": peers[0].pk, "entre-pairs-other": peers[1].pk})
    pair = Pair.objects.get()
    assert pair.form == "reciprocal"
    assert {member.part for member in pair.members.all()} == {Part.PEER}
    assert {member.slot for member in pair.members.all()} == {1}


def test_the_form_never_crosses_sides():
    programme = programme_of("pair", "reciprocal")
    peer, helper = make_participation(programme, Side.PEER), make_participation(programme, Side.HELPER)
    helped = make_participation(programme, Side.HELPED)
    client, url = client_of(referent_of(programme)), reverse("pairing:propose", args=[programme.slug])
    client.post(url, {"way": "entre-pairs", "entre-pairs-one": peer.pk, "entre-pairs-other": helper.pk})
    client.post(url, {"way": "binome", "binome-helper": helper.pk, "binome-helped": peer.pk})
    for one, other in ((peer, helper), (peer, helped), (helper, helped), (peer, peer)):
        with pytest.raises(DomainError):
            pairs.propose_reciprocal(one=one, other=other, by=None)
    with pytest.raises(DomainError):
        pairs.propose(helper=peer, helped=helped, by=None)
    assert not Pair.objects.exists()


def test_a_reciprocal_pair_lives_and_its_peers_no_longer_wait():
    pair = make_reciprocal()
    assert pair.state == PairState.ACTIVE
    rows = Participation.objects.filter(memberships__pair=pair)
    assert [row.waiting_since for row in rows] == [None, None]


def test_a_peer_has_one_place():
    pair = make_reciprocal()
    taken = pair.members.first().participation
    with pytest.raises(DomainError, match="place libre"):
        make_pair(pair.programme, one=taken, other=make_participation(pair.programme, Side.PEER))


def test_peers_meet_under_the_same_rules_and_the_same_sentence():
    programme = programme_of("reciprocal")
    team = [
        make_participation(programme, Side.PEER, make_person(programme.lead_employer, team="Archives"))
        for _ in range(2)
    ]
    with pytest.raises(DomainError, match=REFUSAL):
        pairs.propose_reciprocal(one=team[0], other=team[1], by=None)
    strangers = [make_participation(programme, Side.PEER) for _ in range(2)]
    name_as_avoided(strangers[1].person, person=strangers[0].person)
    with pytest.raises(DomainError, match=REFUSAL):
        pairs.propose_reciprocal(one=strangers[0], other=strangers[1], by=None)


def test_the_referent_among_the_peers_does_not_propose():
    programme = programme_of("reciprocal")
    referent = referent_of(programme)
    mine = make_participation(programme, Side.PEER, referent, accepted=False)
    Participation.objects.filter(pk=mine.pk).update(state="accepted", accepted_at=mine.received_at)
    mine.refresh_from_db()
    with pytest.raises(Refused):
        pairs.propose_reciprocal(one=mine, other=make_participation(programme, Side.PEER), by=referent)


def test_eight_volunteers_make_four_pairs():
    programme = programme_of("reciprocal")
    peers = [make_participation(programme, Side.PEER) for _ in range(8)]
    made = [make_pair(programme, one=one, other=other) for one, other in zip(peers[::2], peers[1::2], strict=True)]
    assert {pair.state for pair in made} == {PairState.ACTIVE}
    assert Pair.objects.filter(programme=programme).count() == 4
