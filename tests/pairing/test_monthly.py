"""One number a month: it counts once, says no date to anybody, and comes in from paper with both names in the journal."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from evaluation.services.collect import collect
from pairing.enums import ESTIMATED_MINUTES, EndCode, Noting
from pairing.hooks import cards
from pairing.models import MonthCount, Pair
from pairing.services import fit, frame, hours, meetings, monthly, pairs, retention
from portal import clock
from portal.enums import Verb
from portal.errors import DomainError, Refused
from portal.models import JournalEntry, Person, Transition
from portal.typography import french
from programmes.enums import Side
from programmes.services import rollout
from tests.builders import (
    client_of,
    make_employer,
    make_pair,
    make_participation,
    make_person,
    make_programme,
    referent_of,
)
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
CHOSEN = {"rhythm": "monthly", "minutes": 60, "channel": "phone", "objectives": []}
MARCH, APRIL = dt.date(2027, 3, 1), dt.date(2027, 4, 1)


def at(day: dt.date, hour: int = 9, minute: int = 0):
    return clock.at(dt.datetime.combine(day, dt.time(hour, minute), PARIS))


def people_of(pair: Pair) -> list:
    return [member.person for member in pair.members.order_by("part")]


def counting(day: dt.date = dt.date(2027, 2, 10), **options) -> Pair:
    """A pair that agreed on one number a month."""
    with at(day):
        pair = make_pair(**options)
        one, other = people_of(pair)
        row = frame.propose(pair=pair, by=one, noting=Noting.MONTHLY, **CHOSEN)
        frame.answer(pair=pair, by=other, frame=row.ref, yes=True)
    return Pair.objects.get(pk=pair.pk)


def fresh(pair: Pair) -> Pair:
    return Pair.objects.get(pk=pair.pk)


def give(pair: Pair, month: dt.date, number: int, by=None) -> MonthCount:
    return monthly.give(pair=fresh(pair), by=by or people_of(pair)[0], month=month, number=number)


# --- Which month ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("now", "month"),
    [
        (dt.datetime(2027, 3, 31, 23, 59, tzinfo=PARIS), dt.date(2027, 2, 1)),
        (dt.datetime(2027, 4, 1, 0, 1, tzinfo=PARIS), MARCH),
        (dt.datetime(2028, 2, 29, 23, 59, tzinfo=PARIS), dt.date(2028, 1, 1)),
        (dt.datetime(2028, 3, 1, 0, 1, tzinfo=PARIS), dt.date(2028, 2, 1)),
        (dt.datetime(2027, 11, 1, 0, 1, tzinfo=PARIS), dt.date(2027, 10, 1)),
    ],
    ids=str,
)
def test_the_month_asked_is_the_one_that_is_over_on_the_night_it_ends(now, month):
    pair = counting()
    with clock.at(now):
        assert monthly.asked(fresh(pair)) == month
        give(pair, month, 2)
        assert monthly.asked(fresh(pair)) == monthly.first_of(now.date())


def test_no_month_before_the_pair_began_nor_of_long_ago():
    pair = counting()
    with at(dt.date(2027, 2, 20)):
        assert monthly.months_of(pair) == [dt.date(2027, 2, 1)]
    with at(dt.date(2027, 9, 20)):
        for month in (dt.date(2027, 2, 1), dt.date(2027, 10, 1), dt.date(2027, 9, 2)):
            with pytest.raises(DomainError, match="un mois de la liste"):
                give(pair, month, 2)
        with pytest.raises(DomainError, match="entre 0 et 31"):
            give(pair, dt.date(2027, 9, 1), 32)


def test_one_number_from_the_home_page_and_given_again_the_last_one_holds():
    pair = counting()
    client = client_of(people_of(pair)[0])
    with at(dt.date(2027, 3, 20)):
        assert [card.template for card in cards(people_of(pair)[0])] == ["pairing/_month_card.html"]
        for number in (2, 3):
            typed = {"month": "2027-03-01", "number": number}
            assert client.post(reverse("pairing:month", args=[pair.ref]), typed).status_code == 302
        page = client.get(reverse("pairing:pair", args=[pair.ref])).content.decode()
        assert french("Mars 2027 : 3 fois en tout") in page
        wrong = client.post(reverse("pairing:month", args=[pair.ref]), {"month": "2027-03-01", "number": "40"})
        assert wrong.status_code == 200 and 'value="40"' in wrong.content.decode()
    assert MonthCount.objects.get().number == 3


def test_a_number_is_news_without_a_date_and_opens_the_question_of_the_first_meeting():
    pair = counting()
    with at(dt.date(2027, 3, 20)):
        give(pair, MARCH, 0)
        assert not fit.is_asked(fresh(pair))
        give(pair, MARCH, 1)
        assert fit.is_asked(fresh(pair))
    row = fresh(pair)
    assert (row.alive_on, row.last_met_on, row.first_met_on) == (dt.date(2027, 3, 20), None, None)


# --- Volumes ----------------------------------------------------------------------------------------------------------
def counted(pair: Pair, starts: dt.date, ends: dt.date) -> tuple[int, int, int]:
    """Pairs that met, meetings, minutes, as a report counts them."""
    by = referent_of(pair.programme)
    with at(dt.date(2027, 1, 2)):
        row = rollout.declare_exercice(programme=pair.programme, name=str(starts), starts=starts, ends=ends, by=by)
    found = collect(row)
    return tuple(found[code].value for code in ("E01", "E02", "E06R"))


def test_taps_of_the_month_are_in_the_number_and_count_once():
    pair = counting()
    one, _ = people_of(pair)
    for day in (5, 12):
        with at(dt.date(2027, 3, day)):
            meetings.log(pair=fresh(pair), by=one, key=uuid.uuid4(), minutes=30)
    with at(dt.date(2027, 4, 2)):
        give(pair, MARCH, 5)
    assert counted(pair, dt.date(2027, 1, 1), dt.date(2027, 12, 31)) == (1, 5, 2 * 30 + 3 * 50)


def test_a_number_smaller_than_the_taps_takes_nothing_away():
    pair = counting()
    one, _ = people_of(pair)
    for day in (5, 12):
        with at(dt.date(2027, 3, day)):
            meetings.log(pair=fresh(pair), by=one, key=uuid.uuid4(), minutes=30)
    with at(dt.date(2027, 4, 2)):
        give(pair, MARCH, 1)
    assert counted(pair, dt.date(2027, 1, 1), dt.date(2027, 12, 31)) == (1, 2, 60)


def test_a_month_is_in_one_period_only_whatever_the_periods():
    pair = counting()
    with at(dt.date(2027, 4, 2)):
        give(pair, MARCH, 4)
    first = counted(pair, dt.date(2027, 1, 1), dt.date(2027, 3, 15))
    second = counted(pair, dt.date(2027, 3, 16), dt.date(2027, 12, 31))
    assert (first[1], second[1]) == (0, 4)


def test_a_month_in_which_the_pair_ended_counts_up_to_its_end():
    pair = counting()
    with at(dt.date(2027, 3, 10)):
        give(pair, MARCH, 2)
        pairs.end(pair=fresh(pair), by=people_of(pair)[0], code=EndCode.TERM)
    assert counted(pair, dt.date(2027, 1, 1), dt.date(2027, 3, 15))[1] == 2


def test_the_helper_reads_them_in_their_own_hours_at_the_estimated_length():
    pair = counting()
    helper = pair.members.get(part="helper").participation
    with at(dt.date(2027, 3, 5)):
        meetings.log(pair=fresh(pair), by=helper.person, key=uuid.uuid4(), minutes=30)
    with at(dt.date(2027, 4, 2)):
        give(pair, MARCH, 3)
        (line,) = [line for line in hours.lines(helper) if line.month == MARCH]
    assert line.met == 30 + 2 * ESTIMATED_MINUTES


# --- From paper -------------------------------------------------------------------------------------------------------
def on_paper() -> tuple[Pair, Person]:
    """A pair whose helped member has no account."""
    programme = make_programme()
    helped = make_participation(programme, Side.HELPED)
    pair = make_pair(programme, helped=helped)
    user, helped.person.user = helped.person.user, None
    helped.person.save()
    user.delete()
    return fresh(pair), helped.person


def test_the_referent_enters_a_number_both_are_in_the_journal_and_it_never_shows_again():
    pair, person = on_paper()
    referent = referent_of(pair.programme)
    client, address = client_of(referent), reverse("pairing:paper", args=[pair.ref])
    month = monthly.first_of(clock.today("Europe/Paris"))
    assert "Relevé remis par" in client.get(address).content.decode()
    page = client.post(address, {"person": person.pk, "month": month.isoformat(), "number": 23}, follow=True)
    assert page.redirect_chain and "Le relevé est saisi" in page.content.decode()
    assert MonthCount.objects.get().number == 23
    entry = JournalEntry.objects.get(verb=Verb.ENTERED_FOR, object_ref=pair.ref)
    assert (entry.actor_ref, entry.subject_ref) == (referent.ref, person.ref)
    for shown in (page, client.get(address), client.get(reverse("pairing:pairs", args=[pair.programme.slug]))):
        assert ">23<" not in shown.content.decode() and 'value="23"' not in shown.content.decode()
        assert "23 fois" not in shown.content.decode()
    other = next(one for one in people_of(pair) if one != person)
    mine = client_of(other).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert "23 fois en tout" in mine and f"saisi par {referent.short_name} pour {person.given}" in mine


def test_nobody_enters_for_somebody_with_an_account_nor_for_their_own_pair():
    pair, person = on_paper()
    referent = referent_of(pair.programme)
    helper = next(one for one in people_of(pair) if one != person)
    month = {"month": monthly.first_of(clock.today("Europe/Paris")), "number": 2}
    with pytest.raises(DomainError, match="note elle-même"):
        monthly.enter_from_paper(pair=pair, by=referent, person=helper, **month)
    with pytest.raises(Refused):
        monthly.enter_from_paper(pair=pair, by=helper, person=person, **month)
    ordinary = make_pair(pair.programme)
    assert client_of(referent).get(reverse("pairing:paper", args=[ordinary.ref])).status_code == 404
    referee = make_person(pair.programme.lead_employer)
    pairs.entrust(pair=pair, referee=referee, by=referent)
    assert client_of(referee).get(reverse("pairing:paper", args=[pair.ref])).status_code == 404


@pytest.mark.parametrize("name", ["notebook", "month_sheet"])
def test_the_pages_to_print_hold_no_field_and_nobodys_name(name):
    pair = make_pair()
    one, other = people_of(pair)
    page = client_of(one).get(reverse(f"pairing:{name}")).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "<input" not in main and "<textarea" not in main and "<form" not in main
    assert one.given not in main and other.given not in main and pair.programme.name not in main
    sheet = main.partition('class="paper-sheet"')[2].lower()
    assert sheet and not any(word in sheet for word in ("handicap", "binôme", "aidance", "santé"))
    shown = client_of(one).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert reverse(f"pairing:{name}") in shown


# --- How long ---------------------------------------------------------------------------------------------------------
def test_seven_months_after_the_end_nobody_can_tell_who_was_with_whom():
    pair = counting()
    one, _ = people_of(pair)
    with at(dt.date(2027, 3, 20)):
        meetings.log(pair=fresh(pair), by=one, key=uuid.uuid4())
        give(pair, MARCH, 3)
        pairs.end(pair=fresh(pair), by=one, code=EndCode.TERM)
    client, address = client_of(one), reverse("pairing:pair", args=[pair.ref])
    with at(dt.date(2027, 3, 20) + dt.timedelta(days=retention.LINK_DAYS)):
        retention.links()
        assert client.get(address).status_code == 200
    with at(dt.date(2027, 3, 20) + dt.timedelta(days=retention.LINK_DAYS + 1)):
        assert retention.links() == 2 and retention.links() == 0
        assert client.get(address).status_code == 404
    assert not pair.meetings.exclude(entered_by_ref=None).exists()
    assert not pair.month_counts.exclude(entered_by_ref=None).exists()
    moves = Transition.objects.filter(object_ref=pair.ref)
    assert moves.exists() and not moves.exclude(by_ref=None).exists()
    assert counted(pair, dt.date(2027, 1, 1), dt.date(2027, 12, 31))[1] == 3, "the count stays"


def test_the_home_page_asks_as_many_queries_with_one_pair_or_three_that_count_by_month():
    employer = make_employer()
    person = make_person(employer)

    def another() -> None:
        other = make_programme(employer)
        pair = make_pair(other, helper=make_participation(other, Side.HELPER, person))
        one, two = people_of(pair)
        row = frame.propose(pair=pair, by=one, noting=Noting.MONTHLY, **CHOSEN)
        frame.answer(pair=pair, by=two, frame=row.ref, yes=True)

    client = client_of(person)
    assert_same_queries(lambda: client.get(reverse("portal:my_space")), another)
