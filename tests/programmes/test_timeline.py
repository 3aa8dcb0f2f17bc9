"""The frieze and the private calendar: what they say, to whom, until when."""

import datetime as dt
import logging
import re

import icalendar
import pytest
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.charts import Lane, Span, lanes
from portal.logs import HideTokens
from programmes.enums import ItemState, ProgrammeRoleKind, StepState
from programmes.models import Step
from programmes.services import agenda, rollout, steps, timeline
from tests.builders import client_of, make_pair, make_person, make_programme, referent_of, supervise

pytestmark = pytest.mark.django_db


def today_of(programme) -> dt.date:
    return clock.today(programme.time_zone)


def step_of(programme, number):
    return programme.steps.select_related("programme__lead_employer", "definition").get(definition=number)


def page(programme) -> str:
    return reverse("programmes:timeline", args=[programme.slug])


def new_address(programme, person) -> str:
    """The path of a calendar link, as the page shows it once."""
    answer = client_of(person).post(reverse("programmes:agenda", args=[programme.slug, "creer"]))
    return re.search(r"/agenda/[\w-]{40,}\.ics", answer.content.decode())[0]


# --- The frieze -----------------------------------------------------------------------------------------------------
def test_planning_a_step_takes_its_open_lines_along():
    programme = make_programme()
    by, step, today = referent_of(programme), step_of(programme, 1), today_of(programme)
    essential = list(step.items.filter(essential=True).select_related("step__programme__lead_employer"))
    done, moved, own = essential[0], essential[1], essential[2]
    steps.set_state(items=[done], state=ItemState.DONE, by=by)
    steps.change_item(item=own, seen=own.version, owner=by, due_on=today, by=by)
    steps.plan(step=step, starts=today, ends=today + dt.timedelta(days=30), by=by)
    due = dict(step.items.values_list("pk", "due_on"))
    assert due[moved.pk] == today + dt.timedelta(days=30)
    assert due[own.pk] == today
    assert due[done.pk] == step.planned_to


def test_late_counts_what_is_begun_or_held_and_still_open():
    programme = make_programme()
    by, today = referent_of(programme), today_of(programme)
    before = today - dt.timedelta(days=3)
    current, coming, passed = (step_of(programme, number) for number in (1, 4, 2))
    Step.objects.filter(programme=programme).update(planned_from=None, planned_to=None)
    for step in programme.steps.all():
        step.items.update(due_on=None)
    steps.start_step(step=current, by=by)
    steps.add_action(step=current, label="Sans nom, en cours", due_on=before, by=by)
    steps.add_action(step=coming, label="Sans nom, à venir", due_on=before, by=by)
    steps.add_action(step=coming, label="Tenue par quelqu’un", due_on=before, owner=by, by=by)
    steps.add_action(step=current, label="Pour aujourd’hui", due_on=today, by=by)
    dropped = steps.add_action(step=current, label="Écartée", due_on=before, by=by)
    steps.set_state(items=[dropped], state=ItemState.DROPPED, by=by)
    steps.add_action(step=passed, label="Étape franchie", due_on=before, owner=by, by=by)
    Step.objects.filter(pk=passed.pk).update(state=StepState.PASSED, passed_on=today)
    assert [row.label for row in timeline.late(programme)] == ["Sans nom, en cours", "Tenue par quelqu’un"]
    assert {row.days for row in timeline.late(programme)} == {3}


def test_the_two_gates_have_their_dates():
    programme = make_programme(opened=False)
    assert [row.on for row in timeline.gates(programme)] == [None, None]
    other = make_programme()
    assert [(row.label, row.on) for row in timeline.gates(other)] == [
        ("Ouverture des inscriptions", today_of(other)),
        ("Première rencontre", None),
    ]


def test_the_table_says_what_the_chart_shows():
    programme = make_programme()
    by, today = referent_of(programme), today_of(programme)
    steps.start_step(step=step_of(programme, 1), by=by)
    rollout.add_cycle(programme=programme, starts=today, ends=today + dt.timedelta(days=90), by=by)
    text = client_of(by).get(page(programme)).content.decode()
    for words in ("Voir en tableau", "<svg", "Première rencontre", "Cycle 1", f"depuis le {timeline.day(today)}"):
        assert words in text


def test_a_chart_keeps_inside_its_width_and_names_few_months():
    today = dt.date(2026, 6, 15)
    one_day = Span(today, today, "real")
    years = Span(dt.date(2019, 2, 1), dt.date(2026, 6, 1), "planned")
    chart = lanes("Titre.", [Lane("a", (one_day,), (today,)), Lane("b", (years,))], today)
    assert all(box.x >= 0 and box.x + box.width <= 100.01 for box in chart.boxes)
    assert 1 <= len(chart.ticks) <= 3
    assert lanes("Titre.", [Lane("vide")], today) is None


# --- The private calendar -------------------------------------------------------------------------------------------
def test_the_feed_says_nothing_of_health_nor_of_anybody():
    programme = make_programme()
    by, today = referent_of(programme), today_of(programme)
    soon = today + dt.timedelta(days=5)
    steps.start_step(step=step_of(programme, 1), by=by)
    steps.add_action(step=step_of(programme, 1), label="Voir Camille pour sa RQTH", due_on=soon, owner=by, by=by)
    steps.plan(step=step_of(programme, 2), starts=today, ends=soon, by=by)
    rollout.add_cycle(programme=programme, starts=soon, ends=soon + dt.timedelta(days=90), by=by)
    make_pair(programme)
    supervise(programme)
    answer = Client().get(new_address(programme, by))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    said = {str(event["summary"]) for event in events}
    assert said >= {
        "Résonance : une action de l’étape 1 à terminer",
        "Résonance : fin prévue de l’étape 2",
        "Résonance : début du cycle 1",
        "Résonance : séance",
    }
    assert all(title.startswith("Résonance : ") for title in said)
    text = answer.content.decode().casefold()
    names = [by.given, by.family, programme.name, programme.slug, programme.lead_employer.name, "Camille"]
    words = ["rqth", "handicap", "santé", "pair-aid", "supervision", "binôme", "soutien", "location", "description"]
    assert [word for word in [*map(str.casefold, names), *words] if word in text.replace("\r\n ", "")] == []
    assert len({str(event["uid"]) for event in events}) == len(events)


def test_the_feed_ends_with_the_role():
    programme = make_programme()
    person = make_person(programme.lead_employer)
    by = referent_of(programme)
    role = rollout.grant(programme=programme, person=person, role=ProgrammeRoleKind.DEPUTY, by=by)
    address = new_address(programme, person)
    assert Client().get(address).status_code == 200
    role.ends = today_of(programme)
    role.save()
    assert Client().get(address).status_code == 200
    with clock.at(clock.now() + dt.timedelta(days=1)):
        assert Client().get(address).status_code == 404


def test_the_feed_ends_with_the_account():
    programme = make_programme()
    by = referent_of(programme)
    address = new_address(programme, by)
    by.user.is_active = False
    by.user.save()
    assert Client().get(address).status_code == 404


def test_a_new_address_stops_the_old_one_and_one_can_stop_both():
    programme = make_programme()
    by = referent_of(programme)
    old, new = new_address(programme, by), new_address(programme, by)
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    client_of(by).post(reverse("programmes:agenda", args=[programme.slug, "arreter"]))
    assert Client().get(new).status_code == 404
    assert Client().get("/agenda/rien.ics").status_code == 404


def test_the_address_ends_after_a_year():
    programme = make_programme()
    address = new_address(programme, referent_of(programme))
    with clock.at(clock.now() + dt.timedelta(days=365)):
        assert Client().get(address).status_code == 200
    with clock.at(clock.now() + dt.timedelta(days=367)):
        assert Client().get(address).status_code == 404


def test_reading_the_page_makes_no_address_and_shows_none():
    programme = make_programme()
    by = referent_of(programme)
    client = client_of(by)
    client.get(page(programme))
    assert agenda.live(agenda.role_of(by, programme)) is None
    address = new_address(programme, by)
    assert address not in client.get(page(programme)).content.decode()


def test_a_stranger_has_no_frieze_and_no_address():
    programme = make_programme()
    stranger = client_of(referent_of(make_programme()))
    trainer = make_person(programme.lead_employer)
    by = referent_of(programme)
    rollout.grant(programme=programme, person=trainer, role=ProgrammeRoleKind.TRAINER, by=by)
    for client in (stranger, client_of(trainer)):
        assert client.get(page(programme)).status_code == 404
        assert client.post(reverse("programmes:agenda", args=[programme.slug, "creer"])).status_code == 404


def test_the_token_never_reaches_the_logs():
    record = logging.LogRecord("x", logging.INFO, "", 0, "GET %s 200", ("/agenda/s3cret-T0ken.ics",), None)
    HideTokens().filter(record)
    assert record.getMessage() == "GET /agenda/••• 200"
