"""A review: boxes of a closed list, of oneself and of the frame."""

from django import forms

from pairing.enums import TICKS, Moment


class ReviewForm(forms.Form):
    ticks = forms.MultipleChoiceField(
        label="Pour moi, aujourd’hui",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Autant de cases que vous voulez, ou aucune. Elles parlent de vous et du cadre, jamais de l’autre.",
    )

    def __init__(self, *args, moment: Moment, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ticks"].choices = [(tick.value, tick.label) for tick in TICKS[moment]]
