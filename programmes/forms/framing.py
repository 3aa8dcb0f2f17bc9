"""The framing sheet, objectives and their reading again, plans, maturity."""

from django import forms

from portal.forms.base import VersionMixin
from programmes import maturity
from programmes.enums import Anchoring, Attainment
from programmes.forms.rollout import DateInput
from programmes.forms.settings import capitalised
from programmes.models import Objective

NOBODY = "Sans parler d’une personne."


class SheetForm(VersionMixin, forms.Form):
    """Three short texts about the organisation."""

    difficulties = forms.CharField(
        label="Principales difficultés ici",
        help_text=f"Par exemple : des métiers isolés, des délais d’aménagement longs. {NOBODY}",
    )
    strengths = forms.CharField(
        label="Points d’appui ici", help_text=f"Par exemple : une convention en cours, un réseau de relais. {NOBODY}"
    )
    stakes = forms.CharField(
        label="Enjeux", help_text=f"Ce que l’organisation gagne si cela marche, et perd sinon. {NOBODY}"
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("difficulties", "strengths", "stakes"):
            field = self.fields[name]
            field.required, field.max_length = False, 2000
            field.widget = forms.Textarea(attrs={"rows": 4, "maxlength": 2000})


class ObjectiveForm(forms.Form):
    """A promise, and how one will know."""

    text = forms.CharField(
        label="Objectif",
        max_length=200,
        help_text=f"Une phrase. Par exemple « six binômes au travail en un an ». {NOBODY}",
    )
    measure = forms.CharField(
        label="Critère de réussite",
        max_length=200,
        help_text="Comment vous saurez, à la fin de l’exercice, si c’est atteint.",
    )


class ChangeObjectiveForm(VersionMixin, ObjectiveForm):
    """The same, for an objective that exists."""


class AnchorForm(forms.Form):
    """A plan or a convention."""

    plan = forms.ChoiceField(
        label="Plan ou convention", choices=capitalised(Anchoring.choices), widget=forms.RadioSelect
    )
    reference = forms.CharField(
        label="Référence", max_length=80, required=False, help_text="Facultatif : intitulé ou numéro."
    )
    starts = forms.DateField(label="Premier jour", widget=DateInput, required=False)
    ends = forms.DateField(label="Dernier jour", widget=DateInput, required=False)
    action_line = forms.CharField(
        label="Ligne d’action",
        max_length=120,
        required=False,
        help_text="Facultatif : l’action du plan dont il relève.",
    )


class ReviewForm(forms.Form):
    """For each objective: a result and one sentence. An objective left without result is not read again yet."""

    def __init__(self, *args, objectives: list[Objective], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.objectives = objectives
        for row in objectives:
            self.fields[f"result_{row.pk}"] = forms.ChoiceField(
                label="Résultat", choices=capitalised(Attainment.choices), widget=forms.RadioSelect, required=False
            )
            self.fields[f"why_{row.pk}"] = forms.CharField(
                label="Pourquoi, en une phrase",
                max_length=200,
                required=False,
                help_text=f"Elle figurera dans le rapport. {NOBODY}",
            )

    def clean(self) -> dict:
        for row in self.objectives:
            result, why = self.cleaned_data.get(f"result_{row.pk}"), self.cleaned_data.get(f"why_{row.pk}")
            if result and not why:
                self.add_error(f"why_{row.pk}", "Dites en une phrase pourquoi.")
            if why and not result:
                self.add_error(f"result_{row.pk}", "Choisissez un résultat.")
        return self.cleaned_data

    def results(self) -> dict[Objective, tuple[str, str]]:
        data = self.cleaned_data
        return {
            row: (data[f"result_{row.pk}"], data[f"why_{row.pk}"])
            for row in self.objectives
            if data[f"result_{row.pk}"]
        }

    def rows(self) -> list[tuple[Objective, tuple]]:
        return [(row, (self[f"result_{row.pk}"], self[f"why_{row.pk}"])) for row in self.objectives]


class MaturityForm(forms.Form):
    """Ten lines."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for code, label in maturity.LINES.items():
            self.fields[code] = forms.TypedChoiceField(
                label=label, choices=maturity.LEVELS, coerce=int, widget=forms.RadioSelect
            )
