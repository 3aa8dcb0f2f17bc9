"""Forms of training."""

from django import forms

from programmes.enums import Decision
from programmes.forms.rollout import DateInput
from programmes.models import Participation, Programme, TrainingModule
from programmes.services.training import trainable


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Participation) -> str:
        return f"{obj.person.short_name}, {obj.get_side_display()}"


class SessionForm(forms.Form):
    """Planning a session."""

    modules = forms.ModelMultipleChoiceField(
        label="Modules",
        queryset=TrainingModule.objects.all(),
        widget=forms.CheckboxSelectMultiple,
        help_text="M3, M4 et M6 viennent avant la première rencontre. Entre pairs : M4, M6 et une demi-heure de M3.",
    )
    on = forms.DateField(label="Le", widget=DateInput)
    minutes = forms.IntegerField(
        label="Durée en minutes",
        min_value=30,
        max_value=1680,
        required=False,
        help_text="Facultatif : sans réponse, la durée des modules cochés.",
    )
    place = forms.CharField(label="Lieu", max_length=120, required=False, help_text="Facultatif. Un lieu neutre.")
    invited = PeopleField(label="Personnes invitées", queryset=Participation.objects.none())

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invited"].queryset = trainable(programme)


class DecisionForm(forms.Form):
    """After the closing talk: one decision, no comment."""

    decision = forms.ChoiceField(
        label="Décision prise ensemble",
        choices=[(value, label.capitalize()) for value, label in Decision.choices],
        widget=forms.RadioSelect,
        help_text="« Accompagnement renforcé » : encore un peu de formation avant la première rencontre.",
    )
