"""What somebody looks for or can give, in parts: the steps of the inscription, then one page to change them."""

from django import forms

from portal.forms.base import VersionMixin
from programmes.enums import (
    SLOTS,
    Channel,
    ExchangeNeed,
    Likeness,
    Lived,
    MeetingPlace,
    Seniority,
    Side,
    WorkSetting,
)
from programmes.models import Participation, Programme, Site, Theme
from programmes.services import about
from programmes.services.participation import NO_MOMENT

READERS = [("pair", "La personne avec qui je serai en binôme"), ("referent", "Le ou la référent·e")]
WORDS_HELP = "Facultatif. Parlez de vous seulement. N’écrivez ni diagnostic, ni traitement, ni le nom d’un collègue."
LONGEST = 1500


def _capital(choices: list[tuple[str, str]], empty: str = "") -> list[tuple[str, str]]:
    rows = [(value, label[:1].upper() + label[1:]) for value, label in choices]
    return [("", empty), *rows] if empty else rows


class PartForm(forms.Form):
    """One part of the wishes, for one side of one programme."""

    def __init__(self, *args, programme: Programme, side: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.adapt(programme, side)

    def adapt(self, programme: Programme, side: str) -> None:
        """Words and fields for this side."""


class NeedsForm(PartForm):
    themes = forms.ModelMultipleChoiceField(
        label="De quoi souhaitez-vous parler ?",
        queryset=Theme.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Autant que vous voulez, ou aucun.",
    )
    exchange_needs = forms.MultipleChoiceField(
        label="De quoi l’échange a-t-il besoin pour être accessible ?",
        choices=_capital(ExchangeNeed.choices),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Facultatif. Aucune raison n’est demandée.",
    )

    def adapt(self, programme: Programme, side: str) -> None:
        super().adapt(programme, side)
        if side == Side.HELPER:
            self.fields["themes"].label = "De quoi pouvez-vous parler avec un·e collègue ?"


class SelfForm(PartForm):
    """About oneself; nothing is required."""

    setting = forms.ChoiceField(
        label="Où travaillez-vous surtout ?",
        choices=_capital(WorkSetting.choices, "Je ne le dis pas"),
        required=False,
        help_text="Facultatif. Pour trouver quelqu’un qui connaît ce genre de journées.",
    )
    seniority = forms.ChoiceField(
        label="Depuis combien de temps travaillez-vous dans la fonction publique ?",
        choices=_capital(Seniority.choices, "Je ne le dis pas"),
        required=False,
        help_text="Facultatif.",
    )
    lived = forms.MultipleChoiceField(
        label="Avez-vous vécu, au travail…",
        choices=_capital(Lived.choices),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Facultatif. Personne ne lit ces cases. Si l’autre a coché la même, une proposition dira seulement "
        "« un vécu professionnel en commun ». Décocher retire votre accord, sans effet.",
    )
    free_text = forms.CharField(
        label="Quelques mots, si vous le souhaitez",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=LONGEST,
        help_text=f"{WORDS_HELP} Vous choisissez qui les lit.",
    )
    presentation = forms.CharField(
        label="Votre présentation, pour qui cherche un binôme",
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=LONGEST,
        help_text=f"{WORDS_HELP} Elle n’est publiée que si vous le voulez.",
    )

    def adapt(self, programme: Programme, side: str) -> None:
        super().adapt(programme, side)
        if not about.may_present(programme, side):
            del self.fields["presentation"]


class AvailabilityForm(PartForm):
    channels = forms.MultipleChoiceField(
        label="Comment préférez-vous échanger ?", choices=Channel.capitalised(), widget=forms.CheckboxSelectMultiple
    )
    # First, so that whoever works at night or in shifts need not read fifteen half-days.
    variable_hours = forms.BooleanField(
        label="J’ai des horaires variables (roulement, nuit, terrain) : nous conviendrons ensemble des moments",
        required=False,
    )
    slots = forms.TypedMultipleChoiceField(
        label="Quand êtes-vous disponible, en général ?",
        choices=[(bit, label.capitalize()) for bit, label in SLOTS],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Avec des horaires variables, vous pouvez passer cette question.",
    )
    places = forms.IntegerField(
        label="Combien de personnes souhaitez-vous accompagner en même temps ?", min_value=1, initial=1
    )
    likeness = forms.ChoiceField(
        label="La personne devrait-elle avoir le même environnement de travail ?",
        choices=_capital(Likeness.choices, "Peu importe"),
        required=False,
        help_text="Une préférence, jamais une condition.",
    )

    def adapt(self, programme: Programme, side: str) -> None:
        super().adapt(programme, side)
        if side != Side.HELPER:
            del self.fields["places"]
            return
        places = self.fields["places"]
        places.max_value = programme.places_per_helper
        places.widget.attrs["max"] = programme.places_per_helper
        places.help_text = f"Au plus {programme.places_per_helper} dans ce programme."

    def clean_slots(self) -> int:
        return sum(1 << bit for bit in self.cleaned_data["slots"])

    def clean(self) -> dict:
        """Said here, not only when all is sent: what is missing stands on its own page."""
        values = super().clean() or self.cleaned_data
        if "slots" in values and not values["slots"] and not values.get("variable_hours"):
            self.add_error("slots", NO_MOMENT)
        return values


class SitesField(forms.ModelMultipleChoiceField):
    """A site where few people work says so, to whoever is about to tick it."""

    def label_from_instance(self, site: Site) -> str:
        few = " (peu d’agents y travaillent : ce choix peut suffire à dire qui vous êtes)"
        return f"{site.name}{few if site.small else ''}"


class PlacesForm(PartForm):
    """Where to meet in person: sites where the programme has some, a wish in any case."""

    SITES_HELP = (
        "Facultatif, autant que vous voulez. Le ou la référent·e lit votre réponse ; votre binôme la lit quand vous avez "
        "dit oui tous les deux."
    )
    sites = SitesField(
        label="Sur quels sites pourriez-vous vous voir ?",
        queryset=Site.objects.none(),
        to_field_name="ref",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=SITES_HELP,
    )
    any_site = forms.BooleanField(label="N’importe lequel de ces sites", required=False)
    travels = forms.BooleanField(
        label="Je peux me déplacer sur un autre site (mission itinérante) : le trajet compte dans le temps de mission",
        required=False,
    )
    meeting_place = forms.ChoiceField(
        label="Vous préférez vous voir…",
        choices=_capital(MeetingPlace.choices, "Peu importe"),
        required=False,
    )

    def adapt(self, programme: Programme, side: str) -> None:
        super().adapt(programme, side)
        self.fields["sites"].queryset = programme.sites.all()
        if side != Side.HELPER:
            del self.fields["travels"]
        if not programme.sites.exists():
            for name in ("sites", "any_site", "travels"):
                self.fields.pop(name, None)


class WhenAndWhereForm(AvailabilityForm, PlacesForm):
    """Both on one step, where the programme has no sites."""


class SharingForm(PartForm):
    """Optional agreements, each apart: refused or taken back without effect (field R12)."""

    readers = forms.MultipleChoiceField(
        label="Qui pourra lire vos quelques mots ?",
        choices=READERS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Sans case cochée, vous seul·e les lisez. Ils sont chiffrés.",
    )
    presentation_published = forms.BooleanField(
        label="Publier ma présentation : les participants de ce programme qui cherchent un binôme la lisent, avec mon prénom",
        required=False,
    )

    def adapt(self, programme: Programme, side: str) -> None:
        super().adapt(programme, side)
        if not about.may_present(programme, side):
            del self.fields["presentation_published"]


class WishesForm(NeedsForm, SelfForm, AvailabilityForm, PlacesForm, SharingForm):
    """All of it on one page: sites are kept only with « en présence »."""

    field_order = [
        *("receipt", "seen", "themes", "exchange_needs", "channels", "variable_hours", "slots", "places"),
        *("sites", "any_site", "travels"),
        *("meeting_place", "likeness", "setting", "seniority", "lived", "free_text", "readers", "presentation"),
    ]

    def adapt(self, programme: Programme, side: str) -> None:
        super().adapt(programme, side)
        if "sites" in self.fields:
            self.fields["sites"].help_text = f"Seulement si vous choisissez « en présence ». {PlacesForm.SITES_HELP}"


class ChangeForm(VersionMixin, WishesForm):
    """The owner changes their wishes."""

    @staticmethod
    def initial_of(participation: Participation) -> dict:
        plain = ("channels", "variable_hours", "places", "readers", "setting", "seniority", "lived")
        more = ("exchange_needs", "likeness", "meeting_place", "any_site", "travels", "presentation_published")
        return {
            "seen": participation.version,
            "themes": participation.themes.all(),
            "sites": participation.sites.all(),
            "slots": [bit for bit, _ in SLOTS if participation.slots >> bit & 1],
            "free_text": participation.free_text.open(participation.ref),
            "presentation": participation.presentation.open(participation.ref),
            **{name: getattr(participation, name) for name in (*plain, *more)},
        }
