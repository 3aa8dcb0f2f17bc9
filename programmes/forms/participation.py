"""The joining form and its changes."""

from django import forms

from portal.forms.base import ReceiptMixin, VersionMixin
from programmes.enums import SLOTS, Channel, Side
from programmes.models import Participation, Programme, Theme

READERS = [("pair", "La personne avec qui je serai en binôme"), ("referent", "Le ou la référent·e")]


class WishesForm(forms.Form):
    """What somebody looks for or can give: ticks only, plus one optional sealed text about oneself."""

    themes = forms.ModelMultipleChoiceField(
        label="De quoi souhaitez-vous parler ?",
        queryset=Theme.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Autant que vous voulez, ou aucun.",
    )
    channels = forms.MultipleChoiceField(
        label="Comment préférez-vous échanger ?", choices=Channel.capitalised(), widget=forms.CheckboxSelectMultiple
    )
    slots = forms.TypedMultipleChoiceField(
        label="Quand êtes-vous disponible, en général ?",
        choices=[(bit, label.capitalize()) for bit, label in SLOTS],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    variable_hours = forms.BooleanField(
        label="J’ai des horaires variables (roulement, nuit, terrain) : nous conviendrons ensemble des moments",
        required=False,
    )
    places = forms.IntegerField(
        label="Combien de personnes souhaitez-vous accompagner en même temps ?", min_value=1, initial=1
    )
    free_text = forms.CharField(
        label="Quelques mots, si vous le souhaitez",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=1500,
        help_text="Facultatif. Parlez de vous seulement. N’écrivez ni diagnostic, ni traitement, ni le nom d’un collègue.",
    )
    readers = forms.MultipleChoiceField(
        label="Qui pourra lire ces mots ?",
        choices=READERS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Sans case cochée, vous seul·e les lisez. Ils sont chiffrés.",
    )

    def __init__(self, *args, programme: Programme, side: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if side == Side.HELPER:
            self.fields["themes"].label = "De quoi pouvez-vous parler avec un·e collègue ?"
            self.fields["places"].max_value = programme.places_per_helper
            self.fields["places"].widget.attrs["max"] = programme.places_per_helper
            self.fields["places"].help_text = f"Au plus {programme.places_per_helper} dans ce programme."
        else:
            del self.fields["places"]

    def clean_slots(self) -> int:
        return sum(1 << bit for bit in self.cleaned_data["slots"])


class JoinForm(ReceiptMixin, WishesForm):
    """Joining, with the information read first. The experience tick is asked of helpers and never stored."""

    def __init__(self, *args, side: str, **kwargs) -> None:
        super().__init__(*args, side=side, **kwargs)
        if side == Side.HELPER:
            self.fields["experience"] = forms.BooleanField(
                label="J’ai traversé moi-même une situation de handicap, de santé ou de reconversion au travail",
                help_text="Aucun détail ne vous sera demandé, et cette réponse n’est pas conservée.",
            )
        self.fields["information_read"] = forms.BooleanField(
            label="J’ai compris qui voit quoi, et que je peux arrêter quand je veux, sans raison à donner"
        )
        for field in self.fields.values():
            if isinstance(field, forms.BooleanField) and field.required:
                field.error_messages["required"] = "Cochez cette case pour continuer."


class ChangeForm(VersionMixin, WishesForm):
    """The owner changes their wishes."""

    @staticmethod
    def initial_of(participation: Participation) -> dict:
        return {
            "seen": participation.version,
            "themes": participation.themes.all(),
            "channels": participation.channels,
            "slots": [bit for bit, _ in SLOTS if participation.slots >> bit & 1],
            "variable_hours": participation.variable_hours,
            "places": participation.places,
            "free_text": participation.free_text.open(participation.ref),
            "readers": participation.readers,
        }
