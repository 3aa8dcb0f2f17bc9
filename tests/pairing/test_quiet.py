"""« Sans nouvelles » : told to the two, then to the référent, on the day and once; never closed by the machine."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from pairing.enums import EndCode, PairState
from pairing.hooks import todo
from pairing.life_hooks import cards
from pairing.models import Pair
from pairing.services import meetings, pairs, quiet
from pairing.tasks import note_silence
from portal import clock
from portal.errors import Refused
from portal.models import OutgoingMail
from programmes.models import GateRule
from programmes.services import gates
from tests.builders import client_of, make_pair, make_person, make_reciprocal, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
NOTE, TASK = 45, 90


def at(day: dt.date, hour: int, minute: int = 0):
    return clock.at(dt.datetime.combine(day, dt.time(hour, minute), PARIS))


def heard_of(day: dt.date, **options) -> Pair:
    """A pair that started and met that day, at the very end of it."""
    with at(day, 23, 50):
        pair = make_pair(**options)
        meetings.log(pair=pair, by=one_of(pair), key=uuid.uuid4())
    return Pair.objects.get(pk=pair.pk)


def one_of(pair: Pair):
    return pair.members.first().person


def notes() -> int:
    return OutgoingMail.objects.filter(key__contains=":quiet:").count()


def tasks(pair: Pair) -> list[str]:
    said = [item.sentence for item in todo(referent_of(pair.programme), pair.programme)]
    return [sentence for sentence in said if "sans nouvelles" in sentence]


# The day of the note is: the two changes of clock, 29 February, a day like another.
DAYS = [dt.date(2027, 3, 28), dt.date(2027, 10, 31), dt.date(2028, 2, 29), dt.date(2027, 6, 10)]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_note_leaves_on_the_day_not_a_minute_before_and_once(day):
    heard_of(day - dt.timedelta(days=NOTE))
    with at(day - dt.timedelta(days=1), 23, 59):
        assert note_silence() == 0
    with at(day, 0, 1):
        assert (note_silence(), note_silence()) == (1, 0)
    with at(day, 23, 59):
        assert note_silence() == 0
    assert notes() == 2


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_task_appears_on_the_day_and_the_pair_lives(day):
    pair = heard_of(day - dt.timedelta(days=TASK))
    with at(day - dt.timedelta(days=1), 23, 59):
        assert not tasks(pair)
    with at(day, 0, 1):
        assert tasks(pair) == ["1 binôme est sans nouvelles"]
        page = client_of(referent_of(pair.programme)).get(reverse("pairing:pairs", args=[pair.programme.slug]))
        assert page.content.decode().count("<br>sans nouvelles") == 1
    with at(day + dt.timedelta(days=900), 12):
        note_silence()
        assert Pair.objects.get(pk=pair.pk).state == PairState.ACTIVE


def test_late_is_once_and_each_silence_has_its_note():
    start = dt.date(2027, 6, 10)
    pair = heard_of(start)
    late = start + dt.timedelta(days=70)
    with at(late, 9):
        assert note_silence() == 1
        assert "Comment va votre binôme ?" in [card.title for card in cards(one_of(pair))]
        quiet.say_alive(pair=pair, by=one_of(pair))
        assert "Comment va votre binôme ?" not in [card.title for card in cards(one_of(pair))]
        assert note_silence() == 0
    for days, sent in ((44, 0), (45, 1), (46, 0)):
        with at(late + dt.timedelta(days=days), 9):
            assert note_silence() == sent
    assert notes() == 4


def test_a_meeting_noted_a_pause_or_an_end_is_news_enough():
    start = dt.date(2027, 6, 10)
    met, paused, ended, again = (heard_of(start) for _ in range(4))
    with at(start + dt.timedelta(days=40), 9):
        meetings.log(pair=met, by=one_of(met), key=uuid.uuid4())
        for pair in (paused, again):
            pairs.pause(pair=pair, by=one_of(pair))
        pairs.resume(pair=again, by=one_of(again))
        pairs.end(pair=ended, by=one_of(ended), code=EndCode.TERM)
    with at(start + dt.timedelta(days=50), 9):
        assert note_silence() == 0


def test_a_pair_that_never_met_is_silent_from_the_day_it_started():
    start = dt.date(2027, 6, 10)
    for make in (make_pair, make_reciprocal):
        with at(start, 9):
            make()
    with at(start + dt.timedelta(days=44), 23):
        assert note_silence() == 0
    with at(start + dt.timedelta(days=45), 1):
        assert note_silence() == 2


def test_the_programme_sets_its_own_days_within_bounds():
    start = dt.date(2027, 6, 10)
    pair = heard_of(start)
    rule = GateRule.objects.get(pk="pair-quiet-note")
    by = referent_of(pair.programme)
    gates.set_value(programme=pair.programme, rule=rule, value=60, reason="Métiers de saison", by=by)
    for days, sent in ((59, 0), (60, 1)):
        with at(start + dt.timedelta(days=days), 9):
            assert note_silence() == sent


def test_only_a_member_says_that_all_is_well():
    pair = make_pair()
    address = reverse("pairing:alive", args=[pair.ref])
    for stranger in (referent_of(pair.programme), make_person(pair.programme.lead_employer)):
        with pytest.raises(Refused):
            quiet.say_alive(pair=pair, by=stranger)
        assert client_of(stranger).post(address).status_code == 404
    client_of(one_of(pair)).post(address)
    assert Pair.objects.get(pk=pair.pk).alive_on == clock.today("Europe/Paris")


def test_the_list_of_pairs_asks_as_many_queries_with_one_silent_pair_or_three():
    start = dt.date(2027, 6, 10)
    pair = heard_of(start)
    with at(start + dt.timedelta(days=100), 9):
        client, address = client_of(referent_of(pair.programme)), reverse("pairing:pairs", args=[pair.programme.slug])
        assert_same_queries(lambda: client.get(address), lambda: make_pair(pair.programme))
