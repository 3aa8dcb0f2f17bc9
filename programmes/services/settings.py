"""Changing a programme's settings, its public criteria and its words; refusing what people already count on."""

from collections.abc import Iterable

from django.db import transaction

from portal import terms
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from portal.services.versions import save_if_unchanged
from portal.words import search_key
from programmes import letter_text, public_criteria
from programmes.enums import Form, Side
from programmes.models import Programme
from programmes.services import gates
from programmes.services.participation import ASYMMETRIC

FIELDS = (
    *("name", "perimeters", "forms", "peers", "starts", "cycle_months", "target_helpers", "target_pairs"),
    *("questionnaires", "places_per_helper", "exclude_same_team", "wishes_on_presentations"),
)
USUAL_PLACES = 2
# Forms by which somebody on this side is with the programme.
FORMS_OF_SIDE = {
    Side.HELPED: ASYMMETRIC,
    Side.HELPER: ASYMMETRIC,
    Side.PEER: {Form.RECIPROCAL},
}
# Words of care or assistance that no page of the portal uses (interface.md, « Words »). From the word's start.
NOT_OURS = (
    *("malade", "patient", "usager", "therap", "diagnos", "beneficiaire", "parrain", "marrain"),
    *("suivi medical", "cas social"),
)
NEUTRAL_TERMS = ("fonction_neutre",)
NEUTRAL_NAME = (
    "Choisissez un nom neutre, sans mot du handicap ni de la santé : il se lit dans les titres de page et les adresses."
)


def refuse_name(name: str) -> None:
    """The name is read by passers-by: tab titles, history of the browser."""
    if letter_text.health_words(name):
        raise DomainError(NEUTRAL_NAME, field="name")


# --- Settings -------------------------------------------------------------------------------------------------------
@transaction.atomic
def change(*, programme: Programme, seen: int, by: Person, reason: str = "", **settings) -> None:
    """Change some of FIELDS. What weakens the frame asks for a reason and becomes a deviation.

    Raises Conflict when somebody else changed the programme meanwhile, DomainError on what is in use.
    """
    before = Programme.objects.get(pk=programme.pk)
    changed = [name for name in FIELDS if name in settings and getattr(before, name) != settings[name]]
    if "name" in changed:
        refuse_name(settings["name"])
    if "forms" in changed:
        _refuse_forms_in_use(before, settings["forms"])
    if "starts" in changed:
        _refuse_start(before, settings["starts"])
    if not changed:
        return
    for name in changed:
        setattr(programme, name, settings[name])
    deviate(programme=programme, before=before, reason=reason, by=by)
    save_if_unchanged(programme, seen=seen, fields=changed)
    journal.log(actor=by, verb=Verb.CHANGED, target=programme, employer=programme.lead_employer)


def _refuse_forms_in_use(programme: Programme, forms: Iterable[str]) -> None:
    forms = set(forms)
    for form in programme.forms:
        if form in forms:
            continue
        if form in programme.open_forms:
            raise DomainError(
                f"Les inscriptions sont ouvertes pour « {Form(form).label} » : cette forme ne se retire plus.",
                field="forms_of_support",
            )
        if any(form in FORMS_OF_SIDE[side] and not forms & FORMS_OF_SIDE[side] for side in _sides_in_use(programme)):
            raise DomainError(
                f"Des personnes participent déjà par « {Form(form).label} » : cette forme ne se retire plus.",
                field="forms_of_support",
            )


def _sides_in_use(programme: Programme) -> set[str]:
    return set(programme.participations.open().values_list("side", flat=True))


def _refuse_start(programme: Programme, starts) -> None:
    if programme.participations.exists():
        raise DomainError("Des personnes participent déjà : la date de début ne change plus.", field="starts")
    if programme.ends and starts > programme.ends:
        raise DomainError("Le début vient avant la fin du programme.", field="starts")


def weakenings(programme: Programme, before: Programme | None) -> list[str]:
    """What protects people less than usual, and less than `before` (None: a new programme)."""
    found = []
    usual = max(USUAL_PLACES, before.places_per_helper if before else 0)
    if programme.places_per_helper > usual:
        found.append(f"Jusqu’à {programme.places_per_helper} places par pair-aidant·e, au lieu de {usual}")
    if not programme.exclude_same_team and (before is None or before.exclude_same_team):
        found.append("Deux personnes de la même équipe peuvent former un binôme")
    return found


def deviate(*, programme: Programme, before: Programme | None, reason: str, by: Person | None) -> None:
    """Each weakening is listed in the report, with its reason; without a reason it is refused."""
    for what in weakenings(programme, before):
        gates.record_deviation(programme=programme, what=what, reason=reason, by=by)


# --- Public criteria ------------------------------------------------------------------------------------------------
@transaction.atomic
def set_criteria(*, programme: Programme, seen: int, helper: list[str], helped: list[str], by: Person) -> None:
    """What agents read before they join: ticks of the two closed lists."""
    wanted = {public_criteria.HELPER: helper, public_criteria.HELPED: helped}
    for side, codes in wanted.items():
        if set(codes) - public_criteria.CRITERIA[side].keys():
            raise DomainError("Choisissez parmi les critères proposés.")
    known = public_criteria.CRITERIA.items()
    programme.criteria = {side: [code for code in codes if code in wanted[side]] for side, codes in known}
    save_if_unchanged(programme, seen=seen, fields=["criteria"])
    journal.log(actor=by, verb=Verb.CHANGED, target=programme, employer=programme.lead_employer)


# --- Words ----------------------------------------------------------------------------------------------------------
@transaction.atomic
def set_words(*, programme: Programme, seen: int, words: dict[str, tuple[str, str]], by: Person) -> None:
    """The programme's own words: {key: (singular, plural)}; both empty means the portal's own."""
    programme.words = checked_words(words)
    save_if_unchanged(programme, seen=seen, fields=["words"])
    journal.log(actor=by, verb=Verb.CHANGED, target=programme, employer=programme.lead_employer)


def checked_words(words: dict[str, tuple[str, str]]) -> dict[str, list[str]]:
    """What will be stored. Raises DomainError: one form without the other, a word of care, a neutral term that is not."""
    kept = {}
    for key, (one, many) in words.items():
        one, many = one.strip(), many.strip()
        if key not in terms.TERMS or (one, many) in (("", ""), terms.TERMS[key]):
            continue
        usual = terms.TERMS[key][0]
        if not (one and many):
            raise DomainError(
                f"Pour « {usual} », donnez le singulier et le pluriel.", field=f"{key}_{'many' if one else 'one'}"
            )
        for name, word in ((f"{key}_one", one), (f"{key}_many", many)):
            _refuse_word(key, name, word)
        kept[key] = [one, many]
    return kept


def _refuse_word(key: str, field: str, word: str) -> None:
    folded = f" {search_key(word)}"
    if any(f" {root}" in folded for root in NOT_OURS):
        raise DomainError(f"« {word} » est un mot du soin ou de l’assistance : choisissez-en un autre.", field=field)
    if key in NEUTRAL_TERMS and letter_text.health_words(word):
        raise DomainError("Ce mot est lu par qui donne du temps : il ne dit rien du handicap.", field=field)
