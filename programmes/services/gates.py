"""The frame's conditions and a programme's own settings, within bounds; every change leaves a deviation (field.md 3)."""

from django.db import transaction

from portal import clock
from portal.dates import count_in_words, duration_in_words
from portal.enums import Verb
from portal.errors import DomainError
from portal.models import Person
from portal.services import journal
from programmes.enums import Form, GateKind
from programmes.models import Deviation, GateRule, GateSetting, Programme

TRAINING = {Form.PAIR: "pair-training", Form.RECIPROCAL: "reciprocal-training"}
ANSWER = {Form.PAIR: "pair-answer", Form.RECIPROCAL: "reciprocal-answer"}


def value(programme: Programme, code: str) -> int:
    """The programme's own value of an adjustable condition, else the default."""
    own = programme.gate_settings.filter(rule=code).values_list("value", flat=True).first()
    return GateRule.objects.values_list("default", flat=True).get(pk=code) if own is None else own


def in_words(rule: GateRule, number: int) -> str:
    """« 7 h », « 21 jours », « 75 % »."""
    if rule.unit == "minutes":
        return duration_in_words(number)
    if rule.unit == "%":
        return f"{number}\N{NO-BREAK SPACE}%"
    return count_in_words(number, rule.unit.removesuffix("s"))


@transaction.atomic
def set_value(*, programme: Programme, rule: GateRule, value: int, reason: str, by: Person) -> GateSetting:
    """Change an adjustable condition within its bounds; it binds only what starts afterwards."""
    if rule.kind != GateKind.ADJUSTABLE or rule.minimum is None:
        raise DomainError("Cette condition ne se règle pas.")
    if rule.form not in programme.forms:
        raise DomainError("Ce programme n’a pas cette forme de soutien.")
    if not rule.minimum <= value <= rule.maximum:
        bounds = f"entre {in_words(rule, rule.minimum)} et {in_words(rule, rule.maximum)}"
        raise DomainError(f"Choisissez une valeur {bounds}.", field="value")
    before = programme.gate_settings.filter(rule=rule).values_list("value", flat=True).first()
    before = rule.default if before is None else before
    if before == value:
        raise DomainError("C’est déjà la valeur de ce programme.", field="value")
    what = f"{Form(rule.form).label.capitalize()} : {rule.label}".split(",")[0].split(" ;")[0]
    change = f"{in_words(rule, value)} au lieu de {in_words(rule, before)}"
    record_deviation(programme=programme, what=f"{what} : {change}", reason=reason, by=by)
    setting, _ = GateSetting.objects.update_or_create(programme=programme, rule=rule, defaults={"value": value})
    return setting


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
