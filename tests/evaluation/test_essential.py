"""« L’essentiel »: each sentence agrees with its number, and says nothing of a figure that is not shown."""

import pytest

from evaluation import essential
from portal.dates import NBSP


def plain(sentences):
    return [sentence.replace(NBSP, " ").replace("\u202f", " ") for sentence in sentences]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({}, []),
        ({"E01": 0, "E02": 0, "E06R": 0}, ["Aucun binôme ne s’est rencontré pendant la période."]),
        ({"E01": 1, "E02": 1}, ["1 binôme s’est rencontré 1 fois."]),
        ({"E01": 12, "E02": 1200}, ["12 binômes se sont rencontrés 1 200 fois."]),
        ({"E01": 12}, ["12 binômes se sont rencontrés pendant la période."]),
        ({"E02": 97, "B03": 4}, ["97 rencontres ont été déclarées."]),
        ({"E02": 1}, ["1 rencontre a été déclarée."]),
        (
            {"P02": 64, "E09N": 6, "E09": 137},
            [
                "La communauté ou le groupe a compté 64 membres pendant la période.",
                "6 temps collectifs ont été tenus ; 137 présences cumulées.",
            ],
        ),
        ({"P02": 0, "E09N": 0, "E09": 0}, []),
        ({"E09N": 1, "E09": 1}, ["1 temps collectif a été tenu ; 1 présence cumulée."]),
        ({"E09N": 2}, ["2 temps collectifs ont été tenus."]),
        ({"E06R": 10}, ["Cela représente environ 10 heures de rencontre."]),
        (
            {"E01": 3, "E02": 7, "B03": 0},
            [
                "3 binômes se sont rencontrés 7 fois.",
                "Pendant la période, le programme n’a reçu aucune demande de binôme.",
            ],
        ),
        (
            {"E01": 0, "B03": 1},
            [
                "Aucun binôme ne s’est rencontré pendant la période.",
                "Pendant la période, le programme a reçu 1 demande de binôme.",
            ],
        ),
    ],
)
def test_what_took_place_agrees_with_its_numbers(value, said):
    assert plain(essential.activity(value)) == said


def steps(*states):
    return [{"state": state, "title": f"Étape {rank}"} for rank, state in enumerate(states, 1)]


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ((), []),
        (["to_come"] * 6, ["Aucune des six étapes n’est encore franchie."]),
        (
            ["passed", "current", *["to_come"] * 4],
            ["Une étape sur six est franchie ; en cours : « Étape 2 »."],
        ),
        (
            ["passed", "passed", "current", "current", "to_come", "to_come"],
            ["2 étapes sur 6 sont franchies ; en cours : « Étape 3 », « Étape 4 »."],
        ),
        (["passed"] * 6, ["Les six étapes du programme sont franchies."]),
    ],
)
def test_steps_are_counted_in_words(states, said):
    assert plain(essential.standing({"steps": steps(*states)})) == said


@pytest.mark.parametrize(
    ("attainments", "said"),
    [
        ([], []),
        (["met"], ["Objectifs fixés : 1 atteint."]),
        (
            ["met", "met", "partly", "not_met", "not_met", ""],
            ["Objectifs fixés : 2 atteints, 1 en partie, 2 non atteints, 1 pas encore relu."],
        ),
    ],
)
def test_objectives_are_counted_as_they_were_read(attainments, said):
    kept = [{"attainment": attainment, "dropped_on": ""} for attainment in attainments]
    given_up = {"attainment": "not_met", "dropped_on": "2025-05-01"}
    assert plain(essential.standing({"steps": [], "promises": [*kept, given_up]})) == said


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ([""], "1 problème d’organisation remonté : la réponse de l’employeur est attendue."),
        (["2025-05-01"], "1 problème d’organisation remonté : l’employeur a répondu."),
        (["2025-05-01"] * 2, "2 problèmes d’organisation remontés : l’employeur a répondu à chacun."),
        (["2025-05-01", ""], "2 problèmes d’organisation remontés : 1 réponse de l’employeur est attendue."),
        (["", "", ""], "3 problèmes d’organisation remontés : 3 réponses de l’employeur sont attendues."),
    ],
)
def test_what_waits_for_the_employer_is_on_the_first_page(answers, said):
    problems = [{"answered_on": day} for day in answers]
    assert plain(essential.standing({"steps": [], "problems": problems})) == [said]
