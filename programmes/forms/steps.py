"""Forms of the step pages."""

from django import forms

from programmes.models import StepItem


class StepItemsForm(forms.Form):
    """The lines of one step that are done."""

    done = forms.ModelMultipleChoiceField(
        label="Ce qui est fait",
        queryset=StepItem.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, items, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done"].queryset = items


class PassStepForm(forms.Form):
    """Crossing a step."""

    reason = forms.CharField(
        label="Pourquoi franchir l’étape maintenant ?",
        max_length=200,
        required=False,
        help_text="Demandé seulement s’il reste des lignes. Cette phrase figurera dans le rapport, en annexe.",
    )
