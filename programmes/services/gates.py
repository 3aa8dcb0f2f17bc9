"""The frame's conditions and a programme's own settings, within bounds; every change leaves a deviation (field.md 3)."""

from django.db import transaction

from portal import clock
from portal.dates import count_in_words, duration_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from programmes.enums import Form, GateKind, ParticipationState, Side
from programmes.models import Deviation, GateRule, GateSetting, Programme

# An « appui au retour » follows the rules of a pair.
TRAINING = {Form.PAIR: "pair-training", Form.RETURN: "pair-training", Form.RECIPROCAL: "reciprocal-training"}
ANSWER = {Form.PAIR: "pair-answer", Form.RETURN: "pair-answer", Form.RECIPROCAL: "reciprocal-answer"}
MORE_TIME = {Form.PAIR: "pair-more-time", Form.RETURN: "pair-more-time", Form.RECIPROCAL: "reciprocal-more-time"}
HR_DAYS, HELPERS, MANAGERS = "pair-hr-days", "pair-helpers", "pair-managers"
# Values that are a choice rather than a quantity.
WORDS = {
    (HR_DAYS, 0): "avant la première rencontre",
    (MANAGERS, 0): "séance ou note écrite",
    (MANAGERS, 1): "séance tenue",
    **{
        (code, number): words
        for code in ("pair-opening", "reciprocal-opening")
        for number, words in enumerate(
            ("à deux", "à trois, avec le ou la référent·e", "à trois, avec le ou la référent·e de binôme")
        )
    },
}


def value(programme: Programme, code: str) -> int:
    """The programme's own value of an adjustable condition, else the default."""
    own = programme.gate_settings.filter(rule=code).values_list("value", flat=True).first()
    return GateRule.objects.values_list("default", flat=True).get(pk=code) if own is None else own


def in_words(rule: GateRule, number: int) -> str:
    """« 7 h », « 21 jours », « 75 % », « séance ou note écrite »."""
    return WORDS.get((rule.pk, number)) or _measured(rule, number)


def _measured(rule: GateRule, number: int) -> str:
    if rule.unit == "minutes":
        return duration_in_words(number)
    if rule.unit == "%":
        return f"{number}\N{NO-BREAK SPACE}%"
    return count_in_words(number, rule.unit.removesuffix("s"))


def bounds_in_words(rule: GateRule) -> str:
    """« entre 3 h 30 et 28 h », « entre 0 jour et 30 jours »."""
    return f"entre {_measured(rule, rule.minimum)} et {_measured(rule, rule.maximum)}"


def choices(rule: GateRule) -> list[tuple[int, str]]:
    """Every value and its words, when the rule is a choice between a few; else nothing."""
    values = range(rule.minimum, rule.maximum + 1)
    return [] if rule.unit else [(number, WORDS[rule.pk, number]) for number in values]


def few_helpers(programme: Programme) -> str:
    """A warning while pairs would rest on fewer accepted helpers than the programme set itself; it stops nothing."""
    if Form.PAIR not in programme.forms:
        return ""
    wanted = value(programme, HELPERS)
    if not 0 < programme.participations.filter(side=Side.HELPER, state=ParticipationState.ACCEPTED).count() < wanted:
        return ""
    return (
        f"Moins de {count_in_words(wanted, 'pair-aidant·e', 'pairs-aidants')} pour l’instant. À si peu, chacun se "
        "reconnaît vite et porte beaucoup : parlez-en avec eux avant de proposer un binôme. Un binôme qui existe continue."
    )


@transaction.atomic
def set_value(*, programme: Programme, rule: GateRule, value: int, reason: str, by: Person) -> GateSetting:
    """Change an adjustable condition within its bounds; it binds only what starts afterwards."""
    if rule.kind != GateKind.ADJUSTABLE or rule.minimum is None:
        raise DomainError("Cette condition ne se règle pas.")
    if rule.form not in programme.forms:
        raise DomainError("Ce programme n’a pas cette forme de soutien.")
    if not rule.minimum <= value <= rule.maximum:
        raise DomainError(f"Choisissez une valeur {bounds_in_words(rule)}.", field="value")
    before = programme.gate_settings.filter(rule=rule).values_list("value", flat=True).first()
    before = rule.default if before is None else before
    if before == value:
        raise DomainError("C’est déjà la valeur de ce programme.", field="value")
    what = f"{Form(rule.form).label.capitalize()} : {rule.label}".split(",")[0].split(" ;")[0]
    change = " au lieu de ".join(_quoted(rule, number) for number in (value, before))
    record_deviation(programme=programme, what=f"{what} : {change}", reason=reason, by=by)
    setting, _ = GateSetting.objects.update_or_create(programme=programme, rule=rule, defaults={"value": value})
    return setting


def _quoted(rule: GateRule, number: int) -> str:
    words = in_words(rule, number)
    return f"« {words} »" if (rule.pk, number) in WORDS else words


@transaction.atomic
def record_deviation(*, programme: Programme, what: str, reason: str, by: Person | None) -> Deviation:
    """What the report’s annex « Écarts au cadre » will list; never about a person."""
    if not reason.strip():
        raise DomainError("Écrivez en une phrase pourquoi : elle figurera dans le rapport.", field="reason")
    deviation = Deviation.objects.create(
        programme=programme, what=what[:200], reason=reason.strip()[:200], at=clock.now(), by_ref=by.ref if by else None
    )
    journal.log(actor=by, verb=Verb.CREATED, target=deviation, employer=programme.lead_employer)
    return deviation
