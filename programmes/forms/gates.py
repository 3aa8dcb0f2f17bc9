"""Setting an adjustable condition of the frame."""

from django import forms

from programmes.models import GateRule
from programmes.services.gates import bounds_in_words, choices, in_words


class GateForm(forms.Form):
    """A value within bounds (hours when the rule counts minutes, words when it is a choice) and the report's reason."""

    value = forms.IntegerField(label="Nouvelle valeur")
    reason = forms.CharField(
        label="Pourquoi ce changement ?",
        max_length=200,
        help_text="Une phrase, sans parler d’une personne. Elle figurera dans le rapport, en annexe.",
    )

    def __init__(self, *args, rule: GateRule, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.per_hour = 60 if rule.unit == "minutes" else 1
        if options := choices(rule):
            self.fields["value"] = forms.TypedChoiceField(
                label="Nouveau choix",
                choices=[(number, words.capitalize()) for number, words in options],
                coerce=int,
                widget=forms.RadioSelect,
            )
            return
        if self.per_hour == 60:
            self.fields["value"] = forms.DecimalField(decimal_places=2, max_digits=6)
        field = self.fields["value"]
        field.label = f"Nouvelle valeur, en {'heures' if self.per_hour == 60 else rule.unit}"
        zero = f" 0 : {in_words(rule, 0)}." if rule.minimum == 0 else ""
        field.help_text = f"{bounds_in_words(rule).capitalize()}.{zero}"
        field.widget.attrs["step"] = "0.5" if self.per_hour == 60 else "1"

    def clean_value(self) -> int:
        return round(self.cleaned_data["value"] * self.per_hour)
