"""Asking for a mention: a place of a closed list, nothing to write."""

from django import forms

from programmes.enums import MentionPlace


class MentionForm(forms.Form):
    place = forms.ChoiceField(
        label="Où voulez-vous que votre mission soit mentionnée ?",
        choices=[(value, label.capitalize()) for value, label in MentionPlace.choices],
        widget=forms.RadioSelect,
        help_text="La mention dit « entraide professionnelle entre agents », vos heures et votre formation. Rien d’autre.",
        error_messages={"required": "Choisissez un endroit."},
    )
