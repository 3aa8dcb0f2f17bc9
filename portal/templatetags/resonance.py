"""Tags and filters of the house, loaded in every template."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django import forms, template
from django.forms import BoundField
from django.template.base import TextNode
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from portal import dates, terms
from portal.theme import theme_address

register = template.Library()

_TONES = {
    "info": "neutral",
    "debug": "neutral",
    "success": "go",
    "warning": "wait",
    "error": "stop",
    "danger": "stop",
}
_KNOWN_TONES = ("neutral", "go", "wait", "stop", "done")
_STEP_WORDS = {"to_come": "à venir", "current": "en cours", "passed": "franchie"}


# --- Words ----------------------------------------------------------------------------------------------------------
@register.simple_tag(takes_context=True)
def terme(context, key: str, number: str = "singulier", *, capital: bool = False) -> str:
    """{% terme "binome" %}, {% terme "binome" "pluriel" capital=True %}: the word of the page's `programme`, if any."""
    programme = context.get("programme")
    word = terms.term(key, getattr(programme, "words", None), plural=number == "pluriel")
    return capfirst(word) if capital else word


@register.filter
def moment(value: dt.date | dt.datetime | None, time_zone: str = "") -> str:
    """A date, or an instant in `time_zone` (default: the portal's), in words. Nothing for None."""
    if value is None:
        return ""
    return dates.moment_in_words(value, time_zone or timezone.get_current_timezone_name())


@register.filter
def day(value: dt.date | dt.datetime | None, time_zone: str = "") -> str:
    """The day only: « mardi 3 mars 2026 »."""
    if value is None:
        return ""
    return dates.day_in_words(_lived(value, time_zone))


@register.filter
def short_day(value: dt.date | dt.datetime | None, time_zone: str = "") -> str:
    """The day without its name: « 3 mars 2026 »."""
    if value is None:
        return ""
    return dates.day_in_words(_lived(value, time_zone), weekday=False)


def _lived(value: dt.date | dt.datetime, time_zone: str) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.astimezone(dates.ZoneInfo(time_zone or timezone.get_current_timezone_name())).date()
    return value


@register.filter
def hour(value: dt.time | dt.datetime | None, time_zone: str = "") -> str:
    """« 14 h 30 »."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        value = value.astimezone(dates.ZoneInfo(time_zone or timezone.get_current_timezone_name()))
    return dates.hour_in_words(value)


@register.filter
def machine_date(value: dt.date | dt.datetime) -> str:
    """What the `datetime` attribute of <time> wants."""
    return value.isoformat(timespec="minutes") if isinstance(value, dt.datetime) else value.isoformat()


@register.filter
def duration(minutes: int | None) -> str:
    """Minutes in words: « 1 h 30 »."""
    return "" if minutes is None else dates.duration_in_words(minutes)


@register.filter
def count(number: int, words: str) -> str:
    """{{ n|count:"rencontre" }} → « 2 rencontres »; irregular: {{ n|count:"travail,travaux" }}."""
    one, _, many = words.partition(",")
    return dates.count_in_words(number, one, many)


@register.filter
def beside(labels: Iterable, cells: Iterable) -> list[tuple]:
    """{% for column, cell in columns|beside:row %}: each cell with the label of its column, said before it on a phone."""
    return list(zip(labels, cells, strict=False))


# --- Tables ---------------------------------------------------------------------------------------------------------
_PARTS = re.compile(r'<(thead|tbody|tfoot|tr|td|th(?=[^>]* scope="(?P<scope>col|row)"))\b')
_ROLES = {"tr": "row", "td": "cell", "th": "header"}


class Table(template.Node):
    """`{% table %}`: a table that becomes blocks on a narrow screen, where some readers forget what is no longer drawn as one.

    The roles are written once, when the template is compiled, on the rows and cells it holds itself.
    """

    def __init__(self, nodelist: template.NodeList) -> None:
        self.nodelist = nodelist
        for text in nodelist.get_nodes_by_type(TextNode):
            text.s = _PARTS.sub(self._with_role, text.s)

    @staticmethod
    def _with_role(part: re.Match) -> str:
        role = {"col": "column", "row": "row"}.get(part["scope"], "") + _ROLES.get(part[1], "rowgroup")
        return f'{part[0]} role="{role}"'

    def render(self, context: template.Context) -> str:
        return f'<table class="table-r" role="table">{self.nodelist.render(context)}</table>'


@register.tag
def table(parser: template.base.Parser, token: template.base.Token) -> Table:
    """The rows of a table whose cells say their column (`data-label`), up to {% endtable %}."""
    nodelist = parser.parse(("endtable",))
    parser.delete_first_token()
    return Table(nodelist)


# --- Look -----------------------------------------------------------------------------------------------------------
@register.simple_tag
def theme_url(employer) -> str:
    """Address of the employer's accent stylesheet."""
    return theme_address(employer.slug, employer.accent)


@register.filter
def tone(value: object) -> str:
    """One of our tones, from ours or from the levels of Django's messages."""
    word = str(value or "neutral")
    return word if word in _KNOWN_TONES else _TONES.get(word, "neutral")


@register.filter
def step_word(state: object) -> str:
    """« à venir », « en cours », « franchie », from the word or from the stored value."""
    word = str(getattr(state, "value", state))
    return _STEP_WORDS.get(word, word)


@register.filter
def step_kind(state: object) -> str:
    """Which drawing a step gets: passed, current or coming."""
    return {"franchie": "passed", "en cours": "current"}.get(step_word(state), "coming")


# --- Forms ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ErrorLine:
    """A line of the error summary; `target` is the id the link goes to, empty for errors of the whole form."""

    target: str
    label: str
    text: str

    @property
    def asks(self) -> bool:
        """The label is a question, or a sentence: its own mark is enough before the text."""
        return self.label.endswith(("?", "!", ".", "…"))


def _target(field: BoundField) -> str:
    if field.is_hidden:
        return ""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


@register.filter
def error_lines(form: forms.BaseForm) -> list[ErrorLine]:
    """Every error of a form, its own first, then field by field in the order of the page."""
    lines = [ErrorLine("", "", text) for text in form.non_field_errors()]
    for field in form:
        lines += [ErrorLine(_target(field), field.label, text) for text in field.errors]
    return lines


@register.filter
def is_group(field: BoundField) -> bool:
    """Several controls under one question: drawn as fieldset and legend."""
    return field.use_fieldset


@register.filter
def is_choices(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def says_required(field: BoundField) -> bool:
    """« obligatoire » is said where nothing may be left; what always holds an answer needs no such word."""
    widget = field.field.widget
    if isinstance(widget, forms.RadioSelect) and not isinstance(widget, forms.CheckboxSelectMultiple):
        return field.field.required and field.initial in (None, "")
    if not isinstance(widget, forms.Select) or not field.field.required:
        return field.field.required
    if isinstance(field.field, forms.ModelChoiceField):
        return field.field.empty_label is not None
    return any(str(value) == "" for value, _ in widget.choices)


@register.filter
def is_tick(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def described_by(field: BoundField) -> str:
    """Ids of hint and error, after those the widget already had."""
    ids = field.field.widget.attrs.get("aria-describedby", "").split()
    if field.auto_id and field.help_text:
        ids.append(f"{field.auto_id}_helptext")
    if field.auto_id and field.errors:
        ids.append(f"{field.auto_id}_error")
    return " ".join(ids)


def _control_class(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's control with our class, its own attributes kept, hint and error both described."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    attrs = {"class": f"{own} {_control_class(widget)}{' is-invalid' if field.errors else ''}".strip()}
    described = described_by(field)
    if described and not field.use_fieldset:
        attrs["aria-describedby"] = described
    return field.as_widget(attrs=attrs)
