"""The participants' leaflet is one page, whatever is published; what it has no room for is on their page of results."""

import io
import re

import pikepdf
import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from evaluation.disclosure.changes import STEADY, UP
from evaluation.documents import LEAFLET, render_document
from evaluation.enums import Audience, Moment
from evaluation.services import releases, reports
from evaluation.variables import DIMENSIONS
from tests.crawler import page_problems
from tests.evaluation import frame_world, world
from tests.evaluation.sheets import page_tables

pytestmark = pytest.mark.django_db
COMMON = tuple(f"TC{n}" for n in range(1, 9))
# As long as the portal accepts.
OWN = [
    [f"OWN{n}", f"{n}. Les horaires des rencontres conviennent à mon service et à mon équipe, ".ljust(159, "o") + "."]
    for n in range(3)
]
CLOSED = {Moment.T0: 3, Moment.MID: 5, Moment.END: 8, Moment.LATER: 12}


def published(n: int, plan: str, moments):
    """Eight questions and three of the programme's own at each moment, by n people of each side, all names at their longest."""
    employer = world.employer(neutral_name="Communauté d’agglomération ".ljust(80, "n"), fictional=True)
    made, exercice = world.programme(name="Entraide entre collègues ".ljust(160, "m"), lead=employer)
    for pair in world.pairs(made, n):
        world.meet(pair, 3)
    answers = [
        (side, {**dict.fromkeys(COMMON, 5 if rank < n // 2 else 2), "NEG": ["tired"], **{code: 4 for code, _ in OWN}})
        for side in ("helper", "helped")
        for rank in range(n)
    ]
    asked = {"own": OWN, "plan": dict.fromkeys([*COMMON, *(code for code, _ in OWN), "NEG"], plan)}
    for moment in moments:
        closed = world.dt.date(2025, CLOSED[moment], 3)
        frame_world.wave(made, answers, moment=moment, invited=2 * n, pairs=n, closed=closed, **asked)
    with world.after():
        return releases.share(release=releases.establish(exercice=exercice))


def compared(content: dict) -> dict:
    """The same, had its departure and end been compared: six questions and three themes, by their change alone."""
    asked = set(COMMON[:6])
    texts = {one["code"]: one["text"] for wave in content["waves"] for one in wave["questions"]}
    for wave in content["waves"]:
        if wave["moment"] in (Moment.T0, Moment.END):
            wave["questions"] = [one for one in wave["questions"] if one["code"] not in asked]
        if wave["moment"] == Moment.END:
            moved = [(code, texts[code], UP) for code in sorted(asked)]
            moved += [(code, DIMENSIONS[code][0], STEADY) for code in ("F03", "F04", "F05")]
            wave["changes"] = [
                {"code": code, "text": text, "label": "value", "lo": way, "hi": way, "of": 24}
                for code, text, way in moved
            ]
    return content


def pages(content: dict) -> int:
    with pikepdf.open(io.BytesIO(render_document(LEAFLET, content).pdf)) as document:
        return len(document.pages)


BOTH, ALL = (Moment.T0, Moment.END), tuple(CLOSED)
OTHERS = [(12, "whole", ALL), (12, "by_side", BOTH), (12, "by_side", ALL), (60, "by_side", BOTH), (60, "whole", ALL)]


@pytest.mark.parametrize(
    ("n", "plan", "moments"),
    [(12, "whole", BOTH), (60, "by_side", ALL), *(pytest.param(*one, marks=pytest.mark.long) for one in OTHERS)],
)
def test_it_is_one_page_whatever_is_published(n, plan, moments):
    content = reports.content_of(published(n, plan, moments), Audience.PARTICIPANTS)
    assert pages(content) == 1
    assert pages(compared(content)) == 1


def test_few_rows_are_in_larger_letters_and_still_one_page():
    content = reports.content_of(published(60, "by_side", [Moment.END]), Audience.PARTICIPANTS)
    document = render_document(LEAFLET, content).document
    assert not document.roomy
    for wave in content["waves"]:
        longest = sorted(wave["questions"], key=lambda one: -len(one["text"]))
        wave["questions"] = longest[:4]
    document = render_document(LEAFLET, content).document
    assert document.roomy and len(document.perceived.digest.questions) == 4
    assert pages(content) == 1


def test_changes_stand_beside_the_table_of_the_other_questions():
    content = compared(reports.content_of(published(12, "by_side", BOTH), Audience.PARTICIPANTS))
    answers, moved = page_tables(render_document(LEAFLET, content).shell).values()
    assert [row[0] for row in answers[1:]][2:] == [text for _, text in OWN]
    assert answers[0] == ["Question", "Agent accompagné", "Pair-aidant·e"] and len(answers) == 1 + 2 + 3
    assert [row[1] for row in moved[1:]] == ["en hausse"] * 6 + ["stable"] * 3


def test_what_one_page_has_no_room_for_is_on_the_page_of_results():
    release = published(12, "by_side", ALL)
    with world.after():
        who = release.programme.participations.order_by("pk").first().person
        client = world.enter(Client(), who, second_factor=False)
        page = client.get(reverse("evaluation:result", args=[release.ref])).text
    assert page_problems(page) == []
    leaflet, whole = page[: page.index("</article>")], page[page.index("</article>") :]
    assert "À mi-parcours" not in leaflet and "En fin de cycle. Réponses" in leaflet
    assert "Les réponses aux autres moments" in leaflet
    heads = re.findall(r"<th scope=\"col\" class=\"doc-num\">(.*?)</th>", whole)
    assert heads == ["Au départ", "À mi-parcours", "En fin de cycle", "Six mois après"]


def test_of_two_cycles_the_report_says_which_one_moved():
    content = compared(reports.content_of(published(12, "whole", BOTH), Audience.PARTICIPANTS))
    content["waves"] += [{**wave, "cycle": 2} for wave in content["waves"]]
    document = render_document(LEAFLET, content).document
    shell = render_to_string("evaluation/report_answers.html", {"perceived": document.perceived})
    assert shell.count("(cycle 1)") == shell.count("(cycle 2)") == 9
    assert "(cycle" not in "".join(text for text, *_ in document.perceived.digest.changes)
    assert document.perceived.digest.partial
