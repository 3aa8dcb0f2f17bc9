"""Setting an adjustable condition of the frame."""

from django import forms

from programmes.models import GateRule
from programmes.services.gates import in_words


class GateForm(forms.Form):
    """A value within bounds (in hours when the rule counts minutes) and the reason that the report will list."""

    value = forms.DecimalField(label="Nouvelle valeur", decimal_places=2, max_digits=6)
    reason = forms.CharField(
        label="Pourquoi ce changement ?",
        max_length=200,
        help_text="Une phrase, sans parler d’une personne. Elle figurera dans le rapport, en annexe.",
    )

    def __init__(self, *args, rule: GateRule, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.per_hour = 60 if rule.unit == "minutes" else 1
        field = self.fields["value"]
        field.label = f"Nouvelle valeur, en {'heures' if self.per_hour == 60 else rule.unit}"
        field.help_text = f"Entre {in_words(rule, rule.minimum)} et {in_words(rule, rule.maximum)}."
        field.widget.attrs["step"] = "0.5" if self.per_hour == 60 else "1"

    def clean_value(self) -> int:
        return round(self.cleaned_data["value"] * self.per_hour)
