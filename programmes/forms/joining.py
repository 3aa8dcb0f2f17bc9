"""The steps of the inscription that are not wishes: on which side, whom to avoid, what is agreed to, sending."""

from django import forms

from portal.forms.base import ReceiptMixin
from portal.models import Person, Unit
from programmes.enums import Side
from programmes.forms.participation import PartForm, SharingForm
from programmes.models import Programme
from programmes.services import avoid

UNSURE = "unsure"
SIDE_WORDS = {
    Side.HELPED: "Être accompagné·e",
    Side.HELPER: "Accompagner",
    Side.PEER: "Entre pairs : on se soutient l’un l’autre",
    UNSURE: "Je ne sais pas encore",
}
TICK_TO_GO_ON = "Cochez cette case pour continuer."


class SideForm(forms.Form):
    side = forms.ChoiceField(
        label="Que souhaitez-vous ?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez une réponse. « Je ne sais pas encore » en est une."},
    )

    def __init__(self, *args, sides: set[str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        open_sides = [(side, words) for side, words in SIDE_WORDS.items() if side in sides or side == UNSURE]
        self.fields["side"].choices = open_sides


class AvoidForm(forms.Form):
    """Ticks among what may be read: no free name, no reason (decision 43)."""

    people = forms.ModelMultipleChoiceField(
        label="Des personnes qui ont publié une présentation",
        queryset=Person.objects.none(),
        to_field_name="ref",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    units = forms.ModelMultipleChoiceField(
        label="Des directions ou des services",
        queryset=Unit.objects.none(),
        to_field_name="ref",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Chacun vaut pour toutes ses équipes.",
    )

    def __init__(self, *args, owner: Person, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = avoid.units_for(owner)
        people = avoid.people_for(owner)
        if people:
            self.fields["people"].queryset = people
        else:
            del self.fields["people"]


class AgreementsForm(SharingForm):
    """The same agreements, with the one that lets what was lived serve."""

    lived_used = forms.BooleanField(
        label="Mes cases « vécu au travail » peuvent servir à chercher un vécu en commun", required=False
    )


def only_what_stands(form: forms.Form, about: dict[str, list[str]]) -> None:
    """No agreement is asked on words, a presentation or ticks that are not there."""
    behind = {"readers": "free_text", "presentation_published": "presentation", "lived_used": "lived"}
    for name, source in behind.items():
        if not any(value.strip() for value in about.get(source, ())):
            form.fields.pop(name, None)


class InformationForm(PartForm):
    """The experience tick is asked of helpers and never stored."""

    experience = forms.BooleanField(
        label="J’ai traversé moi-même une situation de handicap, de santé ou de reconversion au travail",
        help_text="Aucun détail ne vous sera demandé, et cette réponse n’est pas conservée.",
        error_messages={"required": TICK_TO_GO_ON},
    )
    information_read = forms.BooleanField(
        label="J’ai compris qui voit quoi, et que je peux arrêter quand je veux, sans raison à donner",
        error_messages={"required": TICK_TO_GO_ON},
    )

    def adapt(self, programme: Programme, side: str) -> None:
        super().adapt(programme, side)
        if side != Side.HELPER:
            del self.fields["experience"]


class SendForm(ReceiptMixin):
    """Nothing left to fill in."""


def in_words(form: forms.Form) -> list[tuple[str, str]]:
    """What was answered, for the summary: labels, never codes; what was left out is left out."""
    rows = []
    for name, form_field in form.fields.items():
        value = form.cleaned_data.get(name)
        if isinstance(form_field, forms.ModelMultipleChoiceField):
            said = " · ".join(str(row) for row in value or ())
        elif name == "slots":
            said = " · ".join(label for bit, label in form_field.choices if (value or 0) >> bit & 1)
        elif isinstance(form_field, forms.ChoiceField):
            chosen = value if isinstance(value, list) else [value]
            said = " · ".join(str(label) for code, label in form_field.choices if code and code in chosen)
        elif isinstance(form_field, forms.BooleanField):
            said = "oui" if value else ""
        else:
            said = str(value or "")
        if said:
            rows.append((form_field.label, said))
    return rows
