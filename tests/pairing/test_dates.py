"""Dates proposed and chosen between the members, and a diary file that says nothing to whoever passes by."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.urls import reverse

from pairing.enums import EndCode
from pairing.models import DateProposal, Pair, ProposedDate
from pairing.services import dates, pairs, retention
from portal import clock
from portal.errors import DomainError, Refused
from portal.models import OutgoingMail
from tests.builders import client_of, make_pair, make_person, referent_of

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def pair() -> Pair:
    return make_pair()


def people_of(pair: Pair) -> list:
    return [member.person for member in pair.members.order_by("part")]


def in_days(days: int) -> dt.datetime:
    return (clock.now() + dt.timedelta(days=days)).replace(second=0, microsecond=0)


def proposed(pair: Pair, *when: dt.datetime, by=None) -> DateProposal:
    by = by or people_of(pair)[0]
    return dates.propose(pair=pair, by=by, dates=list(when) or [in_days(3)], minutes=60, channel="phone")


def agreed(pair: Pair, *when: dt.datetime) -> DateProposal:
    row = proposed(pair, *when)
    return dates.answer(pair=pair, by=people_of(pair)[1], proposal=row.ref, date=row.dates.first().pk)


def test_one_proposes_up_to_three_the_other_picks_one(pair):
    one, other = people_of(pair)
    row = proposed(pair, in_days(3), in_days(4), in_days(5))
    second = row.dates.all()[1]
    with pytest.raises(DomainError, match="Choisissez une des dates"):
        dates.answer(pair=pair, by=one, proposal=row.ref, date=second.pk)
    kept = dates.answer(pair=pair, by=other, proposal=row.ref, date=second.pk)
    assert kept.starts_at == second.starts_at
    assert (dates.waiting(pair), dates.coming(pair)) == (None, [kept])
    assert not ProposedDate.objects.exists()
    with pytest.raises(DomainError, match="a changé"):
        dates.answer(pair=pair, by=other, proposal=row.ref, date=second.pk)


def test_none_of_them_leaves_nothing_and_asks_no_reason(pair):
    one, other = people_of(pair)
    client = client_of(other)
    row = proposed(pair, in_days(3), in_days(4))
    page = client.get(reverse("pairing:pair", args=[pair.ref])).content.decode()
    assert "Des dates vous sont proposées" in page and "Aucune ne me convient</button>" in page
    client.post(reverse("pairing:answer_dates", args=[pair.ref]), {"proposal": row.ref, "date": "aucune"})
    assert not DateProposal.objects.exists()
    assert OutgoingMail.objects.filter(person=one, key__contains=f"{row.ref}:none").count() == 1


@pytest.mark.parametrize(
    "when",
    [[], [in_days(1), in_days(2), in_days(3), in_days(4)], [in_days(-1)], [in_days(1), in_days(200)]],
    ids=["none", "four", "past", "too far"],
)
def test_other_dates_are_refused(pair, when):
    with pytest.raises(DomainError):
        dates.propose(pair=pair, by=people_of(pair)[0], dates=when, minutes=60, channel="phone")


def test_a_new_proposal_takes_the_place_of_the_one_that_waits_and_nobody_picks_in_the_old_one(pair):
    one, other = people_of(pair)
    old = proposed(pair, in_days(3))
    key = old.dates.get().pk
    new = proposed(pair, in_days(5), by=other)
    with pytest.raises(DomainError, match="a changé"):
        dates.answer(pair=pair, by=other, proposal=old.ref, date=key)
    assert dates.waiting(pair) == new


def test_a_date_gone_by_is_no_longer_offered(pair):
    row = proposed(pair, in_days(1))
    with clock.at(clock.now() + dt.timedelta(days=2)):
        assert dates.waiting(pair) is None
        with pytest.raises(DomainError, match="est passée"):
            dates.answer(pair=pair, by=people_of(pair)[1], proposal=row.ref, date=row.dates.get().pk)


def test_only_the_members_and_no_trace_for_the_team(pair):
    appointment = agreed(pair)
    referent, stranger = referent_of(pair.programme), make_person(pair.programme.lead_employer)
    for person in (referent, stranger):
        client = client_of(person)
        for name, ref in (("dates", pair.ref), ("appointment_diary", appointment.ref)):
            assert client.get(reverse(f"pairing:{name}", args=[ref])).status_code == 404
        assert client.post(reverse("pairing:cancel_appointment", args=[appointment.ref])).status_code == 404
        with pytest.raises(Refused):
            dates.cancel(row=appointment, by=person)
    pilot = client_of(referent).get(reverse("pairing:pilot_pair", args=[pair.programme.slug, pair.ref]))
    moment = appointment.starts_at.astimezone(PARIS)
    assert f"{moment:%H}\N{NO-BREAK SPACE}h" not in pilot.content.decode()


def test_either_cancels_and_the_other_is_told(pair):
    one, other = people_of(pair)
    appointment = agreed(pair)
    client_of(other).post(reverse("pairing:cancel_appointment", args=[appointment.ref]))
    assert not DateProposal.objects.exists()
    assert OutgoingMail.objects.filter(person=one, key__contains=f"{appointment.ref}:cancelled").count() == 1


# --- The diary file -------------------------------------------------------------------------------------------------
ALLOWED = {
    *("BEGIN", "END", "VERSION", "PRODID", "UID", "DTSTAMP", "SUMMARY", "DTSTART", "DURATION", "CLASS", "TRANSP"),
}
UUID_LINE = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


def file_of(person, appointment) -> bytes:
    answer = client_of(person).get(reverse("pairing:appointment_diary", args=[appointment.ref]))
    assert answer["Content-Type"].startswith("text/calendar")
    assert re.fullmatch(r'attachment; filename="rendez-vous-\d{4}-\d\d-\d\d\.ics"', answer["Content-Disposition"])
    return answer.content


def test_every_line_of_the_file_is_one_of_these_and_says_nothing(pair):
    """An attack on the words: each line is matched whole, so a new property or a new word fails."""
    programme = pair.programme
    programme.name = programme.lead_employer.name = "Handicap et pair-aidance"
    programme.lead_employer.save()
    programme.save()
    appointment = agreed(pair)
    lines = file_of(people_of(pair)[0], appointment).decode().strip().split("\r\n")
    names = [line.partition(":")[0] for line in lines]
    assert set(names) == ALLOWED and not any(line.startswith(" ") for line in lines)
    values = dict(line.split(":", 1) for line in lines)
    assert values["SUMMARY"] == "Rendez-vous professionnel"
    assert values["PRODID"] == "-//Agenda//FR"
    assert re.fullmatch(UUID_LINE, values["UID"])
    assert all(re.fullmatch(r"\d{8}T\d{6}Z", values[name]) for name in ("DTSTAMP", "DTSTART"))
    assert (values["DURATION"], values["CLASS"], values["TRANSP"]) == ("PT1H", "PRIVATE", "OPAQUE")


def test_two_diaries_side_by_side_do_not_show_a_pair_nor_lead_back_to_the_portal(pair):
    appointment = agreed(pair)
    uids = {icalendar.Calendar.from_ical(file_of(one, appointment)).walk("VEVENT")[0]["UID"] for one in people_of(pair)}
    assert len(uids) == 2 and str(appointment.ref) not in uids and str(pair.ref) not in uids
    again = icalendar.Calendar.from_ical(file_of(people_of(pair)[0], appointment)).walk("VEVENT")[0]["UID"]
    assert again in uids, "the same file fetched again replaces the first in the diary"


@pytest.mark.parametrize(
    ("day", "hour", "utc"),
    [
        (dt.date(2027, 3, 27), 9, "20270327T080000Z"),
        (dt.date(2027, 3, 28), 9, "20270328T070000Z"),
        (dt.date(2027, 10, 30), 9, "20271030T070000Z"),
        (dt.date(2027, 10, 31), 9, "20271031T080000Z"),
        (dt.date(2028, 2, 29), 23, "20280229T220000Z"),
    ],
)
def test_the_hour_typed_is_the_hour_lived_at_both_clock_changes(day, hour, utc):
    with clock.at(dt.datetime.combine(day - dt.timedelta(days=9), dt.time(9), PARIS)):
        pair = make_pair()
        one, other = people_of(pair)
        typed = {"day_1": day.isoformat(), "hour_1": f"{hour:02}:00", "minutes": 45, "channel": "video"}
        answer = client_of(one).post(reverse("pairing:dates", args=[pair.ref]), typed)
        assert answer.status_code == 302, answer.content.decode()
        row = DateProposal.objects.get()
        dates.answer(pair=pair, by=other, proposal=row.ref, date=row.dates.get().pk)
        page = client_of(other).get(reverse("pairing:pair", args=[pair.ref])).content.decode()
        assert f"{hour}\N{NO-BREAK SPACE}h" in page
        assert f"DTSTART:{utc}" in file_of(one, row).decode()


def test_an_hour_that_the_clock_skips_is_said_and_nothing_typed_is_lost():
    with clock.at(dt.datetime(2027, 3, 20, 9, tzinfo=PARIS)):
        pair = make_pair()
        typed = {"day_1": "2027-03-28", "hour_1": "02:30", "day_2": "2027-03-29", "minutes": 45, "channel": "video"}
        page = client_of(people_of(pair)[0]).post(reverse("pairing:dates", args=[pair.ref]), typed).content.decode()
    assert "changement d’heure" in page and "Donnez le jour et l’heure" in page
    assert 'value="2027-03-28"' in page and 'value="02:30"' in page and 'value="2027-03-29"' in page
    assert not DateProposal.objects.exists()


# --- How long -------------------------------------------------------------------------------------------------------
def test_dates_go_with_the_pair(pair):
    agreed(pair)
    proposed(pair, in_days(8))
    pairs.end(pair=pair, by=people_of(pair)[0], code=EndCode.UNSPECIFIED)
    assert not DateProposal.objects.exists()


def test_an_appointment_goes_thirty_days_after_its_day_and_dates_never_answered_too(pair):
    agreed(pair, in_days(2))
    proposed(pair, in_days(3))
    with clock.at(clock.now() + dt.timedelta(days=31)):
        assert retention.dates() == 0
    with clock.at(clock.now() + dt.timedelta(days=34)):
        assert (retention.dates(), retention.dates()) == (2, 0)
    assert not DateProposal.objects.exists()
