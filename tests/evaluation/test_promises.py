"""« Promis, fait » in the report: frozen with the edition; nothing at all for a programme that promised nothing."""

import json

import pytest

from evaluation import documents
from evaluation.services import releases, reports
from portal import clock
from programmes.services import framing, rollout
from tests.builders import client_of, make_person, make_programme, referent_of
from tests.evaluation import world

pytestmark = pytest.mark.django_db


def promise(programme, text):
    with clock.at(clock.noon(world.STARTS, world.PARIS)):
        return framing.add_objective(programme=programme, text=text, measure=f"Critère de {text}", by=make_person())


def text_of(release) -> str:
    return documents.render_document(documents.ANNUAL, reports.content_of(release, "hr")).shell


def establish(exercice):
    with world.after():
        return releases.establish(exercice=exercice, by=None)


def test_the_report_says_what_was_promised_and_what_is_done():
    programme, exercice = world.programme()
    kept, left = promise(programme, "Six binômes"), promise(programme, "Deux salles fermées")
    framing.review(exercice=exercice, results={kept: ("partly", "Cinq binômes sur six.")}, by=make_person())
    framing.add_anchor(
        programme=programme,
        plan="fiphfp",
        reference="n° 2024-17",
        starts=world.STARTS,
        ends=world.ENDS,
        by=make_person(),
    )
    said = text_of(establish(exercice))
    for words in ("Promis, fait", kept.text, kept.measure, "en partie", "Cinq binômes sur six.", left.text):
        assert words in said
    assert "pas encore relu" in said
    assert "Rattachement" in said and "Convention avec le FIPHFP" in said and "n° 2024-17" in said


def test_a_programme_that_promised_nothing_has_no_empty_section():
    _, exercice = world.programme()
    said = text_of(establish(exercice))
    assert "Promis, fait" not in said and "Rattachement" not in said


def test_an_edition_keeps_what_it_said_and_a_new_reading_gives_another():
    programme, exercice = world.programme()
    objective = promise(programme, "Six binômes")
    by = make_person()
    framing.review(exercice=exercice, results={objective: ("partly", "Cinq sur six.")}, by=by)
    first = establish(exercice)
    framing.review(exercice=exercice, results={objective: ("met", "Le sixième a commencé.")}, by=by)
    second = establish(exercice)
    assert (first.edition, second.edition) == (1, 2)
    first.refresh_from_db()
    assert "Cinq sur six." in text_of(first) and "Le sixième" not in text_of(first)
    assert "Le sixième" in text_of(second)


def test_an_edition_from_before_promises_is_still_read():
    _, exercice = world.programme()
    release = establish(exercice)
    content = {**json.loads(release.data), **reports.content_of(release, "hr")}
    for key in ("promises", "anchors"):
        del content[key]
    document = documents.Document(documents.ANNUAL, content)
    assert document.promises == [] and document.anchors == []


def test_a_dropped_objective_is_said_dropped():
    programme, exercice = world.programme()
    objective = promise(programme, "Six binômes")
    with clock.at(clock.noon(world.dt.date(2025, 6, 3), world.PARIS)):
        framing.drop_objective(objective=objective, by=make_person())
    assert "abandonné le 3 juin 2025" in text_of(establish(exercice))


def test_the_page_that_establishes_tells_what_is_not_read_yet():
    programme = make_programme()
    exercice = rollout.declare_exercice(programme=programme, name="2025", starts=world.STARTS, ends=world.ENDS, by=None)
    promise(programme, "Six binômes")
    url = f"/pilotage/{programme.slug}/rapports/{exercice.ref}/etablir/"
    said = client_of(referent_of(programme)).get(url).content.decode()
    assert "un objectif n’est pas encore relu" in said
