"""The day is the one lived where the employer is: midnight in Paris, Nouméa's morning, Guadeloupe's evening."""

import datetime as dt

import pytest
from django.db import connection

from portal import clock
from portal.access import current_employer
from portal.local_day import ZONES
from portal.models import Affiliation, EmployerRole
from programmes.models import ProgrammeRole
from tests.builders import client_of, make_employer, make_participation, make_person, make_programme, referent_of
from tests.guard_rails import Statements

pytestmark = pytest.mark.django_db
PARIS, NOUMEA, TAHITI, GUADELOUPE = "Europe/Paris", "Pacific/Noumea", "Pacific/Tahiti", "America/Guadeloupe"
DAY = dt.timedelta(days=1)
# Half past midnight in Paris in winter and in summer; a morning in Nouméa; an evening in Guadeloupe; the middle of a day.
INSTANTS = [
    dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC),
    dt.datetime(2026, 7, 13, 22, 30, tzinfo=dt.UTC),
    dt.datetime(2027, 2, 28, 21, 0, tzinfo=dt.UTC),
    dt.datetime(2027, 3, 1, 1, 0, tzinfo=dt.UTC),
    dt.datetime(2028, 2, 29, 11, 0, tzinfo=dt.UTC),
]


@pytest.mark.parametrize("instant", INSTANTS, ids=str)
def test_a_grant_holds_from_its_first_day_to_its_last_as_lived_there(instant):
    with clock.at(instant):
        for zone in ZONES:
            today = clock.today(zone)
            employer = make_employer(time_zone=zone)
            person = make_person(employer)
            programme = make_programme(employer, opened=False)
            spans = {"begins": (today, None), "ends": (today - DAY, today)}
            spans |= {"over": (today - 2 * DAY, today - DAY), "to come": (today + DAY, None)}
            for name, (starts, ends) in spans.items():
                span, holds = {"starts": starts, "ends": ends}, name in ("begins", "ends")
                for rows in (
                    EmployerRole.objects.filter(
                        pk=person.employer_roles.create(employer=employer, role="hr", **span).pk
                    ),
                    ProgrammeRole.objects.filter(
                        pk=person.programme_roles.create(programme=programme, role="referent", **span).pk
                    ),
                ):
                    assert rows.in_force().exists() == holds, (zone, name, rows.model)
                    rows.delete()
                person.affiliations.update(**span)
                assert person.affiliations.in_force().exists() == holds, (zone, name, Affiliation)
                assert (current_employer(person) == employer) == holds


def test_the_day_of_everybody_is_known_in_one_query():
    for zone in (PARIS, NOUMEA, TAHITI):
        make_person(make_employer(time_zone=zone), roles=("hr",))
    with clock.at(INSTANTS[0]), connection.execute_wrapper(statements := Statements()):
        EmployerRole.objects.filter(starts=clock.today(PARIS)).update(starts=clock.today(NOUMEA))
        assert EmployerRole.objects.in_force().count() == 3
    assert len(statements.sql) == 2


@pytest.mark.parametrize(
    ("zone", "there"), [(PARIS, "2027-01-01T00:30"), (NOUMEA, "2027-03-01T08:00"), (GUADELOUPE, "2027-02-28T20:30")]
)
def test_who_is_given_a_role_enters_at_once_and_who_ends_today_stays_until_midnight(zone, there):
    instant = dt.datetime.fromisoformat(there).replace(tzinfo=clock.ZoneInfo(zone))
    with clock.at(instant):
        programme = make_programme(make_employer(time_zone=zone))  # opened by its référent, named today
        waits = make_participation(programme).person.given
        page, referent = f"/pilotage/{programme.slug}/demandes/", client_of(referent_of(programme))
        assert waits in referent.get(page).text
        programme.roles.update(starts=clock.today(zone) - DAY, ends=clock.today(zone))
        assert waits in referent.get(page).text
        programme.roles.update(starts=clock.today(zone) - 2 * DAY, ends=clock.today(zone) - DAY)
        assert referent.get(page).status_code == 404
