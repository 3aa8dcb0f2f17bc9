"""Entre pairs: the three ways over one population, the odd person, and three who go on together."""

import html

import pytest
from django.urls import reverse

from pairing import bench_pages
from pairing.enums import PairState, Part, RunMode
from pairing.models import Candidate, Pair
from pairing.services import bench, pairs, wishes
from pairing.services.rules import REFUSAL
from portal.errors import DomainError
from portal.typography import french
from programmes.enums import Form, Side
from programmes.models import Participation, Theme
from tests.builders import accept_charter, clear_gates, client_of, make_participation, name_as_avoided, referent_of
from tests.pairing.wish_worlds import after, met, peers, plan

pytestmark = pytest.mark.django_db
NAMES = ("one", "other", "third")


def launch(programme, mode):
    return bench.launch(programme=programme, form=Form.RECIPROCAL, mode=mode, by=referent_of(programme))


def by_dating(programme, people):
    row = met(plan(programme, people))
    with after(row):
        return wishes.close(row=row, by=referent_of(programme))


WAYS = {
    "criteria": lambda programme, people: launch(programme, RunMode.CRITERIA),
    "random": lambda programme, people: launch(programme, RunMode.RANDOM),
    "dating": by_dating,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("count", [8, 7])
def test_each_way_pairs_everybody_and_tells_who_is_odd(way, count):
    programme, people = peers(count)
    run = WAYS[way](programme, people)
    assert run.form == Form.RECIPROCAL
    parts = {seat.part for seat in run.seats.all()}
    assert parts == {Part.PEER}
    assert run.candidates.count() == count // 2
    assert run.unpaired.count() == count % 2
    sent, conflicts = bench.publish(run=run, by=referent_of(programme))
    assert (sent, conflicts) == (count // 2, [])
    assert {pair.form for pair in Pair.objects.all()} == {Form.RECIPROCAL}
    page = client_of(referent_of(programme)).get(run.get_absolute_url())
    assert page.status_code == 200


def three(programme, people):
    """The odd person joins a prepared pair, by the form of the bench."""
    run = launch(programme, RunMode.CRITERIA)
    odd = run.unpaired.get().participation
    pair = [seat.participation for seat in Candidate.objects.filter(run=run).order_by("pk")[0].members.all()]
    fields = {"one": pair[0].pk, "other": pair[1].pk, "third": odd.pk}
    client_of(referent_of(programme)).post(
        reverse("pairing:put_together", args=[programme.slug, run.ref]), {"geste": "rapprocher", **fields}
    )
    assert not run.unpaired.exists()
    bench.publish(run=run, by=referent_of(programme))
    return Pair.objects.get(members__participation=odd)


def test_a_trio_is_accepted_by_all_three_and_starts_when_the_frame_is_met_by_all_three():
    programme, people = peers(7)
    pair = three(programme, people)
    members = [member.participation for member in pair.members.order_by("pk")]
    assert len(members) == 3
    for number, participation in enumerate(members):
        assert Pair.objects.get(pk=pair.pk).state == PairState.PROPOSED, number
        pairs.say_yes(pair=pair, by=participation.person)
    assert Pair.objects.get(pk=pair.pk).state == PairState.ACCEPTED
    clear_gates(pair, but="charter")
    for participation in members[:2]:
        accept_charter(participation)
    assert Pair.objects.get(pk=pair.pk).state == PairState.ACCEPTED, "the third has not accepted the charter"
    accept_charter(members[2])
    assert Pair.objects.get(pk=pair.pk).state == PairState.ACTIVE
    assert not Participation.objects.filter(pk__in=[row.pk for row in members], waiting_since__isnull=False).exists()


def test_the_pages_of_a_trio_name_the_two_others_and_speak_to_three():
    programme, people = peers(7)
    pair = three(programme, people)
    members = [member.person for member in pair.members.order_by("pk")]
    page = client_of(members[0]).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert f"{members[1].short_name} et {members[2].short_name}" in page
    assert "tous les trois" in page
    assert "tous deux" not in page
    slug = programme.slug
    referent = client_of(referent_of(programme))
    for url in (reverse("pairing:pairs", args=[slug]), reverse("pairing:pilot_pair", args=[slug, pair.ref])):
        assert "deux personnes" not in referent.get(url).content.decode()


def test_one_no_ends_a_proposal_of_three_and_everybody_keeps_their_place():
    programme, people = peers(7)
    pair = three(programme, people)
    members = list(pair.members.order_by("pk"))
    pairs.say_yes(pair=pair, by=members[0].person)
    pairs.decline(pair=pair, by=members[1].person)
    assert Pair.objects.get(pk=pair.pk).state == PairState.LAPSED
    assert not pair.members.filter(live=True).exists()
    waiting = Participation.objects.filter(memberships__pair=pair, waiting_since__isnull=False)
    assert waiting.count() == 3


def test_three_are_held_to_the_same_rules_two_by_two():
    programme, people = peers(3)
    name_as_avoided(people[0].person, person=people[2].person)
    with pytest.raises(DomainError):
        pairs.propose_peers(peers=people, by=referent_of(programme))
    stranger = make_participation(programme, Side.PEER)
    with pytest.raises(DomainError):
        pairs.propose_peers(peers=[people[0], people[1], stranger, people[2]], by=referent_of(programme))
    assert not Pair.objects.exists()


# --- « Former un trio » on the bench ----------------------------------------------------------------------------------
def press_trio(programme, run, out):
    url = reverse("pairing:act", args=[programme.slug, run.ref])
    data = {"geste": "trio", "personne": str(out.ref)}
    return html.unescape(client_of(referent_of(programme)).post(url, data, follow=True).content.decode())


@pytest.mark.parametrize("way", WAYS)
def test_the_bench_offers_a_trio_to_whoever_is_left_and_it_is_published_like_the_others(way):
    programme, people = peers(7)
    run = WAYS[way](programme, people)
    out = run.unpaired.get().participation
    page = client_of(referent_of(programme)).get(run.get_absolute_url()).content.decode()
    assert "Former un trio" in page
    said = press_trio(programme, run, out)
    assert "ce trio est gardé" in said and french(bench_pages.TRIO) in said and "Former un trio" not in said
    assert sorted(row.members.count() for row in run.candidates.all()) == [2, 2, 3]
    assert bench.publish(run=run, by=referent_of(programme)) == (3, [])
    assert Pair.objects.get(members__participation=out).members.count() == 3


def test_the_trio_is_the_one_that_suits_best_and_rules_keep_it_apart_with_the_one_sentence():
    programme, people = peers(5)
    themes = list(Theme.objects.all()[:6])
    for number, row in enumerate(people):
        row.themes.set(themes[:3] if number in (2, 3, 4) else themes[3:])
    run = launch(programme, RunMode.CRITERIA)
    out = run.unpaired.get().participation
    best = {people[2], people[3], people[4]}
    assert out in best
    bench.make_trio(run=run, out=out, by=referent_of(programme))
    three = run.candidates.get(origin="hand")
    assert {seat.participation for seat in three.members.all()} == best

    bench.undo(candidate=three, by=referent_of(programme))
    bench.put_together(run=run, people=sorted(best - {out}, key=lambda row: row.pk), by=referent_of(programme))
    for other in set(people) - {out}:
        name_as_avoided(out.person, person=other.person)
    said = press_trio(programme, run, out)
    assert REFUSAL in said
    assert not run.candidates.filter(members__participation=out).exists() and run.unpaired.get().participation == out


def test_a_private_wish_changes_nothing_of_the_page_that_offers_a_trio():
    """The offer is made before anything is looked at: who might welcome whom is not on the page."""
    pages = []
    for wished in (False, True):
        programme, people = peers(3)
        run = launch(programme, RunMode.CRITERIA)
        out = run.unpaired.get().participation
        if wished:
            name_as_avoided(out.person, person=people[0].person)
        page = client_of(referent_of(programme)).get(run.get_absolute_url()).content.decode()
        pages.append(page.count("Former un trio"))
    assert pages == [1, 1]


def test_a_kept_trio_stays_when_the_rest_is_run_again_and_is_replayed_alike():
    programme, people = peers(7)
    by = referent_of(programme)
    run = launch(programme, RunMode.CRITERIA)
    kept = bench.make_trio(run=run, out=run.unpaired.get().participation, by=by)
    three = {seat.participation_id for seat in kept.members.all()}
    again = bench.launch(programme=programme, form=Form.RECIPROCAL, mode=RunMode.CRITERIA, keeping=run, by=by)
    trios = [row for row in again.candidates.all() if row.members.count() == 3]
    assert [{seat.participation_id for seat in row.members.all()} for row in trios] == [three]
    assert trios[0].locked and again.candidates.count() == 3 and not again.unpaired.exists()
    assert bench.replay(run=again, by=by).output_sha256 == again.output_sha256


def test_a_trio_may_be_proposed_by_hand_without_a_run():
    programme, people = peers(3)
    url = reverse("pairing:propose", args=[programme.slug])
    data = {"way": "entre-pairs", **{f"entre-pairs-{name}": row.pk for name, row in zip(NAMES, people, strict=True)}}
    client = client_of(referent_of(programme))
    twice = data | {"entre-pairs-third": people[0].pk}
    assert "Choisissez deux personnes différentes, ou trois." in client.post(url, twice).content.decode()
    client.post(url, data)
    assert {member.participation for member in Pair.objects.get().members.all()} == set(people)
