"""Forms about releases."""

from django import forms

from programmes.forms.rollout import DateInput


class RestitutionForm(forms.Form):
    """When the participants read the report."""

    on = forms.DateField(
        label="Date de la restitution aux participants",
        widget=DateInput,
        help_text="Le jour où les participants ont lu ou entendu ce rapport. Il doit être passé.",
    )
