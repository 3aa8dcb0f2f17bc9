"""Choosing a template, setting a programme, its public criteria and its words."""

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from portal import terms
from portal.forms.base import VersionMixin
from portal.models import Employer
from programmes import public_criteria
from programmes.enums import Form, PeerOrigin, Perimeter, QuestionnaireSet
from programmes.forms.rollout import DateInput
from programmes.models import Programme


def capitalised(choices) -> list[tuple[str, str]]:
    """Choices as the options of a form begin: with a capital."""
    return [(value, label[:1].upper() + label[1:]) for value, label in choices]


def in_two_lines(title: str, text: str) -> SafeString:
    """The label of a choice that explains itself."""
    return format_html("<strong>{}</strong><br>{}", title, text)


class SettingsForm(forms.Form):
    """What a programme is set to."""

    name = forms.CharField(
        label="Nom du programme",
        max_length=160,
        help_text="Un nom neutre : il se lit dans les titres de page, sans dire de quoi il s’agit.",
    )
    perimeters = forms.MultipleChoiceField(
        label="Pour qui ?", choices=capitalised(Perimeter.choices), widget=forms.CheckboxSelectMultiple
    )
    forms_of_support = forms.MultipleChoiceField(
        label="Quelles formes de soutien ?", choices=capitalised(Form.choices), widget=forms.CheckboxSelectMultiple
    )
    peers = forms.MultipleChoiceField(
        label="Qui sont les pairs ?", choices=capitalised(PeerOrigin.choices), widget=forms.CheckboxSelectMultiple
    )
    starts = forms.DateField(
        label="Date de début", widget=DateInput, help_text="Le calendrier des six étapes se compte à partir de ce jour."
    )
    cycle_months = forms.IntegerField(
        label="Durée d’un cycle, en mois",
        min_value=3,
        max_value=12,
        help_text="Les binômes d’un cycle commencent et s’évaluent ensemble. De 3 à 12 mois.",
    )
    target_helpers = forms.IntegerField(
        label="Pairs-aidants visés",
        min_value=1,
        max_value=500,
        required=False,
        help_text="Facultatif : un ordre de grandeur.",
    )
    target_pairs = forms.IntegerField(
        label="Binômes visés",
        min_value=1,
        max_value=500,
        required=False,
        help_text="Facultatif : un ordre de grandeur.",
    )
    questionnaires = forms.ChoiceField(
        label="Questionnaires", choices=capitalised(QuestionnaireSet.choices), widget=forms.RadioSelect
    )
    places_per_helper = forms.TypedChoiceField(
        label="Personnes accompagnées en même temps, au plus, par pair-aidant·e",
        choices=[(1, "Une"), (2, "Deux (conseillé)"), (3, "Trois")],
        coerce=int,
        widget=forms.RadioSelect,
        help_text="Trois est un écart au cadre : il figurera dans le rapport.",
    )
    exclude_same_team = forms.BooleanField(
        label="Jamais deux personnes de la même équipe dans un binôme",
        required=False,
        help_text="Conseillé. L’ôter est un écart au cadre : il figurera dans le rapport.",
    )
    wishes_on_presentations = forms.BooleanField(
        label="Les participants qui cherchent un binôme peuvent lire les présentations publiées, et dire leurs vœux",
        required=False,
        help_text="Un·e pair-aidant·e choisit d’en publier une, ou non. Les vœux restent secrets, pour vous aussi.",
    )

    def settings(self) -> dict:
        """The fields of Programme, under their names."""
        fields = {name: value for name, value in self.cleaned_data.items() if name not in ("seen", "reason")}
        fields["forms"] = fields.pop("forms_of_support")
        return fields


class NewProgrammeForm(SettingsForm):
    """The same, for one of the employers the person opens programmes for."""

    employer = forms.ModelChoiceField(label="Employeur", queryset=Employer.objects.none(), empty_label=None)
    field_order = ["employer"]

    def __init__(self, *args, employers, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = employers
        self.fields["employer"].initial = employers.first()


class ChangeSettingsForm(VersionMixin, SettingsForm):
    """Settings of a programme that exists; a reason when the frame gets weaker."""

    reason = forms.CharField(
        label="Pourquoi cet écart au cadre ?",
        max_length=200,
        required=False,
        help_text="Seulement si vous passez à trois personnes, ou si vous acceptez deux personnes de la même équipe. "
        "Une phrase, sans parler d’une personne : elle figurera dans le rapport.",
    )

    @staticmethod
    def initial_of(programme: Programme) -> dict:
        names = [name for name in SettingsForm.base_fields if name != "forms_of_support"]
        own = {name: getattr(programme, name) for name in names}
        return {**own, "forms_of_support": programme.forms, "seen": programme.version}


class ChooseForm(forms.Form):
    """Page 1 of the creation: a template, or a former programme."""

    start = forms.ChoiceField(label="Modèle", widget=forms.RadioSelect)

    def __init__(self, *args, choices, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["start"].choices = choices
        self.fields["start"].error_messages["required"] = "Choisissez un modèle pour continuer."
        self.fields["start"].error_messages["invalid_choice"] = "Choisissez l’un des modèles proposés."


class CriteriaForm(VersionMixin, forms.Form):
    """Two closed lists, ticks only."""

    helper = forms.MultipleChoiceField(
        label="Pour accompagner",
        choices=capitalised(public_criteria.CRITERIA["helper"].items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    helped = forms.MultipleChoiceField(
        label="Pour être accompagné·e",
        choices=capitalised(public_criteria.CRITERIA["helped"].items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


class WordsForm(VersionMixin, forms.Form):
    """Singular and plural of each word of the closed list; empty: the portal's own."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for key, (one, many) in terms.TERMS.items():
            for name, usual, number in ((f"{key}_one", one, "Singulier"), (f"{key}_many", many, "Pluriel")):
                field = self.fields[name] = forms.CharField(label=number, max_length=40, required=False)
                field.widget.attrs["placeholder"] = usual

    def words(self) -> dict[str, tuple[str, str]]:
        return {key: (self.cleaned_data[f"{key}_one"], self.cleaned_data[f"{key}_many"]) for key in terms.TERMS}

    def pairs(self) -> list[tuple[str, tuple]]:
        """The two fields of each word, side by side."""
        return [(one, (self[f"{key}_one"], self[f"{key}_many"])) for key, (one, _) in terms.TERMS.items()]

    @staticmethod
    def initial_of(programme: Programme) -> dict:
        initial = {"seen": programme.version}
        for key in terms.TERMS:
            if key in programme.words:
                initial[f"{key}_one"] = terms.term(key, programme.words)
                initial[f"{key}_many"] = terms.term(key, programme.words, plural=True)
        return initial
