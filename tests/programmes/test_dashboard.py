"""The référent's dashboard: what is late, what is mine, what comes next; light whatever the number of actions."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from portal import clock
from portal.registry import Todo, said_once
from programmes.enums import ItemState, ProgrammeRoleKind, ProgrammeTemplate, StepState, Watched
from programmes.models import Step, StepItem
from programmes.services import assessments, rollout, steps
from programmes.timeline_hooks import todo
from tests.builders import client_of, make_participation, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def programme():
    """A pilot whose steps have no date yet, so that nothing is late by itself; step 1 has begun."""
    programme = make_programme(template=ProgrammeTemplate.PILOT)
    StepItem.objects.filter(step__programme=programme).update(due_on=None)
    Step.objects.filter(programme=programme).update(planned_from=None, planned_to=None)
    steps.start_step(step=first(programme), by=referent_of(programme))
    return programme


def first(programme):
    return programme.steps.select_related("programme__lead_employer").get(definition=1)


def act(programme, label, days, owner=None, **more):
    due = clock.today(programme.time_zone) + dt.timedelta(days=days)
    by = referent_of(programme)
    return steps.add_action(step=first(programme), label=label, due_on=due, owner=owner, by=by, **more)


def said(programme, person=None):
    return [item.sentence for item in todo(person or referent_of(programme), programme)]


def test_up_to_three_late_actions_are_named_beyond_they_are_counted(programme):
    assert said(programme) == []
    for number in (1, 2, 3):
        act(programme, f"Action {number}", -number)
    assert said(programme) == [
        "Action 3 : 3 jours de retard",
        "Action 2 : 2 jours de retard",
        "Action 1 : 1 jour de retard",
    ]
    act(programme, "Action 4", -4)
    assert said(programme) == ["4 actions sont en retard"]


def test_my_own_actions_of_the_fortnight_are_for_me_alone(programme):
    by = referent_of(programme)
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=by)
    act(programme, "Réserver la salle", 10, owner=by)
    act(programme, "Bien plus tard", 40, owner=by)
    act(programme, "À personne", 10)
    assert [sentence.split(",")[0] for sentence in said(programme)] == ["Réserver la salle"]
    assert said(programme, deputy) == []


def test_a_step_is_ready_when_nothing_misses_then_the_next_may_begin(programme):
    by, step = referent_of(programme), first(programme)
    rows = list(step.items.filter(essential=True).select_related("step__programme__lead_employer"))
    steps.set_state(items=rows[1:], state=ItemState.DONE, by=by)
    assert said(programme) == []
    steps.set_state(items=rows[:1], state=ItemState.DONE, by=by)
    assert said(programme) == ["L’étape 1 est prête : plus rien ne manque"]
    steps.pass_step(step=step, by=by)
    assert said(programme) == ["L’étape 2 peut commencer"]


def test_an_assessment_awaited_past_its_day_is_late(programme):
    today = clock.today(programme.time_zone)
    asked, due = today - dt.timedelta(days=52), today - dt.timedelta(days=22)
    assessments.ask(programme=programme, forms=["pair"], asked_on=asked, due_on=due, by=referent_of(programme))
    assert "Analyse d’impact (AIPD) attendue : 22 jours de retard" in said(programme)


def test_the_most_urgent_comes_first_and_only_it_stands_out(programme):
    by = referent_of(programme)
    act(programme, "Réserver la salle", 5, owner=by)
    act(programme, "Écrire aux équipes", -5)
    text = client_of(by).get(programme.get_absolute_url()).content.decode()
    assert text.index("Écrire aux équipes") < text.index("Réserver la salle")
    assert text.split('class="card-r todo"')[1].split("</ol>")[0].count('"btn btn-primary"') == 1


def test_an_action_about_what_the_portal_already_reads_makes_one_line_with_it(programme):
    client, url = client_of(referent_of(programme)), reverse("programmes:home", args=[programme.slug])

    def lines():
        return [item.sentence for item in client.get(url).context["todos"] if "attend" in item.sentence.lower()]

    act(programme, "Écrire à ceux qui attendent", -2, watched=Watched.WAITING)
    assert lines() == ["Écrire à ceux qui attendent : 2 jours de retard"]  # nobody waits: it stands alone
    make_participation(programme)
    assert lines() == ["1 personne attend un binôme (action prévue : 2 jours de retard)"]
    act(programme, "Relire qui attend", -1)  # about something else, as far as its author says
    assert lines()[1:] == ["Relire qui attend : 1 jour de retard"]
    page = client.get(reverse("programmes:timeline", args=[programme.slug])).content.decode()
    assert "Écrire à ceux qui attendent" in page  # the list of what is late keeps it


def test_what_is_said_once_keeps_the_most_urgent_of_the_two():
    read = [Todo("deux binômes", "/b", "Voir", 25, "quiet"), Todo("autre", "/c", "Voir", 20)]
    late = [
        Todo("appeler", "/a", "Ouvrir", 15, "quiet", "2 jours de retard"),
        Todo("x", "/x", "Ouvrir", 15, "", "1 jour"),
    ]
    assert [(one.sentence, one.url, one.urgency) for one in said_once([*read, *late])] == [
        ("deux binômes (action prévue : 2 jours de retard)", "/b", 15),
        ("x", "/x", 15),
        ("autre", "/c", 20),
    ]
    assert [one.sentence for one in said_once(late)] == ["appeler", "x"]


def test_the_next_dates_stop_at_thirty_days(programme):
    by = referent_of(programme)
    act(programme, "Dans un mois", 30)
    act(programme, "Après", 31)
    text = client_of(by).get(programme.get_absolute_url()).content.decode()
    dates = text.split('id="dates"')[1]
    assert "Dans un mois" in dates and "Après" not in dates


@pytest.mark.parametrize("page", ["home", "step", "timeline"])
def test_two_hundred_actions_cost_no_more_queries_than_one(programme, page):
    by = referent_of(programme)
    args = [programme.slug, 1] if page == "step" else [programme.slug]
    client, url = client_of(by), reverse(f"programmes:{page}", args=args)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    for days in (-1, 10):
        act(programme, "Une action", days, owner=by)
    queries()
    few = queries()
    for number in range(100):
        act(programme, f"Retard {number}", -number - 1, owner=by)
        act(programme, f"Bientôt {number}", 5, owner=by)
    assert queries() == few


def test_the_state_of_steps_is_on_the_dashboard(programme):
    text = client_of(referent_of(programme)).get(programme.get_absolute_url()).content.decode()
    assert text.count("step-coming") == 5 and "step-current" in text
    assert first(programme).state == StepState.CURRENT
