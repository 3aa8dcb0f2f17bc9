"""Forms of the step pages."""

from django import forms

from portal.forms.base import VersionMixin
from portal.models import Person
from programmes.enums import ItemState, ProgrammeRoleKind, Watched
from programmes.forms.rollout import DateInput
from programmes.forms.settings import capitalised
from programmes.models import Programme, StepItem
from programmes.services import steps


class StepItemsForm(forms.Form):
    """The lines of one step that are done. `was`: those that were when the page was shown."""

    done = forms.ModelMultipleChoiceField(label="Ce qui est fait", queryset=StepItem.objects.none(), required=False)
    was = forms.ModelMultipleChoiceField(label="", queryset=StepItem.objects.none(), required=False)

    def __init__(self, *args, items, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done"].queryset = self.fields["was"].queryset = items

    @property
    def changed(self) -> set[int]:
        """Primary keys of the lines whose box was moved: the others stay as somebody else may have left them."""
        done, was = self.cleaned_data["done"], self.cleaned_data["was"]
        return {item.pk for item in done} ^ {item.pk for item in was}


class PassStepForm(forms.Form):
    """Crossing a step."""

    reason = forms.CharField(
        label="Pourquoi franchir l’étape maintenant ?",
        max_length=200,
        required=False,
        help_text="Une phrase. Elle figurera dans le rapport, en annexe.",
    )


class PlanForm(forms.Form):
    """The dates a step is planned for."""

    starts = forms.DateField(label="Début prévu", widget=DateInput)
    ends = forms.DateField(label="Fin prévue", widget=DateInput)


class OwnerField(forms.ModelChoiceField):
    """Somebody with a role in the programme today."""

    def __init__(self) -> None:
        super().__init__(
            label="Qui s’en occupe ?",
            queryset=Person.objects.none(),
            required=False,
            empty_label="Personne pour l’instant",
        )

    def label_from_instance(self, person: Person) -> str:
        held = ", ".join(dict.fromkeys(ProgrammeRoleKind(role.role).label for role in person.held))
        return f"{person.short_name} ({held})" if held else person.short_name


class ActionForm(forms.Form):
    """An action of the team's own."""

    label = forms.CharField(
        label="Ce qui est à faire",
        max_length=200,
        help_text="En quelques mots. Ne nommez aucun agent accompagné.",
    )
    owner = OwnerField()
    due_on = forms.DateField(label="Pour le", widget=DateInput, required=False)
    co_construction = forms.BooleanField(label="Avec les personnes concernées", required=False)
    watched = forms.ChoiceField(
        label="Le portail le dit-il déjà ?",
        choices=[("", "Non, c’est autre chose"), *capitalised(Watched.choices)],
        required=False,
        help_text="Sur le tableau de bord, l’action et ce que le portail en dit ne font alors qu’une ligne.",
    )

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = steps.team(programme)


class ItemForm(VersionMixin):
    """Who does a line, for when, where it stands."""

    state = forms.ChoiceField(
        label="Où en est-ce ?",
        choices=[(value, label.capitalize()) for value, label in ItemState.choices],
        widget=forms.RadioSelect,
    )
    owner = OwnerField()
    due_on = forms.DateField(label="Pour le", widget=DateInput, required=False)

    def __init__(self, *args, item: StepItem, **kwargs) -> None:
        initial = {"seen": item.version, "state": item.state, "owner": item.owner_id, "due_on": item.due_on}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["owner"].queryset = steps.team(item.step.programme, kept=item.owner_id)


class EvidenceForm(forms.Form):
    """A file that shows the line is done."""

    file = forms.FileField(
        label="Fichier",
        help_text="PDF, PNG ou JPEG, 5 Mo au plus. L’auteur, le lieu et les fichiers joints en sont retirés. "
        "Rien sur la santé, aucun nom d’agent accompagné.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
