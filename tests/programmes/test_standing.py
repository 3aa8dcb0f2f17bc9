"""Where a request stands, in the same words for the agent and the référent: since when, what is sought, never a rank."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pairing.services import pairs
from portal import clock
from programmes.enums import OPEN_PARTICIPATION, ParticipationState, Side
from programmes.models import Participation, Theme
from programmes.services import participation as service
from programmes.services import standing
from tests.builders import (
    client_of,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    name_as_avoided,
    referent_of,
    wishes,
)

pytestmark = pytest.mark.django_db
RANKS = re.compile(
    r"\b(rang \d|\d+(?:e|er|ère|ème) (?:sur|dans|de la)|position|score|priorité \d|place n)", re.IGNORECASE
)
HELPERS_ONLY = re.compile(r"candidature|décision|grille|refus[ée]", re.IGNORECASE)


@pytest.fixture
def programme():
    return make_programme()


def asking(programme, **more) -> Participation:
    """Somebody who asked for support and has no answer yet."""
    person = make_person(programme.lead_employer)
    return service.join(programme=programme, person=person, side=Side.HELPED, **wishes(**more))


def queue(programme) -> str:
    url = reverse("programmes:requests", args=[programme.slug])
    return client_of(referent_of(programme)).get(url).content.decode()


def mine(row) -> str:
    return client_of(row.person).get(reverse("programmes:my_participation", args=[row.ref])).content.decode()


def test_a_request_goes_through_its_states_in_the_same_words_on_both_sides(programme):
    row = asking(programme)
    words = []
    for move in (None, "talk", "orient", "accept"):
        if move:
            service.answer(participation=row, move=move, by=referent_of(programme))
        word = standing.standing(row).word
        words.append(word)
        agent, referent = mine(row), queue(programme)
        assert word in agent and word in referent
        assert standing.standing(row).next.split(".")[0].replace("’", "’") in agent
        for page in (agent, referent.partition("Propositions d’accompagner")[0]):
            assert not RANKS.search(page), RANKS.search(page)
        assert not HELPERS_ONLY.search(agent[agent.index("<main") :]), HELPERS_ONLY.search(agent)
    assert words == ["reçue", "échange proposé", "orientation, demande gardée ouverte", "en attente d’un binôme"]


def test_in_a_pair_then_without_a_search(programme):
    pair = make_pair(programme)
    row = pair.members.get(part="helped").participation
    assert standing.standing(row).word == "en binôme"
    pair.members.update(live=False)
    type(pair).objects.filter(pk=pair.pk).update(state="ended", ended_on=clock.today("Europe/Paris"), end_code="time")
    row.refresh_from_db()
    assert standing.standing(row).word == "sans recherche en cours"


def test_whoever_has_a_proposal_is_not_told_that_there_is_no_place(programme):
    pair = make_pair(programme, answered=False)
    row = pair.members.get(part="helped").participation
    assert standing.standing(row).word == "binôme proposé"
    assert "Un binôme vous est proposé." in mine(row) and "pas encore de place" not in mine(row)
    pairs.decline(pair=pair, by=row.person)
    row.refresh_from_db()
    assert standing.standing(row).word == "en attente d’un binôme" and "pas encore de place" in mine(row)
    pair = make_pair(programme, framed=False, helped=row)
    assert (pair.state, standing.standing(row).word) == ("accepted", "binôme accepté")


def test_every_state_of_every_side_says_what_comes_next(programme):
    for side in Side.values:
        for state in ParticipationState.values:
            row = Participation(pk=1, programme=programme, side=side, state=state, waiting_since=clock.now())
            found = standing.standing(row)
            assert found.word and found.said and found.next
            assert side == Side.HELPER or not HELPERS_ONLY.search(found.word + found.said + found.next)
    assert set(OPEN_PARTICIPATION) < set(ParticipationState.values)


def test_what_would_help_is_what_nobody_offers(programme):
    row = asking(programme, channels=["phone"], slots=1)
    assert standing.what_would_help(programme, [row])[row.pk] == "une personne acceptée pour accompagner"
    helper = make_participation(programme, "helper")
    Participation.objects.filter(pk=helper.pk).update(channels=["video"], slots=2, variable_hours=False)
    said = standing.what_would_help(programme, [row])[row.pk]
    assert "par téléphone" in said and "lundi matin" in said
    theme = Theme.objects.last()
    row.themes.set([theme])
    Participation.objects.filter(pk=helper.pk).update(channels=["phone"], slots=1)
    assert theme.label in standing.what_would_help(programme, [row])[row.pk]
    helper.themes.set([theme])
    assert standing.what_would_help(programme, [row])[row.pk] == "une place : rien d’autre ne manque"


def test_what_would_help_says_nothing_of_a_wish(programme):
    """« Pas avec » changes no word of the queue."""
    row = asking(programme)
    helper = make_participation(programme, "helper")
    before = queue(programme)
    name_as_avoided(row.person, person=helper.person)
    assert re.sub(r"csrf\S+ value=\S+", "", queue(programme)) == re.sub(r"csrf\S+ value=\S+", "", before)


def test_the_queue_takes_as_many_queries_for_three_as_for_one(programme):
    make_participation(programme, "helper")
    client, url = client_of(referent_of(programme)), reverse("programmes:requests", args=[programme.slug])
    asking(programme)
    counts = []
    for more in (0, 2):
        for _ in range(more):
            asking(programme)
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]
