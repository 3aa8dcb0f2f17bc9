"""The form of a certificate of time: a day, a length."""

from django import forms

from portal.dates import duration_in_words
from programmes.forms.rollout import DateInput
from programmes.services.time_certificates import MINUTES


class TimeForm(forms.Form):
    """A meeting's day. With whom is never asked."""

    on = forms.DateField(label="Jour du rendez-vous", widget=DateInput)
    minutes = forms.TypedChoiceField(
        label="Durée, trajet compris",
        choices=[(minutes, duration_in_words(minutes)) for minutes in MINUTES],
        coerce=int,
        initial=60,
    )
