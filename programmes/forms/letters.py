"""Forms of the letters: terms, the agent's answer, a signed paper."""

from decimal import Decimal

from django import forms

from portal.forms.base import VersionMixin
from programmes import letter_text
from programmes.enums import LetterKind, VisaBy
from programmes.forms.rollout import DateInput
from programmes.models import Letter
from programmes.services.letter_life import terms_of

TITLE_HELP = "L’encadrement le lira : rien sur la santé."


class TermsForm(forms.Form):
    """What the référent fills in."""

    mission_title = forms.CharField(
        label="Intitulé neutre de la mission",
        max_length=120,
        initial=letter_text.PROPOSED_TITLE,
        help_text=f"{TITLE_HELP} L’agent pourra le changer.",
    )
    missions = forms.MultipleChoiceField(label="Missions confiées", widget=forms.CheckboxSelectMultiple)
    hours_month = forms.DecimalField(
        label="Heures par mois",
        min_value=Decimal("0.5"),
        max_value=10,
        decimal_places=1,
        initial=4,
        help_text="Sur le temps de travail, hors formation. Dix heures au plus.",
        widget=forms.NumberInput(attrs={"step": "0.5"}),
    )
    absence_days = forms.IntegerField(
        label="Jours d’absence pour la formation et la supervision", min_value=0, max_value=30, initial=3
    )
    starts = forms.DateField(label="Prend effet le", widget=DateInput)
    ends = forms.DateField(label="Prend fin le", widget=DateInput, help_text="Douze mois au plus.")

    organisation = forms.CharField(
        label="Organisme extérieur, pour une personne qui n’est pas agent de l’employeur",
        max_length=160,
        required=False,
        initial="",
        help_text="Laissez vide pour un agent. Sinon c’est une convention : pas de visa de temps, l’organisme signe.",
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["missions"].choices = letter_text.missions()

    @staticmethod
    def initial_of(terms: dict) -> dict:
        """Fields from what the service takes."""
        return {**terms, "hours_month": Decimal(terms["minutes_month"]) / 60}

    @property
    def terms(self) -> dict:
        """What the service takes."""
        values = dict(self.cleaned_data)
        values.pop("seen", None)
        values["minutes_month"] = int(values.pop("hours_month") * 60)
        return values


class ChangeTermsForm(VersionMixin, TermsForm):
    """The same for a letter not sent yet."""

    @staticmethod
    def initial_of(letter: Letter) -> dict:
        return {"seen": letter.version, **TermsForm.initial_of(terms_of(letter))}


class TitleForm(VersionMixin):
    """The agent's own words."""

    title = forms.CharField(label="Intitulé de ma mission", max_length=120, help_text=TITLE_HELP)


class TimeForm(forms.Form):
    """Who gives the time. Why is never asked."""

    visa_by = forms.ChoiceField(
        label="Qui donne le temps ?",
        choices=[(value, label[:1].upper() + label[1:]) for value, label in VisaBy.choices],
        widget=forms.RadioSelect,
        initial=VisaBy.MANAGER,
        help_text="Vous choisissez. Aucune raison n’est demandée.",
    )
    address = forms.EmailField(
        label="Adresse professionnelle de cette personne",
        required=False,
        help_text="Elle reçoit un lien vers la page « temps de mission », rien d’autre. Laissez vide pour la DRH.",
    )


class AgreeForm(VersionMixin, TimeForm):
    """Yes to both pages."""

    visa_read = forms.BooleanField(
        label="J’ai lu la page que verra la personne qui donne le temps",
        error_messages={"required": "Cochez cette case après avoir lu la page."},
    )
    letter_read = forms.BooleanField(
        label="J’ai lu ma lettre de mission et je suis d’accord",
        error_messages={"required": "Cochez cette case après avoir lu la lettre."},
    )

    @property
    def given(self) -> dict:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in ("seen", "visa_by", "address")}


class AgreeConventionForm(VersionMixin):
    """Yes to a convention: nobody gives time."""

    letter_read = forms.BooleanField(
        label="J’ai lu la convention et je suis d’accord",
        error_messages={"required": "Cochez cette case après avoir lu la convention."},
    )

    @property
    def given(self) -> dict:
        return {"seen": self.cleaned_data["seen"], "visa_by": VisaBy.HR}


def agree_form(letter: Letter) -> type[forms.Form]:
    return AgreeConventionForm if letter.kind == LetterKind.CONVENTION else AgreeForm


class EndForm(forms.Form):
    """From which day. Why is never asked."""

    on = forms.DateField(
        label="Dernier jour de ma mission",
        widget=DateInput,
        help_text="Quinze jours sont proposés, pour préparer la suite. Vous pouvez choisir plus tôt.",
    )


class ScanForm(forms.Form):
    """A paper signed by hand, scanned."""

    file = forms.FileField(
        label="Document signé",
        help_text="PDF, PNG ou JPEG, 5 Mo au plus. Il est chiffré.",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
