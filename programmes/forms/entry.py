"""The code of a card, a call asked for, cards to print, wishes entered for somebody."""

from django import forms

from portal.forms.accounts import NameFields
from portal.forms.base import ReceiptMixin
from programmes.enums import HALF_DAYS
from programmes.forms.participation import WishesForm
from programmes.services.entry_cards import AT_ONCE

PHONE = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Le code de votre carte",
        max_length=40,
        help_text="Trois groupes de quatre signes, par exemple ABCD-EFGH-2345. Les tirets et les majuscules sont facultatifs.",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )


class CallBackForm(ReceiptMixin):
    """No name is needed; a closed list of half-days."""

    phone = forms.CharField(label="Votre numéro de téléphone", max_length=30, widget=PHONE)
    slots = forms.TypedMultipleChoiceField(
        label="Quand pouvons-nous vous appeler ?",
        choices=[(bit, label.capitalize()) for bit, label in HALF_DAYS],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Cochez au moins une demi-journée."},
    )
    given = forms.CharField(
        label="Prénom", max_length=80, required=False, help_text="Facultatif. Aucun nom n’est nécessaire."
    )

    def clean_slots(self) -> int:
        return sum(1 << bit for bit in self.cleaned_data["slots"])


class CardsForm(ReceiptMixin):
    count = forms.IntegerField(
        label="Combien de cartes ?", min_value=1, max_value=AT_ONCE, initial=1, help_text=f"De 1 à {AT_ONCE} à la fois."
    )


class OnBehalfForm(ReceiptMixin, NameFields, WishesForm):
    """The joining form without its free text: nobody writes about somebody else."""

    phone = forms.CharField(label="Téléphone où joindre la personne", max_length=30, widget=PHONE)
    card_code = forms.CharField(
        label="Code de la carte déjà remise",
        max_length=40,
        required=False,
        help_text="Si la personne en a une. Sinon, une carte sera préparée.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    information_read = forms.BooleanField(
        label="La personne a entendu qui voit quoi et qu’elle peut arrêter quand elle veut ; elle est d’accord pour cette saisie",
        error_messages={"required": "Dites-le à la personne, puis cochez cette case."},
    )
    field_order = ["receipt", "given", "family", "phone", *WishesForm.field_order]

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("free_text", "readers", "lived", "presentation", "presentation_published"):
            self.fields.pop(name, None)
        for name, label in (
            ("themes", "De quoi la personne souhaite-t-elle parler ?"),
            ("channels", "Comment préfère-t-elle échanger ?"),
            ("slots", "Quand est-elle disponible, en général ?"),
            ("variable_hours", "Horaires variables (roulement, nuit, terrain) : les moments seront convenus ensemble"),
            ("exchange_needs", "De quoi l’échange a-t-il besoin pour lui être accessible ?"),
            ("sites", "Sur quels sites pourraient-elles se voir ?"),
            (
                "travels",
                "Peut se déplacer sur un autre site (mission itinérante) : le trajet compte dans le temps de mission",
            ),
            ("meeting_place", "Si les deux personnes se voient, où ?"),
            ("likeness", "L’autre personne devrait-elle avoir le même environnement de travail ?"),
            ("setting", "Où la personne travaille-t-elle surtout ?"),
            ("seniority", "Depuis combien de temps travaille-t-elle dans la fonction publique ?"),
            ("places", "Combien de personnes souhaite-t-elle accompagner en même temps ?"),
        ):
            if name in self.fields:
                self.fields[name].label = label
        if "sites" in self.fields:
            self.fields[
                "sites"
            ].help_text = "Seulement en présence. Vous lisez la réponse ; son binôme aussi, une fois accepté."
        for name in ("given", "family"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["phone"].widget.attrs["autocomplete"] = "off"
