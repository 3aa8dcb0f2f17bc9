"""Forms of the impact assessments (AIPD)."""

from django import forms as f

from portal.forms.base import VersionMixin
from programmes.enums import Form, Validator
from programmes.forms.rollout import DateInput
from programmes.forms.team import capitalised


class AskForm(f.Form):
    """An assessment was asked for."""

    forms = f.MultipleChoiceField(label="Formes de soutien couvertes", widget=f.CheckboxSelectMultiple)
    asked_on = f.DateField(label="Demandée le", widget=DateInput)
    due_on = f.DateField(label="Attendue pour le", widget=DateInput, required=False, help_text="Facultatif.")
    shared = f.BooleanField(label="Elle est mutualisée (centre de gestion, groupement, ministère)", required=False)

    def __init__(self, *args, choices: list[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["forms"].choices = [(code, Form(code).label.capitalize()) for code in choices]
        self.fields["forms"].initial = choices


class ValidateForm(VersionMixin):
    """The signed file, its date, who validated it."""

    file = f.FileField(
        label="Analyse validée",
        help_text="PDF, PNG ou JPEG, 5 Mo au plus. Elle est chiffrée ; l’équipe seule la lit.",
        widget=f.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    validated_on = f.DateField(label="Validée le", widget=DateInput)
    validator = f.ChoiceField(label="Validée par", choices=capitalised(Validator), widget=f.RadioSelect)
    review_on = f.DateField(
        label="À relire le", widget=DateInput, required=False, help_text="Facultatif : souvent trois ans après."
    )
