"""The six steps: lines of the method, what the data say, passing with or without a reason."""

from collections import Counter

import pytest
from django.urls import reverse

from portal import clock
from portal.errors import DomainError
from programmes.enums import ItemState, LineKind, ProgrammeRoleKind, ProgrammeTemplate, StepState
from programmes.models import Deviation, StepLine
from programmes.services import rollout, steps
from tests.builders import client_of, make_person, make_programme, referent_of

pytestmark = pytest.mark.django_db

# What domain.md c lists, line by line, in each step (the framing sheet and its success criteria are two lines here;
# step 6 also asks whether each problem raised was answered, field.md, report 10).
METHOD = {
    1: {"prerequisite": 1, "action": 9, "deliverable": 8, "criterion": 5, "watch": 4},
    2: {"prerequisite": 2, "action": 8, "deliverable": 6, "criterion": 3, "watch": 4},
    3: {"prerequisite": 1, "action": 7, "deliverable": 5, "criterion": 4, "watch": 3},
    4: {"prerequisite": 1, "action": 6, "deliverable": 4, "criterion": 3, "watch": 2},
    5: {"prerequisite": 1, "action": 9, "deliverable": 4, "criterion": 3, "watch": 6},
    6: {"prerequisite": 2, "action": 6, "deliverable": 4, "criterion": 5, "watch": 4},
}


def step_of(programme, number):
    return programme.steps.select_related("programme__lead_employer").get(definition=number)


def finish(step, by):
    """Every line that a person ticks."""
    items = list(step.items.select_related("step__programme__lead_employer"))
    steps.set_state(items=items, state=ItemState.DONE, by=by)


def test_the_whole_method_is_there():
    for number, kinds in METHOD.items():
        assert Counter(StepLine.objects.filter(definition=number).values_list("kind", flat=True)) == kinds


def test_sixteen_essential_lines_make_a_pilot():
    assert StepLine.objects.filter(essential=True).count() == 16


def test_a_line_is_either_read_from_the_data_or_ticked_by_somebody():
    programme = make_programme()
    for step in programme.steps.all():
        ticked = set(step.items.values_list("line", flat=True))
        read = {read.line.pk for read in steps.read_lines(step)}
        lines = StepLine.objects.filter(definition=step.number).exclude(kind=LineKind.WATCH)
        assert not ticked & read
        assert ticked | read == set(lines.values_list("pk", flat=True))


def test_every_line_read_from_the_data_has_its_reader():
    programme = make_programme()
    for number in METHOD:
        assert [
            read.line.pk for read in steps.read_lines(step_of(programme, number)) if "pas encore de donnée" in read.said
        ] == []


def test_a_step_is_crossed_with_its_lines_or_with_a_reason():
    programme = make_programme(template=ProgrammeTemplate.PILOT)
    by, step = referent_of(programme), step_of(programme, 1)
    with pytest.raises(DomainError, match="n’est pas en cours"):
        steps.pass_step(step=step, by=by, reason="déjà fait")
    steps.start_step(step=step, by=by)
    with pytest.raises(DomainError, match="4 lignes") as refusal:
        steps.pass_step(step=step, by=by)
    assert refusal.value.field == "reason"
    finish(step, by)
    steps.pass_step(step=step, by=by, reason="sans objet")
    step.refresh_from_db()
    assert (step.state, step.reason) == (StepState.PASSED, "")
    assert not Deviation.objects.exists()
    with pytest.raises(DomainError, match="Rouvrez-la"):
        finish_not(step, by)
    steps.reopen_step(step=step, by=by)
    assert step.passed_on is None


def finish_not(step, by):
    items = list(step.items.select_related("step__programme__lead_employer"))
    steps.set_done(step=step, done=[], among=items, by=by)


def test_beyond_a_pilot_the_exit_criteria_count_too():
    programme = make_programme()
    by, step = referent_of(programme), step_of(programme, 1)
    finish(step, by)
    steps.start_step(step=step, by=by)
    left = steps.missing(step)
    assert [line for line in left if line.startswith("Direction présente")] and [
        line for line in left if "Encadrants" in line
    ]
    steps.pass_step(step=step, by=by, reason="La séance des encadrants est fixée au mois prochain.")
    assert Deviation.objects.get().what == "Étape 1 franchie avec 2 lignes encore ouvertes"


def test_a_line_keeps_the_name_and_date_of_its_first_tick():
    programme = make_programme()
    step, other = step_of(programme, 1), referent_of(make_programme())
    items = list(step.items.select_related("step__programme__lead_employer"))
    steps.set_done(step=step, done=items[:1], among=items, by=referent_of(programme))
    first = step.items.get(pk=items[0].pk)
    items = list(step.items.select_related("step__programme__lead_employer"))
    steps.set_done(step=step, done=items[:2], among=items, by=other)
    again = step.items.get(pk=items[0].pk)
    assert (again.done_by, again.done_on) == (first.done_by, first.done_on)
    assert step.items.get(pk=items[1].pk).done_by == other


# --- The pages ------------------------------------------------------------------------------------------------------
def url_of(programme, name, *args):
    return reverse(f"programmes:{name}", args=[programme.slug, 1, *args])


def page_of(programme, person=None):
    return client_of(person or referent_of(programme)).get(url_of(programme, "step")).content.decode()


def test_a_pilot_faces_its_essential_lines_the_rest_is_folded():
    for template, unfolded in ((ProgrammeTemplate.PILOT, 4), (ProgrammeTemplate.PAIR, 9)):
        programme = make_programme(template=template)
        before, folded = page_of(programme).split('<details class="fold"', 1)
        lines = before.split('id="lignes"')[1]
        assert lines.count('<li class="line">') == unfolded
        total = StepLine.objects.filter(definition=1).exclude(kind=LineKind.WATCH).count()
        assert f"Pour aller plus loin ({total - unfolded})" in folded


def test_a_page_shown_before_a_colleague_ticked_does_not_untick():
    programme = make_programme()
    by, step = referent_of(programme), step_of(programme, 1)
    mine, theirs, undone = step.items.all()[:3]
    finish_some(step, by, [theirs, undone])
    # My page was shown when only `undone` was ticked: I untick it and tick `mine`.
    client_of(by).post(url_of(programme, "step"), {"was": [undone.pk], "done": [mine.pk]})
    assert set(step.items.filter(state=ItemState.DONE)) == {mine, theirs}


def finish_some(step, by, rows):
    items = step.items.filter(pk__in=[row.pk for row in rows]).select_related("step__programme__lead_employer")
    steps.set_state(items=items, state=ItemState.DONE, by=by)


def test_lines_of_another_programme_are_not_ticked():
    programme, other = make_programme(), make_programme()
    foreign = step_of(other, 1).items.first()
    client = client_of(referent_of(programme))
    client.post(url_of(programme, "step"), {"done": [foreign.pk]})
    assert client.get(url_of(programme, "step_item", foreign.ref)).status_code == 404
    assert client.post(url_of(programme, "step_item", foreign.ref), {"state": "done", "seen": 1}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == ItemState.TO_DO


def test_a_line_has_an_owner_of_the_team_a_day_and_a_state():
    programme = make_programme()
    by, item = referent_of(programme), step_of(programme, 1).items.first()
    deputy, gone, agent = (make_person(programme.lead_employer) for _ in range(3))
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=by)
    past = clock.today(programme.time_zone) - clock.dt.timedelta(days=2)
    rollout.grant(programme=programme, person=gone, role=ProgrammeRoleKind.DEPUTY, by=by, starts=past, ends=past)
    client, url = client_of(by), url_of(programme, "step_item", item.ref)
    for stranger in (gone, agent):
        answer = client.post(url, {"seen": item.version, "state": "doing", "owner": stranger.pk})
        assert answer.status_code == 200 and stranger.family not in answer.content.decode()
    sent = {"seen": item.version, "state": "doing", "owner": deputy.pk, "due_on": "2031-02-03"}
    assert client.post(url, sent).status_code == 302
    item.refresh_from_db()
    assert (item.owner, item.state, str(item.due_on)) == (deputy, ItemState.DOING, "2031-02-03")
    stale = client.post(url, {**sent, "state": "done"})
    assert stale.status_code == 200 and 'value="2031-02-03"' in stale.content.decode()
    item.refresh_from_db()
    assert item.state == ItemState.DOING


def test_the_team_adds_its_own_action_and_plans_the_step():
    programme = make_programme()
    by, client = referent_of(programme), client_of(referent_of(programme))
    empty = client.post(url_of(programme, "add_action"), {"label": "  ", "due_on": "2031-02-03"})
    assert empty.status_code == 200 and "2031-02-03" in empty.content.decode()
    client.post(url_of(programme, "add_action"), {"label": "Visiter la médiathèque", "owner": by.pk})
    assert "Visiter la médiathèque" in page_of(programme).split('<details class="fold"', 1)[0]
    wrong = client.post(url_of(programme, "step_dates"), {"starts": "2031-02-03", "ends": "2031-02-01"})
    assert wrong.status_code == 200 and "La fin vient après le début" in wrong.content.decode()
    client.post(url_of(programme, "step_dates"), {"starts": "2031-02-03", "ends": "2031-03-01"})
    assert str(step_of(programme, 1).planned_to) == "2031-03-01"


def test_a_reason_that_is_missing_or_too_long_loses_nothing():
    programme = make_programme()
    by = referent_of(programme)
    steps.start_step(step=step_of(programme, 1), by=by)
    client, url = client_of(by), url_of(programme, "move_step", "franchir")
    assert "Écrivez en une phrase" in client.post(url, {"reason": ""}).content.decode()
    long = "La séance est fixée. " * 20
    assert long.strip() in client.post(url, {"reason": long}).content.decode()
    assert step_of(programme, 1).state == StepState.CURRENT
    client.post(url, {"reason": "La séance est fixée."})
    assert step_of(programme, 1).state == StepState.PASSED


def test_the_deputy_is_not_sent_to_pages_that_are_closed_to_them():
    programme = make_programme()
    by = referent_of(programme)
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=by)
    address = reverse("programmes:step", args=[programme.slug, 3])
    charter = f'href="{reverse("programmes:charter", args=[programme.slug])}"'
    own = [client_of(person).get(address).content.decode().split('id="lignes"')[1] for person in (by, deputy)]
    assert [charter in text for text in own] == [True, False]


def test_strangers_find_no_step_page():
    programme = make_programme()
    item = step_of(programme, 1).items.first()
    pages = [("step",), ("step_item", item.ref), ("add_action",), ("step_dates",)]
    for person in (referent_of(make_programme()), make_person(programme.lead_employer)):
        client = client_of(person)
        for name, *args in pages:
            assert client.get(url_of(programme, name, *args)).status_code == 404
            assert client.post(url_of(programme, name, *args), {"label": "x"}).status_code == 404
        assert client.post(url_of(programme, "move_step", "commencer")).status_code == 404
    assert not step_of(programme, 1).items.filter(line=None).exists()
