"""Forms of the référent: programme, cycle, exercice, steps."""

from django import forms

from portal.models import Employer
from programmes.enums import Form, Perimeter


class DateInput(forms.DateInput):
    """The browser's own date picker; typing JJ/MM/AAAA works too."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ProgrammeForm(forms.Form):
    """Opening a programme."""

    employer = forms.ModelChoiceField(label="Employeur", queryset=Employer.objects.none(), empty_label=None)
    name = forms.CharField(label="Nom du programme", max_length=160)
    slug = forms.SlugField(
        label="Adresse courte",
        max_length=60,
        help_text="Des lettres sans accent, des chiffres et des tirets. Elle se voit dans la barre d’adresse : rien sur la santé.",
    )
    perimeters = forms.MultipleChoiceField(
        label="Pour qui ?", choices=Perimeter, widget=forms.CheckboxSelectMultiple, initial=[Perimeter.DISABILITY]
    )
    forms_of_support = forms.MultipleChoiceField(
        label="Quelles formes de soutien ?", choices=Form, widget=forms.CheckboxSelectMultiple, initial=[Form.PAIR]
    )
    starts = forms.DateField(label="Date de début", widget=DateInput)

    def __init__(self, *args, employers, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = employers
        self.fields["employer"].initial = employers.first()


class PeriodForm(forms.Form):
    """A cycle: two dates."""

    starts = forms.DateField(label="Du", widget=DateInput)
    ends = forms.DateField(label="Au", widget=DateInput)


class ExerciceForm(PeriodForm):
    """A reporting period with its name."""

    name = forms.CharField(label="Nom de l’exercice", max_length=80, help_text="Par exemple « Année 2026 ».")
    field_order = ["name", "starts", "ends"]
