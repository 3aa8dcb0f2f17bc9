"""The référent's bench: staged, explained, changed by hand, replayed, published; never on one's own participation."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pairing import bench_pages
from pairing import run_words as words
from pairing.enums import CandidateOrigin, CandidateState, RunMode, RunState
from pairing.matching.explain import Cause
from pairing.matching.facts import Fact
from pairing.matching.problem import Criterion
from pairing.models import Candidate, CandidateMember, Pair, Run
from pairing.services import bench, matching_input, pairs, weights
from pairing.services.rules import REFUSAL, compatible
from portal import clock
from portal.errors import DomainError
from portal.models import Affiliation, Person
from portal.typography import french
from programmes.enums import Form, Side
from programmes.models import Participation, Site
from programmes.services import participation as participations
from tests.builders import client_of, make_pair, make_participation, make_person, make_programme, referent_of
from tests.pairing.run_world import avoid_person, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build()


def names(run: Run) -> list[list[str]]:
    rows = run.candidates.prefetch_related("members__participation__person").order_by("pk")
    return sorted(sorted(seat.participation.person.given for seat in row.members.all()) for row in rows)


def act(world, run, **data):
    name = "pairing:put_together" if "one" in data else "pairing:act"
    url = reverse(name, args=[world.programme.slug, run.ref])
    return client_of(world.referent).post(url, data, follow=True)


def text_of(page) -> str:
    return html.unescape(page.content.decode())


def offered(page) -> set[str]:
    """The helpers of the hand list."""
    chosen = text_of(page).split('name="other"')[1].split("</select>")[0]
    return {part.split("<")[0].strip() for part in chosen.split("<option")[2:] for part in [part.split(">", 1)[1]]}


def test_the_hand_list_offers_helpers_who_have_a_place_and_says_how_many_have_none(world):
    employer = world.programme.lead_employer
    noa, busy = (
        make_participation(world.programme, Side.HELPER, make_person(employer, name)) for name in ("Noa", "Zoé")
    )
    make_pair(world.programme, helper=busy, framed=False)
    run = world.launch(about=world.camille)
    page = client_of(world.referent).get(run.get_absolute_url())
    # Whoever has a proposal in this preparation may still be moved.
    assert offered(page) == {world.lou.person.short_name, noa.person.short_name}
    assert "1 personne n’est pas proposée ici, faute de place libre" in text_of(page)
    # Sent all the same, from a page opened before: the sentence of every refusal.
    assert REFUSAL in text_of(act(world, run, one=world.camille.pk, other=busy.pk))


# --- Scene 3 ----------------------------------------------------------------------------------------------------------
def test_the_one_place_goes_to_whoever_waits_longest_with_reasons_and_true_causes(world):
    run = world.launch()
    assert names(run) == [["Camille", "Lou"]]
    page = text_of(client_of(world.referent).get(run.get_absolute_url()))
    assert "1 personne a une proposition" in page and "2 attendent encore" in page
    assert "Thèmes en commun" in page and "Peuvent échanger en présence" in page
    assert "Aucune place par téléphone." in page and french("Ce qui débloquerait : une place par téléphone") in page
    assert "Pas encore de place qui convienne" in page
    assert run.certificate["optimum_checked"] is True


def test_the_place_each_wishes_counts_when_they_can_only_meet_in_person_and_is_said_in_words(world):
    noa = make_participation(world.programme, Side.HELPER, make_person(world.programme.lead_employer, "Noa"))
    for row, place in ((world.lou, "outside"), (noa, "other_site"), (world.camille, "my_site")):
        row.themes.set(world.camille.themes.all())
        row.channels, row.meeting_place = ["in_person"], place
        row.save(update_fields=["channels", "meeting_place"])
    page = text_of(client_of(world.referent).get(world.launch(about=world.camille).get_absolute_url()))
    assert "Peuvent échanger en présence, à un endroit qui convient aux deux." in page
    noa.places = 0
    noa.save(update_fields=["places"])
    run = world.launch(about=world.camille)
    assert names(run) == [["Camille", "Lou"]], "a place that is not wished never bars anybody"
    page = text_of(client_of(world.referent).get(run.get_absolute_url()))
    assert "leurs souhaits de lieu diffèrent, à convenir ensemble" in page


def test_a_site_in_common_a_helper_who_travels_or_nothing_is_said_to_the_referent_and_replayed(world):
    public = reverse("pairing:how", args=[world.programme.slug])
    assert "Le site" not in text_of(client_of(world.referent).get(public)), "a programme without sites asks nothing"
    north, south = (Site.objects.create(programme=world.programme, name=name) for name in ("Nord", "Sud"))
    world.lou.sites.set([north])
    told = {
        (north,): "Peuvent se voir sur un site en commun : Nord.",
        (south,): "Aucun site en commun pour se voir : proposer la visioconférence, ou un déplacement.",
    }
    for sites, sentence in told.items():
        world.camille.sites.set(sites)
        run = world.launch(about=world.camille)
        assert names(run) == [["Camille", "Lou"]], "no site in common never bars anybody"
        first = text_of(client_of(world.referent).get(run.get_absolute_url())).partition("Tous les critères")[0]
        assert french(sentence) in first
        again = bench.replay(run=run, by=world.referent)
        assert again.output_sha256 == run.output_sha256
    Participation.objects.filter(pk=world.lou.pk).update(travels=True)
    page = text_of(client_of(world.referent).get(world.launch(about=world.camille).get_absolute_url()))
    assert french("peut se déplacer : le trajet compte dans son temps de mission") in page
    assert "Le site" in text_of(client_of(world.referent).get(public))
    world.camille.sites.set([north])
    run = world.launch(about=world.camille)
    north.delete()
    assert "un site retiré depuis" in text_of(client_of(world.referent).get(run.get_absolute_url()))


def test_whatever_the_rule_a_hand_move_gets_one_sentence_and_changes_nothing(world):
    team = Affiliation.objects.get(person=world.lou.person).unit
    run = world.launch()
    full = act(world, run, one=world.louison.pk, other=world.lou.pk)
    avoid_person(world.louison, world.lou)
    candidate = run.candidates.get()
    act(world, run, geste="separer", proposition=candidate.ref)
    wished = act(world, run, one=world.louison.pk, other=world.lou.pk)
    Affiliation.objects.filter(person=world.candide.person).update(unit=team)
    same_team = act(world, run, one=world.candide.pk, other=world.lou.pk)
    for page in (full, wished, same_team):
        assert REFUSAL in text_of(page)
    assert not run.candidates.exists()


def test_by_hand_a_person_moves_and_the_one_before_waits_again(world):
    run = world.launch()
    act(world, run, geste="separer", proposition=run.candidates.get().ref)
    page = act(world, run, one=world.louison.pk, other=world.lou.pk)
    assert names(run) == [["Lou", "Louison"]]
    assert run.candidates.get().origin == CandidateOrigin.HAND and run.candidates.get().locked
    assert "Choisi à la main" in text_of(page)
    waiting = set(run.unpaired.values_list("participation__person__given", flat=True))
    assert waiting == {"Camille", "Candide"}


def test_what_is_kept_stays_when_the_rest_is_run_again(world):
    run = world.launch()
    bench.undo(candidate=run.candidates.get(), by=world.referent)
    bench.put_together(run=run, people=[world.louison, world.lou], by=world.referent)
    page = act(world, run, geste="relancer")
    again = Run.objects.exclude(pk=run.pk).get()
    assert str(again.ref) in page.redirect_chain[-1][0]
    assert names(again) == [["Lou", "Louison"]] and again.candidates.get().locked
    run.refresh_from_db()
    assert run.state == RunState.STAGED


def test_a_replay_gives_the_same_result_hand_moves_apart_and_says_so(world):
    run = world.launch()
    bench.undo(candidate=run.candidates.get(), by=world.referent)
    page = act(world, run, geste="rejouer")
    again = Run.objects.get(replays=run)
    assert again.output_sha256 == run.output_sha256 and again.input_sha256 == run.input_sha256
    assert names(again) == [["Camille", "Lou"]] and "même résultat" in text_of(page)


def test_another_version_of_the_method_or_a_purged_input_cannot_be_replayed(world):
    run = world.launch()
    Run.objects.update(algorithm="0")
    run.refresh_from_db()
    with pytest.raises(DomainError, match="méthode"):
        bench.replay(run=run, by=world.referent)
    Run.objects.update(input="")
    run.refresh_from_db()
    with pytest.raises(DomainError, match="effacé"):
        bench.replay(run=run, by=world.referent)


def test_two_runs_side_by_side(world):
    one, other = world.launch(), world.launch()
    bench.undo(candidate=other.candidates.get(), by=world.referent)
    url = reverse("pairing:compare", args=[world.programme.slug, one.ref])
    page = text_of(client_of(world.referent).get(url, {"avec": str(other.ref)}))
    assert "différent" in page and "identique" in page
    # Made in the same minute, the two columns are still told apart.
    assert "Celle-ci : " in page and "L’autre : " in page


# --- Decide -----------------------------------------------------------------------------------------------------------
def test_publishing_proposes_and_tells_the_two_only(world):
    run = world.launch()
    client = client_of(world.referent)
    url = reverse("pairing:publish", args=[world.programme.slug, run.ref])
    assert "Qui le saura" in text_of(client.get(url))
    page = text_of(client.post(url, follow=True))
    pair = Pair.objects.get()
    assert pair.candidate.run == run and run.candidates.get().state == CandidateState.PUBLISHED
    assert "La proposition est envoyée" in page
    assert {m.participation for m in pair.members.all()} == {world.camille, world.lou}
    with pytest.raises(DomainError, match="déjà"):
        bench.publish(run=run, by=world.referent)


def test_what_became_impossible_is_told_kindly_and_stops_nothing_else():
    world = build()
    helper = make_participation(world.programme, Side.HELPER, channels=["phone"])
    run = world.launch()
    assert run.candidates.count() == 2
    participations.withdraw(participation=world.camille, by=world.camille.person)
    page = client_of(world.referent).post(reverse("pairing:publish", args=[world.programme.slug, run.ref]), follow=True)
    assert "n’est plus disponible" in text_of(page)
    pair = Pair.objects.get()
    assert {m.participation for m in pair.members.all()} == {world.candide, helper}
    assert run.candidates.filter(state=CandidateState.UNAVAILABLE).count() == 1


def test_discarding_tells_nobody_and_ends_the_run(world):
    run = world.launch()
    asked = client_of(world.referent).get(reverse("pairing:discard_run", args=[world.programme.slug, run.ref]))
    assert 'name="geste" value="ecarter"' in asked.content.decode() and "Qui le saura" in asked.content.decode()
    run.refresh_from_db()
    assert run.state == RunState.STAGED
    act(world, run, geste="ecarter")
    run.refresh_from_db()
    assert run.state == RunState.DISCARDED and not Pair.objects.exists()
    assert REFUSAL not in text_of(act(world, run, geste="relancer"))
    with pytest.raises(DomainError):
        bench.publish(run=run, by=world.referent)


def test_the_referent_who_takes_part_is_in_no_run_of_theirs_and_sees_no_proposal_about_them(world):
    me = world.referent
    for _ in range(2):
        make_participation(world.programme, Side.HELPER, places=2, channels=["in_person", "phone"])
    mine = make_participation(world.programme, person=me, accepted=False)
    other = make_person(world.programme.lead_employer, "Autre")
    world.programme.roles.create(person=other, role="referent", starts=world.programme.starts)
    participations.answer(participation=mine, move="accept", by=other)
    run = world.launch(by=me)
    assert mine.pk not in run.seats.values_list("participation", flat=True)
    theirs = world.launch(by=other)
    assert mine.pk in theirs.seats.values_list("participation", flat=True)
    seen = text_of(client_of(me).get(theirs.get_absolute_url()))
    assert mine.person.short_name not in seen.split("<main")[1].split("</main>")[0]
    own = Candidate.objects.get(members__participation=mine, run=theirs)
    with pytest.raises(DomainError, match="sans vous"):
        bench.lock(candidate=own, locked=True, by=me)
    _, conflicts = bench.publish(run=theirs, by=me)
    assert [candidate.pk for candidate, _ in conflicts] == [own.pk]


def test_nobody_else_reads_a_staged_proposal(world):
    run = world.launch()
    for person in (world.camille.person, world.lou.person, make_person(world.programme.lead_employer)):
        client = client_of(person)
        assert client.get(run.get_absolute_url()).status_code == 404
        page = client.get(reverse("portal:my_space")).content.decode()
        assert "Lou" not in page.split("<main")[1] or person == world.lou.person


# --- Forms and sizes --------------------------------------------------------------------------------------------------
def test_entre_pairs_the_odd_person_may_make_a_trio():
    programme = make_programme(forms=["reciprocal"])
    peers = [make_participation(programme, Side.PEER) for _ in range(3)]
    by = referent_of(programme)
    run = bench.launch(programme=programme, form=Form.RECIPROCAL, mode=RunMode.CRITERIA, by=by)
    assert run.candidates.count() == 1 and run.unpaired.count() == 1
    bench.put_together(run=run, people=peers, by=by)
    assert run.candidates.get().members.count() == 3 and not run.unpaired.exists()
    sent, conflicts = bench.publish(run=run, by=by)
    assert sent == 1 and not conflicts and Pair.objects.get().members.count() == 3


def test_by_chance_a_run_is_drawn_and_replayed_alike(world):
    run = world.launch(mode=RunMode.RANDOM)
    again = bench.replay(run=run, by=world.referent)
    assert again.output_sha256 == run.output_sha256 and names(again) == names(run)


def test_a_large_run_is_made_in_the_background(world, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(bench, "AT_ONCE_CELLS", 0)
    with django_capture_on_commit_callbacks() as callbacks:
        run = world.launch()
    page = client_of(world.referent).get(run.get_absolute_url())
    assert run.state == RunState.COMPUTING and page["Refresh"] and "en cours" in text_of(page)
    for callback in callbacks:
        callback()
    run.refresh_from_db()
    assert run.state == RunState.STAGED and names(run) == [["Camille", "Lou"]]


def test_the_same_form_sent_twice_is_one_run(world):
    client, url = client_of(world.referent), reverse("pairing:runs", args=[world.programme.slug])
    form = client.get(url).context["form"]
    data = {"form": "pair", "mode": "criteria", "receipt": form["receipt"].value()}
    assert client.post(url, data).status_code == client.post(url, data).status_code == 302
    assert Run.objects.count() == 1


def test_the_load_takes_the_same_number_of_queries_whatever_the_number(django_assert_max_num_queries):
    programme = make_programme()
    make_pair(programme)
    for number in range(3):
        make_participation(programme, Side.HELPER)
        make_participation(programme)
        with django_assert_max_num_queries(12):
            loaded = matching_input.load(programme, Form.PAIR)
        assert loaded.problem.shape == (number + 1, number + 1)


def test_the_page_of_a_run_takes_the_same_number_of_queries_for_one_and_for_many():
    counts = []
    for number in (1, 4):
        world = build()
        for _ in range(number):
            make_participation(world.programme, Side.HELPER, channels=["in_person", "phone"])
            make_participation(world.programme, channels=["writing"])
        run, client = world.launch(), client_of(world.referent)
        client.get(run.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(run.get_absolute_url()).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Rules: one source of truth -----------------------------------------------------------------------------------------
@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_load_and_a_proposal_by_hand_agree_on_who_may_meet(data):
    programme = make_programme(places_per_helper=3)
    employer = programme.lead_employer
    people = [make_person(employer, team=data.draw(st.sampled_from(["A", "B", ""]))) for _ in range(5)]
    sides = [Side.HELPER, Side.HELPER, Side.HELPED, Side.HELPED, Side.HELPED]
    rows = [make_participation(programme, side, person, places=3) for side, person in zip(sides, people, strict=True)]
    for one, other in data.draw(st.lists(st.sampled_from([(0, 2), (3, 1), (4, 0), (1, 2)]), max_size=3)):
        kind = data.draw(st.sampled_from(["manager", "avoid", "together", "late"]))
        if kind == "manager":
            Affiliation.objects.filter(person=people[one]).update(manager=people[other])
        elif kind == "avoid":
            avoid_person(rows[one], rows[other])
        elif compatible(rows[one], rows[other]) and not rows[max(one, other)].memberships.filter(live=True).exists():
            helper, helped = sorted((rows[one], rows[other]), key=lambda row: row.side != Side.HELPER)
            pair = pairs.propose(helper=helper, helped=helped, by=None)
            pairs.withdraw_proposal(pair=pair, by=None)
            Pair.objects.filter(pk=pair.pk).update(late=kind == "late")
    problem = matching_input.load(programme, Form.PAIR).problem
    apart = problem.excluded(0, len(problem.helped))
    for helped in rows[2:]:
        for helper in rows[:2]:
            i, j = problem.helped.row_of(helped.pk), problem.helpers.row_of(helper.pk)
            assert compatible(helped, helper) == compatible(helper, helped) == (not apart[i, j])


def test_what_is_kept_of_the_input_gives_the_same_problem_back(world):
    loaded = matching_input.load(world.programme, Form.PAIR)
    text = matching_input.to_text(loaded, mode="criteria", seed=3, locked=[(world.camille.pk, world.lou.pk)])
    again, locked = matching_input.from_text(text)
    assert again.problem.input_hash() == loaded.problem.input_hash()
    assert again.themes == loaded.themes and locked == [(world.camille.pk, world.lou.pk)]


# --- Criteria, in public ------------------------------------------------------------------------------------------------
def test_every_code_has_its_words():
    assert set(words.CRITERIA) == set(Criterion) and set(words._FACTS) == set(Fact)
    for cause in Cause:
        assert words.cause({"cause": cause.value, "channels": ["phone"]})


def test_weights_are_public_and_bind_the_next_run(world):
    client, slug = client_of(world.referent), world.programme.slug
    url = reverse("pairing:criteria", args=[slug])
    data = {criterion.value: 0 for criterion in Criterion} | {"themes": 30, "hours": 10}
    assert client.post(url, data).status_code == 302
    page = text_of(client_of(world.camille.person).get(reverse("pairing:how", args=[slug])))
    assert "75" in page and "Les thèmes" in page and "Le métier" not in page
    assert "score" not in page.lower() and "algorithme" not in page.lower()
    parts = {part["criterion"] for part in world.launch().candidates.get().parts}
    assert parts == {"themes", "hours"}
    with pytest.raises(DomainError, match="un critère"):
        weights.set_weights(programme=world.programme, weights=dict.fromkeys(Criterion, 0), by=world.referent)


def test_the_public_page_is_for_everybody_and_lists_nobody(client, world):
    world.launch()
    page = text_of(client.get(reverse("pairing:how", args=[world.programme.slug])))
    assert "une personne décide" in page and "Demander une explication" in page
    assert not any(row.person.short_name in page for row in (world.lou, world.camille))


def test_a_run_of_more_people_than_sqlite_compares_one_by_one_is_read(world):
    """Its depth of expressions is 1 000; nothing is prefetched by the keys of so many people."""
    run, employer = world.launch(), world.programme.lead_employer
    people = Person.objects.bulk_create([Person(given="P", family=f"{number:04}") for number in range(1102)])
    parts = Participation.objects.bulk_create(
        [
            Participation(
                programme=world.programme,
                person=person,
                employer=employer,
                side=Side.HELPED,
                information_read_at=clock.now(),
            )
            for person in people
        ]
    )
    run.candidates.all().delete()
    made = Candidate.objects.bulk_create([Candidate(run=run) for _ in range(551)])
    CandidateMember.objects.bulk_create(
        [
            CandidateMember(
                run=run, candidate=made[number // 2], participation=part, part=("helper", "helped")[number % 2]
            )
            for number, part in enumerate(parts)
        ]
    )
    assert len(bench_pages.of_run(run, world.referent)["candidates"]) == 551
    assert len(list(run.candidates.with_people("participation__programme__lead_employer"))) == 551
