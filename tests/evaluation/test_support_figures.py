"""What agents brought in the report: « moins de 5 » below 5 whatever the number; problems with the employer's answer."""

import datetime as dt
import json
import uuid

import pytest

from evaluation import documents
from evaluation.services import content, releases, reports
from pairing.models import Alert, AlertReview, Problem, SupportRequest
from portal import clock
from programmes.enums import Side
from tests.evaluation import world

pytestmark = pytest.mark.django_db
BEFORE, DURING = world.STARTS - dt.timedelta(days=40), world.STARTS + dt.timedelta(days=40)


def asked(programme, person, number, asked="referent"):
    at = clock.noon(DURING, world.PARIS)
    return [
        SupportRequest.objects.create(
            programme=programme, person=person, asked=asked, kind="adjustment", asked_at=at, due_at=at, ref=uuid.uuid4()
        )
        for _ in range(number)
    ]


def sent(programme, person, number):
    at = clock.noon(DURING, world.PARIS)
    for _ in range(number):
        Alert.objects.create(programme=programme, sender=person, level=3, code="breach", opened_at=at, due_at=at)


def raised(programme, title, on, **answer):
    fields = {"category": "organisation", "kind": "adjustments", "owner": "hr", "raised_on": on}
    return Problem.objects.create(programme=programme, title=title, **fields, **answer)


def made(people=6, slug="entraide"):
    """A programme with `people` participants during the exercice of the tests' world, and an alert procedure."""
    programme, exercice = world.programme(slug)
    AlertReview.objects.create(programme=programme, on=BEFORE, alerts=0, delays_held=True)
    everybody = [world.person() for _ in range(people)]
    for who in everybody:
        world.participation(programme, who, Side.HELPED)
    return programme, exercice, everybody[0]


def figures(exercice):
    with world.after():
        lines = content.lines(exercice)
    return {line.indicator.code: line.figure for line in lines.catalogue}


def text_of(exercice, audience="hr") -> str:
    with world.after():
        release = releases.establish(exercice=exercice, by=None)
    return documents.render_document(documents.ANNUAL, reports.content_of(release, audience)).shell


@pytest.mark.parametrize(
    ("number", "text"), [(0, "moins de 5 (zéro compris)"), (4, "moins de 5 (zéro compris)"), (7, "7")]
)
def test_below_five_a_number_of_requests_or_of_messages_is_never_told(number, text):
    programme, exercice, person = made()
    asked(programme, person, number)
    asked(programme, person, 3, asked="supervisor")  # known by the supervisor alone
    sent(programme, person, number)
    found = figures(exercice)
    assert (found["E11"].text, found["E10"].text) == (text, text)


@pytest.mark.parametrize(
    ("number", "text"), [(0, "moins de 5 (zéro compris)"), (4, "moins de 5 (zéro compris)"), (7, "7")]
)
@pytest.mark.parametrize("helpers", [4, 6])
def test_sessions_asked_of_a_supervisor_are_a_number_from_five_of_them_and_five_helpers(number, text, helpers):
    programme, exercice, _ = made()
    lived = world.pairs(programme, helpers)
    people = [pair.members.get(part="helper").person for pair in lived]
    at = clock.noon(DURING, world.PARIS)
    for turn in range(number):
        for late, held in ((0, True), (1, False)):
            SupportRequest.objects.create(
                programme=programme,
                person=people[turn % helpers],
                asked="supervisor",
                kind=("individual", "debrief")[turn % 2],
                asked_at=at,
                due_at=at + dt.timedelta(hours=72),
                called_at=at + dt.timedelta(hours=72 + late),
                closed_at=at + dt.timedelta(hours=80),
                state="closed",
                held=held,
            )
    found = figures(exercice)
    if helpers >= 5:
        assert (found["E12"].text, found["E13"].text) == (text, text)
    else:
        assert not found["E12"].is_value and not found["E13"].is_value


def test_two_years_equal_on_what_is_published_give_the_same_report():
    texts = []
    for number in (0, 4):
        programme, exercice, person = made(slug=f"annee-{number}")
        sent(programme, person, number)
        with world.after():
            lines = content.lines(exercice)
        texts.append(
            [line.as_dict() for line in lines.catalogue if line.indicator.code in ("E10", "E11", "E12", "E13")]
        )
    assert texts[0] == texts[1]


def test_with_few_people_nothing_is_told_of_it():
    programme, exercice, person = made(people=2)
    asked(programme, person, 9)
    assert not figures(exercice)["E11"].is_value


def test_acts_are_never_masked():
    programme, exercice, _ = made(people=1)
    raised(programme, "Les badges", DURING)
    AlertReview.objects.create(programme=programme, on=DURING, alerts=1, delays_held=True)
    found = figures(exercice)
    assert (found["G04"].lo, found["H04"].lo) == (1, 1)


def test_the_report_gives_each_answer_and_what_was_left_without_one_in_bold():
    programme, exercice, _ = made()
    raised(programme, "Les aménagements prennent quatre mois", BEFORE)
    raised(programme, "La salle a un badge", DURING, state="done", answered_on=DURING, done_on=DURING, answer="Une clé")
    raised(programme, "Un an plus tard", world.ENDS + dt.timedelta(days=9))
    said = text_of(exercice)
    old = said.index("Les aménagements prennent quatre mois")
    assert "<strong>Réponse attendue depuis le" in said[old : old + 400]
    assert "Réalisée le" in said and "Une clé" in said and "Un an plus tard" not in said
    assert "<strong>Réalisée" not in said


def test_a_programme_without_procedure_says_that_nothing_is_collected_whatever_was_sent():
    programme, exercice = world.programme()
    sent(programme, world.person(), 6)
    found = figures(exercice)
    assert {found[code].label for code in ("E10", "E11", "E12", "E13", "H04", "G04")} == {"not_collected"}
    assert "non recueilli" in text_of(exercice)


def test_of_nobody_who_could_ask_the_same_is_said_as_of_a_few():
    programme, exercice = world.programme()
    AlertReview.objects.create(programme=programme, on=DURING, alerts=0, delays_held=True)
    nobody = figures(exercice)
    assert {nobody[code].label for code in ("E10", "E11", "E12", "E13")} == {"withheld"}
    assert (nobody["H04"].lo, nobody["G04"].lo) == (1, 0)
    world.pairs(programme, 1)
    assert figures(exercice) == nobody


def test_a_programme_without_any_has_no_empty_section():
    _, exercice, _ = made()
    assert "réponse de l’employeur" not in text_of(exercice).lower()


def test_an_edition_from_before_is_still_read():
    _, exercice, _ = made()
    with world.after():
        release = releases.establish(exercice=exercice, by=None)
    frozen = {**json.loads(release.data), **reports.content_of(release, "hr")}
    del frozen["problems"]
    assert documents.Document(documents.ANNUAL, frozen).problems == []
