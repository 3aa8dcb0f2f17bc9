"""A programme's own questions: three at most, statements answered on the scale of agreement, never about health.

They are asked of all participants at every moment, frozen with each wave, and published like the common core.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence

from django.db import transaction

from evaluation.models import OwnQuestion
from evaluation.variables import OWN
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from programmes.models import Programme

MOST = 3
LEAST_LENGTH, LENGTH = 15, 160
# Beginnings of words, without accents: health, care, leave, status, mandates (decision 13).
REFUSED = (
    *("diagnosti", "maladi", "malade", "patholog", "symptom", "trouble", "depress", "burn", "cancer", "douleur"),
    *("traitement", "medic", "soin", "soign", "therap", "hopital", "hospital", "psychi", "psychol", "addict"),
    *("arret", "conge", "invalid", "inaptitud", "inapte", "rqth", "handicap", "deficien", "autis"),
    *("syndic", "mandat", "relig", "politique", "grossesse", "enceinte"),
)


def of(programme: Programme) -> list[str]:
    return list(programme.own_questions.values_list("text", flat=True))


def frozen(programme: Programme) -> list[list[str]]:
    """[code, words] of each, as a wave keeps them; the code follows the words, so that waves are read side by side."""
    return [[OWN + hashlib.sha256(text.encode()).hexdigest()[:5], text] for text in of(programme)]


@transaction.atomic
def write(*, programme: Programme, texts: Sequence[str], by: Person) -> None:
    """Replace them all; waves already open keep theirs."""
    kept = []
    for number, text in enumerate(texts, 1):
        clean = " ".join(text.split())
        if clean:
            _check(clean, f"text{number}")
            if clean in kept:
                raise DomainError("Cette question est déjà écrite.", field=f"text{number}")
            kept.append(clean)
    if len(kept) > MOST:
        raise DomainError(f"{MOST} questions au plus.")
    programme.own_questions.all().delete()
    OwnQuestion.objects.bulk_create(
        OwnQuestion(programme=programme, number=number, text=text) for number, text in enumerate(kept, 1)
    )
    journal.log(actor=by, verb=Verb.CHANGED, target=programme, employer=programme.lead_employer)


def _check(text: str, field: str) -> None:
    if not LEAST_LENGTH <= len(text) <= LENGTH:
        raise DomainError(f"Écrivez de {LEAST_LENGTH} à {LENGTH} caractères.", field=field)
    if "?" in text:
        raise DomainError(
            "Écrivez une affirmation, pas une question : on y répond par « d’accord » ou non.", field=field
        )
    for word in re.findall(r"[\w-]+", text):
        plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
        if plain.startswith(REFUSED):
            raise DomainError(
                f"« {word} » : rien ne se demande ici sur la santé, les soins, les arrêts ou les opinions. "
                "Interrogez le travail et l’entraide.",
                field=field,
            )
