"""Forms of the référent: cycle, exercice."""

from django import forms


class DateInput(forms.DateInput):
    """The browser's own date picker; typing JJ/MM/AAAA works too."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PeriodForm(forms.Form):
    """A cycle: two dates."""

    starts = forms.DateField(label="Premier jour", widget=DateInput)
    ends = forms.DateField(label="Dernier jour", widget=DateInput)


class ExerciceForm(PeriodForm):
    """A reporting period with its name."""

    name = forms.CharField(label="Nom de l’exercice", max_length=80, help_text="Par exemple « Année 2026 ».")
    field_order = ["name", "starts", "ends"]
