"""Forms of training."""

from copy import copy

from django import forms

from portal.forms.base import VersionMixin
from programmes.enums import Decision, Level, Skill, TrainingPublic
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
    public = forms.ChoiceField(
        label="Pour qui",
        choices=[(value, label.capitalize()) for value, label in TrainingPublic.choices],
        initial=TrainingPublic.PARTICIPANTS,
        help_text="Encadrants, référent·es : vous noterez combien sont venus, par catégorie.",
    )
    on = forms.DateField(label="Date", widget=DateInput)
    at = forms.TimeField(
        label="Heure",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text="Facultatif.",
    )
    minutes = forms.IntegerField(
        label="Durée en minutes",
        min_value=30,
        max_value=1680,
        required=False,
        help_text="Facultatif : sans réponse, la durée des modules cochés.",
    )
    place = forms.CharField(label="Lieu", max_length=120, required=False, help_text="Facultatif. Un lieu neutre.")
    places = forms.IntegerField(
        label="Places ouvertes à l’inscription",
        min_value=1,
        max_value=200,
        required=False,
        help_text="Facultatif : avec un nombre, les personnes concernées s’inscrivent elles-mêmes. "
        "Sans nombre, la séance se fait sur invitation.",
    )
    invited = PeopleField(label="Personnes invitées", queryset=Participation.objects.none(), required=False)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["invited"].queryset = trainable(programme)
        if not self.fields["invited"].queryset.exists():
            del self.fields["invited"]

    @property
    def values(self) -> dict:
        fields = {name: self.cleaned_data[name] for name in self.cleaned_data}
        return fields | {name: list(fields.get(name, [])) for name in ("modules", "invited")}


class DayForm(VersionMixin, forms.Form):
    """Another day for a session that is planned."""

    on = forms.DateField(label="Nouveau jour", widget=DateInput)
    at = copy(SessionForm.base_fields["at"])
    place = copy(SessionForm.base_fields["place"])


class PositioningForm(forms.Form):
    """Six skills, five levels, for oneself alone."""

    def __init__(self, *args, levels: dict[str, int], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for skill, label in Skill.choices:
            self.fields[skill] = forms.TypedChoiceField(
                label=label.capitalize(),
                choices=[(value, words.capitalize()) for value, words in Level.choices],
                coerce=int,
                empty_value=0,
                required=False,
                widget=forms.RadioSelect,
                initial=levels.get(skill),
            )


class DecisionForm(forms.Form):
    """After the closing talk: its day, one decision, no comment."""

    talk_on = forms.DateField(
        label="Entretien à trois, tenu le",
        widget=DateInput,
        required=False,
        help_text="L’agent, vous, une personne qui a formé. Seul le jour est gardé. Pas encore tenu : effacez la date.",
    )

    decision = forms.ChoiceField(
        label="Décision prise ensemble",
        choices=[(value, label.capitalize()) for value, label in Decision.choices],
        widget=forms.RadioSelect,
        help_text="« Accompagnement renforcé » : encore un peu de formation avant la première rencontre.",
    )
