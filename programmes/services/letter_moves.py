"""The moves of a letter, all of them. Prepared, agreed to, given time, validated, in force; then what may happen to it.

A pause is no state: paused or not, a letter in force still holds for what already runs (field R21).
"""

from portal.workflow import Move, Moves
from programmes.enums import LetterState
from programmes.models import Letter

S = LetterState
BEFORE = (S.DRAFT, S.TO_AGENT, S.TO_MANAGER, S.TO_HR)
_ASKED = (S.TO_AGENT, S.TO_MANAGER, S.TO_HR)
NOT_IN_FORCE = "Cette lettre n’est pas en vigueur."
MOVES = Moves(
    Letter,
    [
        Move("send", (S.DRAFT,), S.TO_AGENT, "Cette lettre est déjà partie."),
        Move("ask_changes", (S.TO_AGENT,), S.DRAFT, "Cette lettre n’attend pas votre réponse."),
        Move("agree", (S.TO_AGENT,), S.TO_MANAGER, "Cette lettre n’attend pas votre réponse."),
        Move("agree_hr", (S.TO_AGENT,), S.TO_HR, "Cette lettre n’attend pas votre réponse."),
        Move("refuse", _ASKED, S.CANCELLED, "Cette lettre ne peut plus être refusée."),
        Move("engage", (S.TO_AGENT,), S.IN_FORCE, "Cet engagement est déjà validé."),
        Move("visa", (S.TO_MANAGER,), S.TO_HR, "Cette demande n’attend plus de réponse."),
        Move("visa_refused", (S.TO_MANAGER,), S.TO_MANAGER, "Cette demande n’attend plus de réponse."),
        Move("visa_to_hr", (S.TO_MANAGER,), S.TO_HR, "Cette lettre n’attend pas de visa."),
        Move("visa_unanswered", (S.TO_MANAGER,), S.TO_HR, "Cette lettre n’attend pas de visa."),
        Move("validate", (S.TO_HR,), S.IN_FORCE, "Cette lettre n’attend pas votre validation."),
        Move("hand_back", (S.TO_HR,), S.CANCELLED, "Cette lettre n’attend pas votre validation."),
        Move("cancel", BEFORE, S.CANCELLED, "Cette lettre ne peut plus être abandonnée."),
        Move("suspend", (S.IN_FORCE,), S.IN_FORCE, NOT_IN_FORCE),
        Move("resume", (S.IN_FORCE,), S.IN_FORCE, NOT_IN_FORCE),
        Move("end", (S.IN_FORCE,), S.ENDED, NOT_IN_FORCE),
        Move("replace", (S.IN_FORCE,), S.ENDED, NOT_IN_FORCE),
        Move("lapse", (S.IN_FORCE,), S.ENDED, NOT_IN_FORCE),
    ],
)
