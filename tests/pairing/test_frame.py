"""The frame of a pair: in force once each has accepted, theirs alone, gone with the pair."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from pairing.enums import EndCode, Noting
from pairing.hooks import cards
from pairing.models import Pair, PairFrame
from pairing.services import frame, pairs
from portal.errors import DomainError, Refused
from portal.models import OutgoingMail
from programmes.enums import Side
from tests.builders import (
    clear_gates,
    client_of,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    referent_of,
)
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db
CHOSEN = {"rhythm": "monthly", "minutes": 60, "channel": "phone", "objectives": ["steps"], "noting": "each"}


@pytest.fixture
def pair() -> Pair:
    return make_pair()


def people_of(pair: Pair) -> list:
    return [member.person for member in pair.members.order_by("part")]


def agreed(pair: Pair, **changes) -> PairFrame:
    one, other = people_of(pair)
    row = frame.propose(pair=pair, by=one, **CHOSEN | changes)
    frame.answer(pair=pair, by=other, frame=row.ref, yes=True)
    return frame.in_force(pair)


def test_it_is_in_force_once_each_has_accepted_and_a_change_goes_the_same_way(pair):
    one, other = people_of(pair)
    row = frame.propose(pair=pair, by=one, **CHOSEN)
    assert frame.in_force(pair) is None
    assert not frame.answer(pair=pair, by=one, frame=row.ref, yes=True), "one alone is not both"
    assert frame.answer(pair=pair, by=other, frame=row.ref, yes=True)
    change = frame.propose(pair=pair, by=other, **CHOSEN | {"rhythm": "weekly"})
    assert frame.in_force(pair).rhythm == "monthly"
    assert not frame.answer(pair=pair, by=one, frame=change.ref, yes=False)
    assert (frame.in_force(pair).rhythm, frame.waiting(pair)) == ("monthly", None)
    assert agreed(pair, rhythm="weekly").rhythm == "weekly"
    assert PairFrame.objects.count() == 1


def test_nobody_accepts_something_else_than_what_they_read(pair):
    one, other = people_of(pair)
    read = frame.propose(pair=pair, by=one, **CHOSEN)
    frame.propose(pair=pair, by=one, **CHOSEN | {"minutes": 120})
    with pytest.raises(DomainError, match="a changé"):
        frame.answer(pair=pair, by=other, frame=read.ref, yes=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        PairFrame.objects.create(pair=pair, **CHOSEN)


def test_three_peers_each_accept():
    programme = make_programme(forms=["reciprocal"])
    peers = [make_participation(programme, Side.PEER) for _ in range(3)]
    trio = pairs.propose_peers(peers=peers, by=referent_of(programme))
    clear_gates(trio)
    for peer in peers:
        pairs.say_yes(pair=trio, by=peer.person)
    trio.refresh_from_db()
    row = frame.propose(pair=trio, by=peers[0].person, **CHOSEN)
    assert not frame.answer(pair=trio, by=peers[1].person, frame=row.ref, yes=True)
    assert frame.answer(pair=trio, by=peers[2].person, frame=row.ref, yes=True)


def test_the_other_is_told_without_a_word_of_it_and_nobody_else_reads_it(pair):
    one, other = people_of(pair)
    for _ in range(2):
        frame.propose(pair=pair, by=one, **CHOSEN)
    assert OutgoingMail.objects.filter(person=other, kind="pairing/news").count() == 2
    words = "y voir clair dans les démarches"
    assert words in client_of(other).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    referent = referent_of(pair.programme)
    page = client_of(referent).get(reverse("pairing:pilot_pair", args=[pair.programme.slug, pair.ref]))
    assert words not in page.content.decode()
    for stranger in (referent, make_person(pair.programme.lead_employer)):
        with pytest.raises(Refused):
            frame.propose(pair=pair, by=stranger, **CHOSEN)
        for name in ("frame", "answer_frame"):
            assert client_of(stranger).post(reverse(f"pairing:{name}", args=[pair.ref])).status_code == 404


def test_who_notes_nothing_gives_a_sign_instead(pair):
    one, _ = people_of(pair)
    address = reverse("pairing:pair", args=[pair.ref])
    agreed(pair, noting=Noting.NONE)
    page = client_of(one).get(address).content.decode()
    assert "Tout va bien" in page
    assert "Nous nous sommes vus" not in page
    assert [card.template for card in cards(one)] == ["pairing/_alive_card.html"]
    assert "Tout va bien" in client_of(one).get(reverse("portal:my_space")).content.decode()


def test_it_goes_with_the_pair(pair):
    agreed(pair)
    frame.propose(pair=pair, by=people_of(pair)[0], **CHOSEN)
    pairs.end(pair=pair, by=people_of(pair)[0], code=EndCode.TERM)
    assert not PairFrame.objects.exists()
    with pytest.raises(DomainError, match="pas en cours"):
        frame.propose(pair=pair, by=people_of(pair)[0], **CHOSEN)


def test_from_the_form_to_the_answer(pair):
    one, other = people_of(pair)
    address = reverse("pairing:frame", args=[pair.ref])
    assert client_of(one).get(address).status_code == 200
    assert client_of(one).post(address, CHOSEN | {"objectives": ["maladie"]}).status_code == 200
    assert client_of(one).post(address, CHOSEN).status_code == 302
    waiting = frame.waiting(pair)
    client_of(other).post(reverse("pairing:answer_frame", args=[pair.ref]), {"frame": waiting.ref, "answer": "oui"})
    assert frame.in_force(pair) == waiting
    client_of(other).post(reverse("pairing:answer_frame", args=[pair.ref]), {"frame": "x", "answer": "oui"})


def test_the_home_page_asks_as_many_queries_with_one_frame_or_none(pair):
    client = client_of(people_of(pair)[0])
    assert_same_queries(lambda: client.get(reverse("portal:my_space")), lambda: agreed(pair))
