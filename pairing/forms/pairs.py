"""Forms of the pairs' life."""

from django import forms

from pairing.access import helpers_with_a_place, waiting_for_a_pair
from pairing.enums import EndCode
from portal.forms.base import ReceiptMixin, VersionMixin
from programmes.enums import Channel
from programmes.forms.rollout import DateInput
from programmes.models import Cycle, Participation, Programme, Theme


class ParticipationChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Participation) -> str:
        return obj.person.short_name


class ProposeForm(forms.Form):
    """Two people accepted, one on each side."""

    helped = ParticipationChoice(label="Agent accompagné", queryset=Participation.objects.none(), empty_label=None)
    helper = ParticipationChoice(label="Pair-aidant·e", queryset=Participation.objects.none(), empty_label=None)
    cycle = forms.ModelChoiceField(label="Cycle", queryset=Cycle.objects.none(), required=False)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["helped"].queryset = waiting_for_a_pair(programme).select_related("person")
        self.fields["helper"].queryset = helpers_with_a_place(programme).select_related("person")
        self.fields["cycle"].queryset = programme.cycles.all()
        self.fields["cycle"].initial = programme.cycles.last()

    @property
    def possible(self) -> bool:
        return self.fields["helped"].queryset.exists() and self.fields["helper"].queryset.exists()


class DetailsForm(forms.Form):
    """Optional details of a meeting, between the two only."""

    on = forms.DateField(label="Le", widget=DateInput)
    minutes = forms.IntegerField(
        label="Durée en minutes", min_value=5, max_value=480, required=False, help_text="Facultatif."
    )
    channel = forms.ChoiceField(
        label="Comment", choices=[("", "Non précisé"), *Channel.capitalised()], required=False, help_text="Facultatif."
    )
    themes = forms.ModelMultipleChoiceField(
        label="De quoi avez-vous parlé ?",
        queryset=Theme.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Facultatif. Vous deux seulement voyez ces cases. Aucun texte n’est demandé.",
    )


class MeetingForm(ReceiptMixin, DetailsForm):
    """Noting a meeting with its details."""


class ChangeMeetingForm(VersionMixin, DetailsForm):
    """Correcting a meeting."""


class EndForm(forms.Form):
    """Ending a pair: a code, never a text."""

    code = forms.ChoiceField(label="Raison", choices=EndCode, widget=forms.RadioSelect, initial=EndCode.UNSPECIFIED)
