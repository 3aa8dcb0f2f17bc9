"""The frame of a pair: closed lists only."""

from django import forms

from pairing.enums import Noting, Objective, Rhythm
from programmes.enums import Channel

MINUTES = [(30, "30 minutes"), (45, "45 minutes"), (60, "1 heure"), (90, "1 heure 30"), (120, "2 heures")]


class FrameForm(forms.Form):
    """What one proposes to the other."""

    rhythm = forms.ChoiceField(label="Rythme", choices=Rhythm)
    minutes = forms.TypedChoiceField(label="Durée habituelle", choices=MINUTES, coerce=int, initial=60)
    channel = forms.ChoiceField(label="Comment", choices=Channel.capitalised())
    objectives = forms.MultipleChoiceField(
        label="Objectifs",
        choices=Objective,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Facultatif. Ces cases restent entre vous.",
    )
    noting = forms.ChoiceField(
        label="Ce que vous notez",
        choices=Noting,
        widget=forms.RadioSelect,
        initial=Noting.EACH,
        help_text="Un nombre par mois se donne sans date. Si vous ne notez pas, un geste par mois suffit pour dire que tout va bien.",
    )
