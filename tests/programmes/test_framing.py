"""The framing: about the organisation, read by its team; what was promised stays what was promised."""

import datetime as dt

import pytest
from django.urls import reverse

from portal import clock
from portal.errors import Conflict, DomainError
from programmes import maturity
from programmes.enums import ProgrammeRoleKind
from programmes.models import FramingSheet
from programmes.services import framing, rollout, steps
from tests.builders import client_of, make_person, make_programme, referent_of
from tests.guard_rails import assert_same_queries

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)


@pytest.fixture
def programme():
    return make_programme()


def at(programme, *day):
    return clock.at(clock.noon(dt.date(*day), programme.time_zone))


def promise(programme, text="Six binômes", day=(2025, 1, 10)):
    with at(programme, *day):
        return framing.add_objective(
            programme=programme, text=text, measure="Six se rencontrent", by=referent_of(programme)
        )


def year(programme, name="2025", first=FIRST, last=LAST):
    return rollout.declare_exercice(programme=programme, name=name, starts=first, ends=last, by=None)


def url(name, programme, *arguments):
    return reverse(f"programmes:{name}", args=[programme.slug, *arguments])


# --- Who ------------------------------------------------------------------------------------------------------------
def test_the_team_reads_and_writes_and_nobody_else_opens_any_of_it(programme):
    objective, exercice = promise(programme), year(programme)
    anchor = framing.add_anchor(programme=programme, plan="qvct", by=referent_of(programme))
    deputy = make_person(programme.lead_employer)
    rollout.grant(programme=programme, person=deputy, role=ProgrammeRoleKind.DEPUTY, by=None)
    strangers = [
        make_person(programme.lead_employer, roles=("hr_signatory",)),
        make_person(programme.lead_employer),
        referent_of(make_programme()),
    ]
    pages = [
        *(url(name, programme) for name in ("framing", "framing_sheet", "add_objective", "add_anchor", "maturity")),
        *(url(name, programme, objective.ref) for name in ("change_objective", "drop_objective")),
        url("remove_anchor", programme, anchor.ref),
        url("review_objectives", programme, exercice.ref),
    ]
    for page in pages:
        assert client_of(deputy).get(page).status_code == 200
        for stranger in strangers:
            assert client_of(stranger).get(page).status_code == 404
            assert client_of(stranger).post(page).status_code in (404, 405)


def test_what_belongs_to_another_programme_is_not_found(programme):
    other = make_programme()
    objective, exercice = promise(other), year(other)
    browser = client_of(referent_of(programme))
    for name, ref in (("drop_objective", objective.ref), ("review_objectives", exercice.ref)):
        assert browser.post(url(name, programme, ref)).status_code == 404
    objective.refresh_from_db()
    assert objective.dropped_on is None


# --- The sheet ------------------------------------------------------------------------------------------------------
def test_nothing_of_the_sheet_is_required_and_reading_writes_nothing(programme):
    browser = client_of(referent_of(programme))
    browser.get(url("framing", programme))
    page = browser.get(url("framing_sheet", programme))
    assert not FramingSheet.objects.exists()
    assert not any(field.field.required for field in page.context["form"] if not field.is_hidden)


def test_two_people_writing_the_sheet_lose_nothing(programme):
    by = referent_of(programme)
    seen = framing.sheet_of(programme).version
    framing.save_sheet(programme=programme, seen=seen, difficulties="Des métiers isolés", by=by)
    old = framing.sheet_of(programme).version
    framing.save_sheet(programme=programme, seen=old, difficulties="Des sites éloignés", by=by)
    with pytest.raises(Conflict):
        framing.save_sheet(programme=programme, seen=old, difficulties="Autre", by=by)
    typed = {"seen": old, "difficulties": "Ce que j’écrivais"}
    page = client_of(by).post(url("framing_sheet", programme), typed)
    assert "Ce que j’écrivais" in page.content.decode()
    assert framing.sheet_of(programme).difficulties == "Des sites éloignés"


# --- Objectives -----------------------------------------------------------------------------------------------------
def test_an_objective_already_read_again_keeps_its_words(programme):
    objective, exercice = promise(programme), year(programme)
    by = referent_of(programme)
    framing.review(exercice=exercice, results={objective: ("partly", "Cinq sur six.")}, by=by)
    with pytest.raises(DomainError, match="déjà été relu"):
        framing.change_objective(objective=objective, seen=objective.version, text="Un", measure="Un", by=by)
    objective.refresh_from_db()
    assert objective.text == "Six binômes"


@pytest.mark.parametrize(("day", "kept"), [((2024, 3, 1), True), ((2025, 12, 31), True), ((2026, 1, 1), False)])
def test_an_exercice_answers_for_what_was_promised_by_its_last_day(programme, day, kept):
    objective = promise(programme, day=day)
    assert (objective in framing.promised(year(programme))) == kept


@pytest.mark.parametrize(("day", "kept"), [((2024, 12, 31), False), ((2025, 1, 1), True), ((2026, 2, 1), True)])
def test_an_objective_dropped_before_the_exercice_is_not_its_own(programme, day, kept):
    objective = promise(programme, day=(2024, 1, 1))
    with at(programme, *day):
        framing.drop_objective(objective=objective, by=referent_of(programme))
    assert (objective in framing.promised(year(programme))) == kept


def test_a_result_without_its_sentence_is_refused_and_stays_on_the_page(programme):
    objective, exercice = promise(programme), year(programme)
    browser, page_url = client_of(referent_of(programme)), url("review_objectives", programme, exercice.ref)
    page = browser.post(page_url, {f"result_{objective.pk}": "met", f"why_{objective.pk}": ""})
    assert "Dites en une phrase pourquoi." in page.content.decode()
    assert page.context["form"][f"result_{objective.pk}"].value() == "met"
    assert not exercice.objective_reviews.exists()
    browser.post(page_url, {f"result_{objective.pk}": "met", f"why_{objective.pk}": "Sept binômes."})
    browser.post(page_url, {f"result_{objective.pk}": "partly", f"why_{objective.pk}": "Cinq binômes."})
    assert [(row.attainment, row.why) for row in exercice.objective_reviews.all()] == [("partly", "Cinq binômes.")]


def test_an_exercice_to_come_is_not_read_again(programme):
    objective = promise(programme)
    exercice = year(programme, "2099", dt.date(2099, 1, 1), dt.date(2099, 12, 31))
    with pytest.raises(DomainError, match="pas commencé"):
        framing.review(exercice=exercice, results={objective: ("met", "Oui.")}, by=referent_of(programme))


def test_the_dashboard_asks_to_read_the_objectives_again_until_it_is_done(programme):
    objective, exercice = promise(programme), year(programme)
    browser = client_of(referent_of(programme))
    assert "1 objectif est à relire" in browser.get(programme.get_absolute_url()).content.decode().replace("\xa0", " ")
    framing.review(exercice=exercice, results={objective: ("met", "Oui.")}, by=referent_of(programme))
    assert "à relire" not in browser.get(programme.get_absolute_url()).content.decode()


def test_the_page_costs_the_same_with_one_objective_and_many(programme):
    exercice, browser = year(programme), client_of(referent_of(programme))

    def add():
        objective = promise(programme)
        framing.review(exercice=exercice, results={objective: ("met", "Oui.")}, by=referent_of(programme))
        framing.add_anchor(programme=programme, plan="qvct", by=referent_of(programme))

    add()
    assert_same_queries(lambda: browser.get(url("framing", programme)), add)


# --- Plans ----------------------------------------------------------------------------------------------------------
def test_a_plan_that_ends_before_it_starts_is_refused_with_what_was_typed(programme):
    typed = {"plan": "fiphfp", "reference": "2024-17", "starts": "2026-01-01", "ends": "2025-01-01"}
    page = client_of(referent_of(programme)).post(url("add_anchor", programme), typed)
    assert "La fin vient après le début." in page.content.decode() and "2024-17" in page.content.decode()
    assert not programme.anchors.exists()


def test_an_exercice_is_anchored_in_the_plans_that_ran_during_it(programme):
    by, day = referent_of(programme), dt.date
    framing.add_anchor(programme=programme, plan="qvct", by=by)
    framing.add_anchor(programme=programme, plan="fiphfp", starts=day(2022, 1, 1), ends=day(2024, 12, 31), by=by)
    framing.add_anchor(programme=programme, plan="risks", starts=day(2025, 12, 31), by=by)
    assert {row.plan for row in framing.anchored(year(programme))} == {"qvct", "risks"}


# --- Maturity -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("points", "said"), [(9, "ne pas ouvrir"), (10, "pilote"), (15, "pilote"), (16, "déployer")])
def test_the_advice_follows_the_three_bands(points, said):
    codes = list(maturity.LINES)
    levels = {code: 2 if number < points // 2 else 0 for number, code in enumerate(codes)}
    levels[codes[-1]] += points % 2
    assert maturity.total(levels) == points and said in maturity.advice(points)


def test_ten_answers_are_asked_for_and_a_low_total_blocks_nothing(programme):
    browser = client_of(referent_of(programme))
    browser.post(url("maturity", programme), {"direction": "2"})
    assert not programme.maturity_reviews.exists()
    browser.post(url("maturity", programme), dict.fromkeys(maturity.LINES, "0"))
    assert "0 points sur 20" in browser.get(url("maturity", programme)).content.decode()
    step = programme.steps.select_related("programme__lead_employer").get(definition=1)
    steps.start_step(step=step, by=referent_of(programme))
    steps.pass_step(step=step, by=referent_of(programme), reason="Le COPIL a décidé.")
    assert programme.steps.get(definition=1).passed_on
