"""Forms of « reprise de l’existant »: six pairs on one page, or a file; supervision sessions beside either."""

from django import forms

from pairing.models import SupervisorEngagement
from pairing.services.takeover import Past, PastSessions
from pairing.services.takeover_file import FORMULA, PastPair
from programmes.enums import Form
from programmes.forms.rollout import DateInput
from programmes.models import Programme

ROWS, DATES = 6, 6


class PastPairForm(forms.Form):
    """One pair that lived before the portal; a row left empty is no pair."""

    one_given = forms.CharField(label="Prénom", max_length=80)
    one_family = forms.CharField(label="Nom", max_length=80)
    one_email = forms.EmailField(label="Adresse professionnelle", required=False)
    other_given = forms.CharField(label="Prénom", max_length=80)
    other_family = forms.CharField(label="Nom", max_length=80)
    other_email = forms.EmailField(label="Adresse professionnelle", required=False)
    form = forms.ChoiceField(label="Forme", required=False)
    starts = forms.DateField(label="Depuis le", widget=DateInput)
    ends = forms.DateField(
        label="Jusqu’au", widget=DateInput, required=False, help_text="Vide si le binôme se voit toujours."
    )
    meetings = forms.IntegerField(label="Rencontres déjà faites", min_value=0, max_value=999, required=False)
    letter_starts = forms.DateField(label="Lettre du", widget=DateInput, required=False)
    letter_ends = forms.DateField(label="Lettre au", widget=DateInput, required=False)
    letter_hours = forms.DecimalField(
        label="Heures par mois",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        localize=True,
    )
    training_on = forms.DateField(label="Formation suivie le", widget=DateInput, required=False)
    training_minutes = forms.IntegerField(label="Durée en minutes", min_value=30, max_value=6000, required=False)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (form.value, form.label.capitalize()) for form in (Form.PAIR, Form.RECIPROCAL) if form in programme.forms
        ]
        self.fields["form"].choices = choices
        self.fields["form"].initial = choices[0][0] if choices else ""
        if len(choices) < 2:
            self.fields["form"].widget = forms.HiddenInput()
        if not any(value == Form.PAIR for value, _ in choices):
            for name in ("letter_starts", "letter_ends", "letter_hours"):
                del self.fields[name]

    def has_changed(self) -> bool:
        """The form of support alone, filled in by us, makes no row."""
        return bool(set(self.changed_data) - {"form"})

    def clean(self) -> dict:
        cleaned = super().clean()
        for name, value in cleaned.items():
            if isinstance(value, str) and value.startswith(FORMULA):
                self.add_error(name, "Cette case commence par un signe de formule (=, +, -, @) : retirez-le.")
        return cleaned

    def row(self, line: int) -> PastPair:
        data = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        data["letter_minutes"] = round(60 * data.pop("letter_hours", 0))
        for name in ("one_email", "other_email"):
            data[name] = data.get(name, "").lower()
        return PastPair(line=line, **data)

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their legends; what may be left out comes last."""
        peers = "letter_starts" not in self.fields
        first, second = ("Une personne", "L’autre personne") if peers else ("Qui accompagne", "Qui est accompagné·e")
        parts = [(first, "one_"), (second, "other_"), ("Quand", ("form", "starts", "ends", "meetings"))]
        parts += [] if peers else [("Lettre de mission sur papier (facultatif)", "letter_")]
        parts.append(("Formation suivie (facultatif)", "training_"))
        return [(legend, [self[name] for name in self.fields if name.startswith(names)]) for legend, names in parts]

    @staticmethod
    def initial_of(row: PastPair) -> dict:
        shown = {name: value for name, value in row.as_dict().items() if value not in (None, "", 0)}
        if row.letter_minutes:
            shown["letter_hours"] = row.letter_minutes / 60
        return shown


class SessionsForm(forms.Form):
    """Supervision sessions held before the portal: who ran them, which days."""

    supervisor = forms.ModelChoiceField(
        label="Qui les a animées",
        queryset=SupervisorEngagement.objects.none(),
        to_field_name="ref",
        required=False,
        empty_label="Aucune séance à saisir",
    )
    minutes = forms.IntegerField(label="Durée en minutes", min_value=15, max_value=480, initial=120)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supervisor"].queryset = programme.supervisors.all()
        for number in range(1, DATES + 1):
            self.fields[f"day_{number}"] = forms.DateField(label=f"Séance {number}", widget=DateInput(), required=False)

    @property
    def sessions(self) -> PastSessions:
        data = self.cleaned_data
        days = tuple(day for number in range(1, DATES + 1) if (day := data.get(f"day_{number}")))
        return PastSessions(data["supervisor"].ref if data["supervisor"] else None, days, data["minutes"])

    @staticmethod
    def initial_of(sessions: PastSessions) -> dict:
        days = {f"day_{number}": day for number, day in enumerate(sessions.days, 1)}
        return {"supervisor": sessions.supervisor, "minutes": sessions.minutes, **days}


class PastForm:
    """The page as one form: up to six pairs and the sessions. Not bound, it shows `past`."""

    def __init__(self, data=None, *, programme: Programme, past: Past | None = None) -> None:
        shown = {row.line: PastPairForm.initial_of(row) for row in past.rows} if past else {}
        self.rows = [
            PastPairForm(
                data,
                programme=programme,
                prefix=f"b{number}",
                initial=shown.get(number),
                empty_permitted=True,
                use_required_attribute=False,
            )
            for number in range(1, ROWS + 1)
        ]
        initial = SessionsForm.initial_of(past.sessions) if past else None
        self.sessions = SessionsForm(data, programme=programme, prefix="s", initial=initial)
        self.bound = data is not None

    def is_valid(self) -> bool:
        return all([*(row.is_valid() for row in self.rows), self.sessions.is_valid()])

    @property
    def past(self) -> Past:
        filled = [(number, row) for number, row in enumerate(self.rows, 1) if row.has_changed()]
        return Past([row.row(number) for number, row in filled], self.sessions.sessions)

    @property
    def numbered(self) -> list[tuple[int, PastPairForm, bool]]:
        """Number, form, and whether it is shown open: the first two, and any with something in it."""
        return [
            (number, row, number <= 2 or bool(row.initial) or (self.bound and row.has_changed()))
            for number, row in enumerate(self.rows, 1)
        ]


class PastFileForm(forms.Form):
    """The same from a file of the model."""

    file = forms.FileField(
        label="Fichier CSV", help_text="200 lignes au plus. Il est lu puis oublié : rien n’en est gardé."
    )


class SealedForm(forms.Form):
    """What the preview showed, as it was."""

    past = forms.CharField(widget=forms.HiddenInput, max_length=500_000)
