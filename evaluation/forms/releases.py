"""Forms about releases."""

from django import forms

from evaluation.enums import RestitutionForm as How
from programmes.forms.rollout import DateInput


class RestitutionForm(forms.Form):
    """When and how the participants read the report, and what they said of it."""

    on = forms.DateField(
        label="Date de la restitution aux participants",
        widget=DateInput,
        help_text="Le jour où les participants ont lu ou entendu ce rapport. Il doit être passé.",
    )
    how = forms.ChoiceField(
        label="Forme",
        choices=[(value, label.capitalize()) for value, label in How.choices],
        widget=forms.RadioSelect,
        required=False,
    )
    words = forms.CharField(
        label="Ce que les participants en disent",
        required=False,
        max_length=1500,
        help_text="Leur paragraphe, relu et validé par eux. Il ouvre le chapitre des réponses. Aucun nom.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    wishes = forms.CharField(
        label="Ce qu’ils souhaitent pour la suite",
        required=False,
        max_length=600,
        help_text="Des sujets pour l’année qui vient, relus par eux.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
