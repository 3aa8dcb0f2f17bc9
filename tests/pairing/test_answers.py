"""A delay is a target: more time without a reason, one reminder, a lapse that is no refusal, the last place once."""

import datetime as dt
import html

import pytest
from django.urls import reverse

from pairing.access import waiting_for_a_pair
from pairing.enums import PairState, RunState, SearchAnswer
from pairing.models import Pair, Run, SearchChoice
from pairing.services import again, answers, pairs
from pairing.services.rules import compatible
from pairing.tasks import proposals
from portal import clock, registry
from portal.errors import DomainError
from portal.models import OutgoingMail
from programmes.enums import Form, Side
from programmes.models import GateRule
from programmes.services import gates as programme_gates
from tests.builders import client_of, make_pair, make_participation, make_programme, make_reciprocal, referent_of

pytestmark = pytest.mark.django_db


def asked(**people) -> Pair:
    return make_pair(answered=False, framed=False, **people)


def after(pair: Pair, days: int = 1):
    """A moment `days` after the delay of `pair`."""
    noon = dt.datetime.combine(pair.answer_by, dt.time(12), tzinfo=dt.UTC)
    return clock.at(noon + dt.timedelta(days=days))


def late(**people) -> Pair:
    pair = asked(**people)
    with after(pair):
        answers.lapse_overdue()
    pair.refresh_from_db()
    return pair


def set_to(programme, code: str, value: int) -> None:
    rule = GateRule.objects.get(pk=code)
    programme_gates.set_value(programme=programme, rule=rule, value=value, reason="Essai.", by=referent_of(programme))


@pytest.mark.parametrize(
    ("form", "code", "side"), [("pair", "pair-answer", None), ("reciprocal", "reciprocal-answer", 1)]
)
def test_each_form_has_its_own_delay(form, code, side):
    programme = make_programme(forms=[form])
    set_to(programme, code, 7)
    pair = make_reciprocal(programme, answered=False, framed=False) if side else asked(programme=programme)
    assert pair.answer_by - clock.today(programme.time_zone) == dt.timedelta(days=7)


def test_more_time_is_given_once_or_as_set_without_a_reason():
    pair = asked()
    person = pair.members.first().person
    client, url = client_of(person), reverse("pairing:pair", args=[pair.ref])
    assert "J’ai besoin de plus de temps" in html.unescape(client.get(url).content.decode())
    with clock.at(clock.now() + dt.timedelta(days=5)):
        client.post(reverse("pairing:answer", args=[pair.ref]), {"answer": "temps"})
        before, days = pair.answer_by, programme_gates.value(pair.programme, "pair-answer")
        pair.refresh_from_db()
        assert pair.answer_by == before + dt.timedelta(days=5) and days == 21
        with pytest.raises(DomainError, match="rien ne presse"):
            answers.more_time(pair=pair, by=person)
        set_to(pair.programme, "pair-more-time", 2)
        answers.more_time(pair=pair, by=person)
    assert pair.more_time == 2
    stranger = make_participation(pair.programme).person
    with pytest.raises(DomainError):
        answers.more_time(pair=pair, by=stranger)


def test_one_reminder_a_few_days_before_to_those_who_have_not_answered():
    pair = asked()
    said, silent = pair.members.order_by("pk")
    pairs.say_yes(pair=pair, by=said.person)
    assert answers.remind() == 0
    with clock.at(clock.now() + dt.timedelta(days=19)):
        assert answers.remind() == 1 and answers.remind() == 0
        mails = OutgoingMail.objects.filter(kind="pairing/reminder")
        assert [mail.person for mail in mails] == [silent.person]
        answers.more_time(pair=Pair.objects.get(), by=silent.person)
        assert answers.remind() == 0
    with after(Pair.objects.get(), days=-1):
        assert answers.remind() == 1
    assert mails.all().count() == 2


def test_a_delay_that_passes_frees_the_place_and_keeps_the_person_first():
    pair = asked()
    seats = {member.part: member.participation for member in pair.members.all()}
    helped = seats["helped"]
    longer = make_participation(pair.programme)
    type(longer).objects.filter(pk=longer.pk).update(waiting_since=helped.waiting_since - dt.timedelta(days=90))
    with after(pair, days=0):
        assert proposals() == 0
    with after(pair, days=30):
        assert proposals() == 1 and proposals() == 0
    pair.refresh_from_db()
    assert pair.state == PairState.LAPSED and pair.late
    assert list(waiting_for_a_pair(pair.programme)) == [helped, longer]
    helped.refresh_from_db()
    assert helped.waiting_since and not helped.memberships.filter(live=True).exists()
    assert compatible(helped, seats["helper"]), "a lapse is no refusal: the two may be proposed again"


def test_an_answer_given_meanwhile_is_never_lost():
    pair = asked()
    for member in pair.members.all():
        pairs.say_yes(pair=pair, by=member.person)
    with after(pair, days=30):
        assert answers.lapse_overdue() == 0
    pair.refresh_from_db()
    assert pair.state == PairState.ACCEPTED


def test_saying_yes_after_the_delay_takes_the_place_if_it_is_free():
    pair = late()
    helped = pair.members.get(part="helped").person
    client, url = client_of(helped), reverse("pairing:pair", args=[pair.ref])
    with after(pair, days=9):
        assert "vous restez en tête" in html.unescape(client.get(url).content.decode())
        assert any("attend encore" in card.title for card in registry.gather(registry.CARD, helped))
        client.post(reverse("pairing:answer", args=[pair.ref]), {"answer": "encore"})
        pair.refresh_from_db()
        assert pair.state == PairState.PROPOSED and not pair.late and pair.members.get(person=helped).yes_at
        assert pair.answer_by > clock.today(pair.programme.time_zone)
        assert pair.members.filter(live=True).count() == 2
        pairs.say_yes(pair=pair, by=pair.members.get(part="helper").person)
    pair.refresh_from_db()
    assert pair.state == PairState.ACCEPTED


def test_of_two_who_want_the_last_place_one_gets_it_and_the_other_stays_first():
    programme = make_programme(places_per_helper=1)
    helper = make_participation(programme, Side.HELPER)
    first = late(programme=programme, helper=helper)
    second = late(programme=programme, helper=helper)
    people = [pair.members.get(part="helped").person for pair in (first, second)]
    client_of(people[0]).post(reverse("pairing:answer", args=[first.ref]), {"answer": "encore"})
    page = client_of(people[1]).post(reverse("pairing:answer", args=[second.ref]), {"answer": "encore"}, follow=True)
    assert "Cette place vient d’être prise. Vous restez en tête." in html.unescape(page.content.decode())
    assert helper.memberships.filter(live=True).count() == 1
    second.refresh_from_db()
    assert second.state == PairState.LAPSED and second.late
    assert waiting_for_a_pair(programme).first().person == people[1]


def test_a_declined_or_withdrawn_proposal_is_not_taken_up_again():
    pair = asked()
    helped = pair.members.get(part="helped").person
    pairs.decline(pair=pair, by=helped)
    with pytest.raises(DomainError):
        answers.take_up(pair=pair, by=helped)
    assert not answers.may_take_up(pair)


# --- After an end -----------------------------------------------------------------------------------------------------
def ended(programme=None) -> Pair:
    pair = make_pair(programme)
    pairs.end(pair=pair, by=pair.members.get(part="helper").person, code="helper_wish")
    return pair


def test_the_referent_has_a_proposal_the_same_day_and_nothing_leaves_without_the_persons_yes(
    django_capture_on_commit_callbacks,
):
    programme = make_programme()
    other = make_participation(programme, Side.HELPER)
    with django_capture_on_commit_callbacks(execute=True):
        pair = ended(programme)
    row = pair.members.get(part="helped").participation
    run = Run.objects.get(about=row)
    assert run.state == RunState.STAGED and run.by is None
    assert {seat.participation for seat in run.seats.all()} == {row, other}
    referent = client_of(referent_of(programme))
    page = html.unescape(referent.get(run.get_absolute_url()).content.decode())
    assert "n’a pas encore dit" in page and "Publier" not in page.split("<main")[1]
    todos = registry.gather(registry.TODO, referent_of(programme), programme)
    assert any("qui n’a pas encore répondu" in todo.sentence for todo in todos)
    referent.post(reverse("pairing:publish", args=[programme.slug, run.ref]))
    assert not Pair.objects.exclude(pk=pair.pk).exists()


def test_the_agent_is_told_kindly_and_chooses():
    pair = ended()
    person = pair.members.get(part="helped").person
    choice = SearchChoice.objects.get()
    assert choice.participation.person == person, "whoever helped is not asked"
    client, url = client_of(person), reverse("pairing:search_again", args=[pair.ref])
    page = html.unescape(client.get(reverse("pairing:pair", args=[pair.ref])).content.decode())
    assert all(word in page for word in ("Maintenant", "Plus tard", "Non"))
    client.post(url, {"choix": "later"})
    choice.refresh_from_db()
    assert choice.answer == SearchAnswer.LATER
    assert any("Chercher quelqu’un à nouveau" in card.title for card in registry.gather(registry.CARD, person))
    client.post(url, {"choix": "no"})
    assert not any("à nouveau" in card.title for card in registry.gather(registry.CARD, person))
    client.post(url, {"choix": "now"})
    choice.refresh_from_db()
    assert choice.answer == SearchAnswer.NOW and choice.participation.waiting_since
    assert client.post(url, {"choix": "no"}).status_code == 404
    stranger = client_of(pair.members.get(part="helper").person)
    assert stranger.post(url, {"choix": "now"}).status_code == 404


def test_a_suggestion_made_twice_is_one_and_none_for_whoever_has_a_pair(django_capture_on_commit_callbacks):
    programme = make_programme()
    make_participation(programme, Side.HELPER)
    with django_capture_on_commit_callbacks(execute=True):
        pair = ended(programme)
        again.prepare(pair)
        Pair.objects.filter(pk=pair.pk).update(version=99)
        pair.refresh_from_db()
        again.prepare(pair)
    assert Run.objects.filter(state=RunState.STAGED).count() == 1


def test_a_trio_is_asked_and_lapses_like_any_pair():
    programme = make_programme(forms=["reciprocal"])
    peers = [make_participation(programme, Side.PEER) for _ in range(3)]
    pair = pairs.propose_peers(peers=peers, by=referent_of(programme))
    assert pair.form == Form.RECIPROCAL
    with after(pair):
        assert answers.lapse_overdue() == 1
        pair.refresh_from_db()
        answers.take_up(pair=pair, by=peers[0].person)
    assert pair.members.filter(live=True).count() == 3
