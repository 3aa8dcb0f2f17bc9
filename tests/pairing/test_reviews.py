"""Reviews at half-way and at the end: between the members, sealed, « proposé » or « fait » to the team; the last page."""

import datetime as dt
import re
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse

from pairing.enums import TICKS, EndCode, Moment, Part, Tick
from pairing.models import Pair, ReviewAnswer
from pairing.services import erasure, meetings, pairs, retention, reviews
from portal import clock
from portal.errors import DomainError, Refused
from portal.typography import french
from programmes.services import rollout
from tests.builders import client_of, make_pair, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
DAYS = [dt.date(2027, 3, 28), dt.date(2027, 10, 31), dt.date(2028, 2, 29), dt.date(2027, 6, 10)]
TICKED = [Tick.RHYTHM, Tick.LITTLE]


def at(day: dt.date, hour: int = 9, minute: int = 0):
    return clock.at(dt.datetime.combine(day, dt.time(hour, minute), PARIS))


def people_of(pair: Pair) -> list:
    return [member.person for member in pair.members.order_by("part")]


def fresh(pair: Pair) -> Pair:
    return Pair.objects.select_related("programme__lead_employer", "cycle").get(pk=pair.pk)


def half_way() -> Pair:
    with clock.at(clock.now() - dt.timedelta(days=reviews.HALF_DAYS)):
        pair = make_pair()
    return fresh(pair)


def answer(pair: Pair, by, ticks=TICKED, moment=Moment.HALF) -> None:
    reviews.answer(pair=fresh(pair), by=by, moment=moment, ticks=ticks)


@pytest.mark.parametrize("answers", [True, False])
def test_once_somebody_is_gone_the_team_does_not_read_whether_the_other_answered(answers):
    pair = half_way()
    one, other = people_of(pair)
    if answers:
        answer(pair, other)
    erasure.erase(person=one)
    assert reviews.states(fresh(pair)) == []


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_half_way_comes_on_its_day(day):
    with at(day - dt.timedelta(days=reviews.HALF_DAYS), 23, 50):
        pair = make_pair()
    with at(day - dt.timedelta(days=1), 23, 59):
        assert reviews.offered(fresh(pair)) is None and reviews.states(fresh(pair)) == []
    with at(day, 0, 1):
        assert reviews.offered(fresh(pair)) == Moment.HALF


def test_half_way_of_a_pair_in_a_cycle_is_the_middle_of_what_is_left_of_it():
    with at(dt.date(2027, 1, 4)):
        programme = make_programme()
        by = referent_of(programme)
        days = {"starts": dt.date(2027, 1, 1), "ends": dt.date(2027, 6, 30)}
        cycle = rollout.add_cycle(programme=programme, by=by, **days)
    with at(dt.date(2027, 3, 2)):
        pair = make_pair(programme)
    Pair.objects.filter(pk=pair.pk).update(cycle=cycle)
    assert reviews.half_day(fresh(pair)) == dt.date(2027, 5, 1)


def test_each_reads_the_other_once_both_have_their_own_and_the_team_knows_only_that_it_is_done():
    pair = half_way()
    (one, other), referent = people_of(pair), referent_of(pair.programme)
    address = reverse("pairing:review", args=[pair.ref, "half"])
    assert reviews.states(pair) == [(Moment.HALF, "proposé")]
    first, second = client_of(one), client_of(other)
    first.post(address, {"ticks": ["rhythm", "little"]})
    before = second.get(address).content.decode()
    assert "a coché" not in before
    assert reviews.states(fresh(pair)) == [(Moment.HALF, "proposé")], "one answer is not known outside"
    second.post(address, {"ticks": []})
    after = second.get(address).content.decode()
    assert f"{one.given} a coché" in after and "<li>Cela m’a peu apporté</li>" in after
    assert reviews.states(fresh(pair)) == [(Moment.HALF, "fait")]
    pilot = client_of(referent).get(reverse("pairing:pilot_pair", args=[pair.programme.slug, pair.ref]))
    page = pilot.content.decode()
    assert re.search(r"Bilan à mi-parcours</dt><dd>fait", page)
    assert not any(tick.label in page for tick in Tick)


def test_strangers_and_the_team_open_no_review():
    pair = half_way()
    answer(pair, people_of(pair)[0])
    for person in (referent_of(pair.programme), make_person(pair.programme.lead_employer)):
        client = client_of(person)
        assert client.get(reverse("pairing:review", args=[pair.ref, "half"])).status_code == 404
        assert client.post(reverse("pairing:forget_review", args=[pair.ref, "half"])).status_code == 404
        with pytest.raises(Refused):
            answer(pair, person)
    assert ReviewAnswer.objects.count() == 1


def test_what_is_ticked_is_sealed_at_one_length_whatever_it_is():
    pair = half_way()
    one, other = people_of(pair)
    answer(pair, one, ticks=[])
    answer(pair, other, ticks=list(TICKS[Moment.HALF]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT ticks FROM pairing_reviewanswer")
        stored = [str(row[0]) for row in cursor.fetchall()]
    assert len({len(text) for text in stored}) == 1
    assert not any(tick.value in text for text in stored for tick in Tick)


@pytest.mark.parametrize(
    ("moment", "ticks"), [(Moment.END, []), (Moment.HALF, ["bearings"]), (Moment.HALF, ["elle est malade"]), ("x", [])]
)
def test_another_moment_or_another_box_is_refused(moment, ticks):
    pair = half_way()
    with pytest.raises(DomainError):
        answer(pair, people_of(pair)[0], ticks=ticks, moment=moment)


def test_one_erases_what_one_ticked_and_it_goes_with_its_author_or_with_the_link():
    pair = half_way()
    one, other = people_of(pair)
    answer(pair, one)
    client_of(one).post(reverse("pairing:forget_review", args=[pair.ref, "half"]))
    assert not ReviewAnswer.objects.exists()
    answer(pair, one)
    answer(pair, other)
    erasure.erase(person=one)
    assert [row.member.person for row in ReviewAnswer.objects.all()] == [other]
    Pair.objects.filter(pk=pair.pk).update(
        ended_on=clock.today("Europe/Paris") - dt.timedelta(days=retention.LINK_DAYS + 1)
    )
    retention.links()
    assert not ReviewAnswer.objects.exists()


# --- The end ----------------------------------------------------------------------------------------------------------
def ended(code=EndCode.TERM) -> Pair:
    pair = make_pair()
    helped = pair.members.get(part=Part.HELPED).person
    meetings.log(pair=pair, by=helped, key=uuid.uuid4())
    pairs.end(pair=fresh(pair), by=helped, code=code)
    return fresh(pair)


def test_each_reads_a_last_page_that_thanks_says_what_is_kept_and_what_next():
    pair = ended()
    pages = [client_of(one).get(reverse("pairing:pair", args=[pair.ref])).content.decode() for one in people_of(pair)]
    last = pair.ended_on + dt.timedelta(days=retention.LINK_DAYS)
    for page in pages:
        assert "Merci pour ce chemin" in page and f"{last.day} " in page and str(last.year) in page
        assert reverse("programmes:join", args=[pair.programme.slug]) in page
        assert reverse("pairing:review", args=[pair.ref, "end"]) in page
    helped, helper = pages
    assert "devenir à votre tour" in helped and french("Et maintenant ?") in helped
    assert "devenir à votre tour" not in helper and "restent comptées" in helper


@pytest.mark.parametrize("code", [EndCode.HELPED_WISH, EndCode.HELPER_WISH, EndCode.UNSPECIFIED])
def test_the_last_page_says_the_same_whatever_the_reason(code):
    pair = ended(code)
    page = client_of(people_of(pair)[1]).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert not any(label in page for value, label in EndCode.choices if value != "")


def test_the_review_of_the_end_is_offered_sixty_days_and_no_longer():
    pair = ended()
    start = clock.now()
    for days, moment in ((60, Moment.END), (61, None)):
        with clock.at(start + dt.timedelta(days=days)):
            assert reviews.offered(fresh(pair)) == moment
    assert reviews.states(fresh(pair)) == [(Moment.END, "proposé")]
    for one in people_of(pair):
        answer(pair, one, ticks=[Tick.COMPANY], moment=Moment.END)
    assert reviews.states(fresh(pair)) == [(Moment.END, "fait")]
