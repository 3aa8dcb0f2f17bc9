"""The only source of "now"."""

import datetime as dt
import threading
from zoneinfo import ZoneInfo

import pytest
import time_machine

from portal import clock

PARIS = "Europe/Paris"


@pytest.fixture(autouse=True)
def real(monkeypatch):
    """Here the clock is the real one, late in the evening too."""
    monkeypatch.setattr(clock, "ahead", dt.timedelta())


def test_at_moves_the_present_nests_and_comes_back():
    first, second = dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC), dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    with clock.at(first):
        with clock.at(second):
            assert clock.now() == second
        assert clock.now() == first
    assert abs(clock.now() - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_it_comes_back_after_an_error_too():
    with pytest.raises(ZeroDivisionError), clock.at(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)):
        raise ZeroDivisionError
    assert clock.now().year > 2020


def test_the_present_is_aware_and_in_utc():
    with clock.at(dt.datetime(2026, 3, 3, 9, tzinfo=ZoneInfo(PARIS))):
        assert clock.now() == dt.datetime(2026, 3, 3, 8, tzinfo=dt.UTC)
        assert clock.now().tzinfo is dt.UTC
    assert clock.now().tzinfo is dt.UTC


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="aware"), clock.at(dt.datetime(2026, 3, 3)):  # noqa: DTZ001  the mistake itself
        pass


@pytest.mark.parametrize(
    ("zone", "day"), [(PARIS, 1), ("Pacific/Noumea", 1), ("America/Martinique", 31), ("Pacific/Marquesas", 31)]
)
def test_today_is_the_day_lived_where_the_employer_is(zone, day):
    with clock.at(dt.datetime(2025, 12, 31, 23, 30, tzinfo=dt.UTC)):
        assert clock.today(zone).day == day


def test_another_thread_keeps_its_own_present():
    seen = []
    with clock.at(dt.datetime(2020, 1, 1, tzinfo=dt.UTC)):
        thread = threading.Thread(target=lambda: seen.append(clock.now().year))
        thread.start()
        thread.join()
    assert seen[0] > 2020


@pytest.mark.parametrize(
    "day", [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2024, 2, 29), dt.date(2026, 1, 1)]
)
def test_noon_exists_once_on_every_day(day):
    noon = clock.noon(day, PARIS)
    with clock.at(noon):
        assert clock.today(PARIS) == day
        assert clock.now().astimezone(ZoneInfo(PARIS)).hour == 12


def test_a_frozen_machine_is_followed():
    with time_machine.travel(dt.datetime(2026, 2, 28, 23, 59, 59, tzinfo=dt.UTC), tick=False):
        assert clock.now() == dt.datetime(2026, 2, 28, 23, 59, 59, tzinfo=dt.UTC)
        assert clock.today(PARIS) == dt.date(2026, 3, 1)
