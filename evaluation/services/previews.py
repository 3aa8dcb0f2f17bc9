"""What a questionnaire asks, before it is sent: every question, of whom, and what becomes of the answers."""

from dataclasses import dataclass
from itertools import groupby

from evaluation import variables
from evaluation.enums import Public
from evaluation.models import Questionnaire
from evaluation.services import own_questions, questionnaires
from evaluation.services.questionnaires import AGREE, MIN_SIDE, OWN_SECTION, Item
from programmes.enums import QuestionnaireSet, Side
from programmes.models import Programme

BECOMES = {
    variables.SHARE: "Publiée en nombre de réponses favorables",
    variables.MEAN_OF: "Publiée dans la moyenne d’un thème, jamais seule",
    variables.EFFECT: "Publiée : combien de personnes ont signalé au moins un effet, sans dire lequel",
    variables.WORDS: "Lue par deux personnes nommées, qui en écrivent une synthèse",
    variables.NEVER: "Pas publiée dans le rapport",
}
ANSWERS = {
    questionnaires.AGREE: "De « pas du tout » à « tout à fait d’accord »",
    questionnaires.NOTE: "Une note de 0 à 10",
    questionnaires.TEXT: "Quelques mots, 500 caractères au plus",
}


@dataclass(frozen=True)
class Shown:
    text: str
    of_whom: str
    of_one_side: bool
    answers: str
    becomes: str
    condition: str = ""


def sections(programme: Programme, questionnaire: Questionnaire, public: str) -> list[tuple[str, list[Shown]]]:
    """(title, questions), the programme's own last."""
    core = public == Public.PARTICIPANTS and programme.questionnaires == QuestionnaireSet.CORE
    items = [item for item in questionnaires.items_of(questionnaire) if not core or item.code.startswith("TC")]
    if public == Public.PARTICIPANTS:
        items += [Item(code, text, AGREE, OWN_SECTION) for code, text in own_questions.frozen(programme)]
    return [(title, [_shown(item) for item in group]) for title, group in groupby(items, key=lambda item: item.section)]


def _shown(item: Item) -> Shown:
    whom = f"{Side(item.side).label}, à partir de {MIN_SIDE} personnes de ce côté" if item.side else "tout le monde"
    choices = ANSWERS.get(item.kind) or " · ".join(label for _, label in item.choices)
    return Shown(item.text, whom, bool(item.side), choices, BECOMES[variables.way(item.code)], item.condition)
