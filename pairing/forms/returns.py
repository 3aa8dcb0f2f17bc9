"""A day for a return, and what the agent ticks: nothing is ticked beforehand."""

from django import forms

from pairing.enums import Milestone, ReturnChannel, ReturnWay
from programmes.forms.rollout import DateInput


class ReturnForm(forms.Form):
    """Without a personal address no message can be chosen, and the page says where to give one."""

    on = forms.DateField(
        label="Jour du retour",
        widget=DateInput,
        help_text="Celui que vous avez en tête. Vous pourrez le changer ou le retirer à tout moment.",
    )
    milestones = forms.TypedMultipleChoiceField(
        label="Jours à vous rappeler",
        choices=Milestone,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Facultatif. Seuls les jours cochés comptent, à partir de 10 heures.",
    )
    channel = forms.ChoiceField(
        label="Comment vous les rappeler", choices=ReturnChannel, widget=forms.RadioSelect, initial=ReturnChannel.NONE
    )
    ways = forms.MultipleChoiceField(
        label="D’ici là, nous échangeons",
        choices=[(one.value, one.label.capitalize()) for one in ReturnWay],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Facultatif. Jamais sur le lieu de travail avant votre retour.",
    )

    def __init__(self, *args, address: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if address:
            self.fields["channel"].help_text = f"Adresse personnelle : {address}. Jamais à une adresse de l’employeur."
        else:
            self.fields["channel"].choices = [(ReturnChannel.NONE.value, ReturnChannel.NONE.label)]
