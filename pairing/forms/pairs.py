"""Forms of the pairs' life."""

from django import forms
from django.utils.text import capfirst

from pairing.access import helpers_with_a_place, waiting_for_a_pair
from pairing.enums import EndCode
from portal.forms.base import ReceiptMixin, VersionMixin
from programmes.enums import Channel, Side
from programmes.forms.rollout import DateInput
from programmes.models import Cycle, Participation, Programme, Theme

# « sans précision » first: nobody has to look for it.
CHOSEN = [
    (EndCode.UNSPECIFIED, "Sans précision"),
    *(
        (value, capfirst(label))
        for value, label in EndCode.choices
        if value not in (EndCode.CHANGE, EndCode.UNSPECIFIED)
    ),
]


class ParticipationChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Participation) -> str:
        return obj.person.short_name


class ProposeForm(forms.Form):
    """Two people accepted, one on each side."""

    sides = {"helped": "Agent accompagné", "helper": "Pair-aidant·e"}
    cycle = forms.ModelChoiceField(label="Cycle", queryset=Cycle.objects.none(), required=False)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        people = self.people(programme)
        for name, label in self.sides.items():
            rows = people[name].select_related("person")
            self.fields[name] = ParticipationChoice(label=label, queryset=rows, empty_label=None)
        cycles = programme.cycles.all()
        self.fields["cycle"].queryset, self.fields["cycle"].initial = cycles, cycles.last()
        if cycles:
            # The start survey of a cycle is settled for its pairs: a pair belongs to one as soon as one exists.
            self.fields["cycle"].required, self.fields["cycle"].empty_label = True, None
        else:
            del self.fields["cycle"]
        self.order_fields([*self.sides, "cycle"])

    @staticmethod
    def people(programme: Programme) -> dict:
        return {"helped": waiting_for_a_pair(programme), "helper": helpers_with_a_place(programme)}

    @property
    def possible(self) -> bool:
        return all(self.fields[name].queryset.exists() for name in self.sides)


class ProposePeersForm(ProposeForm):
    """Two peers, equals; a third when the number is odd."""

    sides = {"one": "Une personne", "other": "Une autre personne"}

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, programme=programme, **kwargs)
        for name in self.sides:
            self.fields[name].empty_label = "Choisir"  # both lists are the same: the first name of each is one person
        self.fields["third"] = ParticipationChoice(
            label="Une troisième personne",
            queryset=self.fields["one"].queryset,
            empty_label="Personne",
            required=False,
            help_text="Facultatif. Quand le nombre est impair, un trio est possible.",
        )
        self.order_fields([*self.sides, "third", "cycle"])

    @staticmethod
    def people(programme: Programme) -> dict:
        peers = waiting_for_a_pair(programme, Side.PEER)
        return {"one": peers, "other": peers}

    @property
    def possible(self) -> bool:
        return len(self.fields["one"].queryset[:2]) == 2


class DetailsForm(forms.Form):
    """Optional details of a meeting, between the two only."""

    on = forms.DateField(label="Jour", widget=DateInput)
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
        help_text="Facultatif. Ces cases restent entre vous. Aucun texte n’est demandé.",
    )


class MeetingForm(ReceiptMixin, DetailsForm):
    """Noting a meeting with its details."""


class ChangeMeetingForm(VersionMixin, DetailsForm):
    """Correcting a meeting."""


class EndForm(forms.Form):
    """Ending a pair: a code, never a text."""

    code = forms.ChoiceField(
        label="Si vous voulez dire pourquoi",
        choices=CHOSEN,
        widget=forms.RadioSelect,
        initial=EndCode.UNSPECIFIED,
        error_messages={"required": "Cochez une ligne, par exemple « Sans précision »."},
    )
