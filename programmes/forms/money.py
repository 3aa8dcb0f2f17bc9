"""Forms of the expenses: amounts are typed in euros, kept in cents."""

import re

from django import forms

from portal.forms.base import VersionMixin
from programmes.enums import ExpenseLine
from programmes.forms.rollout import DateInput
from programmes.models import Expense, Programme
from programmes.services.expenses import FIELDS

EURO = "\N{NO-BREAK SPACE}€"
MOST_CENTS = 100_000_000  # a million euros: more is a slip of the finger


class EuroField(forms.CharField):
    """« 2 100,50 », « 2100.5 », « 2 100 € » → 210050 cents."""

    def __init__(self, **kwargs) -> None:
        kwargs["widget"] = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value):
        return euros(value) if isinstance(value, int) else value

    def clean(self, value) -> int:
        typed = re.sub(r"[\s€]", "", super().clean(value) or "").replace(",", ".")
        if not typed:
            return 0
        if not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,2})?", typed):
            raise forms.ValidationError("Écrivez un montant en euros, comme 2 100,50.")
        whole, _, part = typed.partition(".")
        cents = int(whole) * 100 + int(part.ljust(2, "0") or 0)
        if cents > MOST_CENTS:
            raise forms.ValidationError("Ce montant dépasse un million d’euros.")
        return cents

    def has_changed(self, initial, data) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


def euros(cents: int) -> str:
    """« 2 100,50 », without the sign: what a field shows."""
    whole, part = divmod(cents, 100)
    return f"{whole:,}".replace(",", "\N{NO-BREAK SPACE}") + (f",{part:02}" if part else "")


class ExpenseForm(forms.Form):
    """One expense."""

    on = forms.DateField(label="Date", widget=DateInput)
    line = forms.ChoiceField(
        label="Ligne", choices=[(value, label.capitalize()) for value, label in ExpenseLine.choices]
    )
    cents = EuroField(label="Montant, en euros", help_text="Par exemple 2 100,50.")
    financed_cents = EuroField(label="Dont financé par le FIPHFP, en euros", required=False)
    piece = forms.CharField(
        label="Numéro de pièce",
        max_length=60,
        required=False,
        help_text="Celui de la facture ou du mandat. Aucun nom d’agent.",
    )

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in FIELDS}


class ChangeExpenseForm(VersionMixin, ExpenseForm):
    """Correcting an expense."""

    @staticmethod
    def initial_of(expense: Expense) -> dict:
        return {"seen": expense.version, **{name: getattr(expense, name) for name in FIELDS}}


class HrExpenseForm(ExpenseForm):
    """For RH of an employer that takes part in one or several programmes."""

    programme = forms.ModelChoiceField(label="Programme", queryset=Programme.objects.none(), empty_label=None)
    field_order = ["programme"]

    def __init__(self, *args, programmes, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].queryset = programmes
        self.fields["programme"].initial = programmes.first()
