"""Forms of sensibilisation."""

from django import forms
from django.core.validators import MaxValueValidator

from portal.forms.base import VersionMixin
from portal.models import Person, Unit
from programmes.enums import Audience, OutreachKind, SignedAs
from programmes.forms.rollout import DateInput
from programmes.models import Outreach, Programme
from programmes.services import outreach as service

WORDS_LENGTH = 600


class OutreachForm(forms.Form):
    """Planning an action."""

    kind = forms.ChoiceField(
        label="Nature", choices=[(value, label.capitalize()) for value, label in OutreachKind.choices]
    )
    on = forms.DateField(label="Date", widget=DateInput)
    minutes = forms.IntegerField(
        label="Durée en minutes", min_value=5, max_value=2400, required=False, help_text="Facultatif."
    )
    place = forms.CharField(label="Lieu", max_length=120, required=False, help_text="Facultatif. Un lieu neutre.")
    units = forms.ModelMultipleChoiceField(
        label="Directions concernées",
        queryset=Unit.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Facultatif. Celles où l’action a lieu, ou dont les agents sont invités.",
    )

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = service.directions(programme)
        if not self.fields["units"].queryset.exists():
            del self.fields["units"]

    @property
    def values(self) -> dict:
        return {**self.cleaned_data, "units": list(self.cleaned_data.get("units", []))}


class ChangeForm(VersionMixin, OutreachForm):
    """The same, later."""

    @property
    def values(self) -> dict:
        return {name: value for name, value in super().values.items() if name != "seen"}


class AudienceForm(forms.Form):
    """How many people of each category came; `known` by category."""

    def __init__(self, *args, known: dict[str, int], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for value, label in Audience.choices:
            self.fields[value] = forms.IntegerField(
                label=label.capitalize(),
                min_value=0,
                required=False,
                initial=known.get(value),
                validators=[MaxValueValidator(100_000)],
            )

    @property
    def numbers(self) -> dict[str, int]:
        return {value: self.cleaned_data[value] or 0 for value in Audience.values}


class NumbersForm(VersionMixin, AudienceForm):
    """Those of an action."""

    def __init__(self, *args, outreach: Outreach, **kwargs) -> None:
        kwargs.setdefault("initial", {"seen": outreach.version})
        known = {row.audience: row.people for row in outreach.numbers.all()}
        super().__init__(*args, known=known, **kwargs)


class MaterialForm(forms.Form):
    """A file shown or handed out."""

    file = forms.FileField(label="Fichier PDF, PNG ou JPEG, 5 Mo au plus", allow_empty_file=True)


class AskForm(forms.Form):
    """Whom to ask."""

    person = forms.ModelChoiceField(
        label="Personne", queryset=Person.objects.none(), to_field_name="ref", empty_label="Choisir"
    )

    def __init__(self, *args, outreach: Outreach, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = service.people_to_ask(outreach)


class WordsForm(forms.Form):
    """My words on the public page."""

    words = forms.CharField(
        label="Mes mots",
        max_length=WORDS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=f"{WORDS_LENGTH} caractères au plus. Parlez de vous seulement : ne nommez ni ne décrivez personne d’autre.",
        error_messages={"required": "Écrivez quelques mots, ou laissez la page sans eux."},
    )
    signed = forms.ChoiceField(
        label="Je les signe",
        choices=[(value, label.capitalize()) for value, label in SignedAs.choices],
        widget=forms.RadioSelect,
    )


class AgreeForm(forms.Form):
    """My own words for yes."""

    recording = forms.BooleanField(
        label="J’accepte aussi que le support de ce jour soit gardé",
        required=False,
        help_text="Facultatif. Vous pourrez revenir sur cet accord à tout moment.",
    )
