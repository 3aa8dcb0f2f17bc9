"""Problems of the organisation, and the employer's answer."""

from django import forms

from pairing.enums import ProblemCategory, ProblemKind, ProblemState
from portal.forms.base import VersionMixin
from programmes.enums import Function
from programmes.forms.framing import NOBODY
from programmes.forms.rollout import DateInput
from programmes.forms.settings import capitalised

ANSWERS = [(value, label) for value, label in ProblemState.choices if value != ProblemState.RAISED]


class ProblemForm(forms.Form):
    category = forms.ChoiceField(
        label="À quoi tient ce problème ?", choices=capitalised(ProblemCategory.choices), widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label="Sujet", choices=capitalised(ProblemKind.choices))
    title = forms.CharField(
        label="Le problème, en une phrase",
        max_length=120,
        help_text=f"Par exemple « les aménagements prennent plus de quatre mois ». {NOBODY} Elle figurera dans le rapport.",
    )
    owner = forms.ChoiceField(label="Qui peut y répondre ?", choices=capitalised(Function.choices))


class AnswerForm(VersionMixin):
    state = forms.ChoiceField(
        label="Réponse de l’employeur",
        choices=capitalised(ANSWERS),
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label="En une phrase ou deux",
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=f"Facultatif. {NOBODY} Elle figurera dans le rapport.",
    )
    due_on = forms.DateField(
        label="Prévu pour le", widget=DateInput, required=False, help_text="Une réponse acceptée a une date."
    )
