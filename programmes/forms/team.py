"""Forms of the team: roles, absence, seats, contacts."""

from django import forms

from portal.forms.base import VersionMixin
from programmes.enums import Body, ContactKind, Function, ProgrammeRoleKind
from programmes.forms.rollout import DateInput
from programmes.models import Contact

EMAIL_HELP = "Celle de son compte, chez votre employeur ou chez un employeur partenaire."
HR_KNOWN = "Cette personne travaille aussi aux RH : les agents le liront avant de s’inscrire"


def capitalised(choices: type) -> list[tuple[str, str]]:
    return [(value, label[:1].upper() + label[1:]) for value, label in choices.choices]


class RoleForm(forms.Form):
    """A role for somebody named by their address."""

    role = forms.ChoiceField(label="Rôle", choices=capitalised(ProgrammeRoleKind), initial=ProgrammeRoleKind.DEPUTY)
    email = forms.EmailField(label="Adresse professionnelle", help_text=EMAIL_HELP)
    starts = forms.DateField(
        label="À partir du", widget=DateInput, required=False, help_text="Facultatif : sans date, dès aujourd’hui."
    )
    hr_known = forms.BooleanField(
        label=HR_KNOWN, required=False, help_text="Seulement pour un·e référent·e ou un·e suppléant·e des RH."
    )


class EndRoleForm(forms.Form):
    last_day = forms.DateField(
        label="Dernier jour", widget=DateInput, help_text="Avec la date d’hier, l’accès se ferme tout de suite."
    )


class AbsenceForm(forms.Form):
    """Two days. Why is never asked."""

    starts = forms.DateField(label="Premier jour", widget=DateInput)
    ends = forms.DateField(label="Dernier jour", widget=DateInput)


class SeatForm(forms.Form):
    body = forms.ChoiceField(label="Instance", choices=capitalised(Body))
    function = forms.ChoiceField(label="Au titre de", choices=capitalised(Function), initial=Function.PARTICIPANTS)
    name = forms.CharField(
        label="Nom", max_length=120, required=False, help_text="Facultatif, et seulement avec l’accord de la personne."
    )
    name_agreed = forms.BooleanField(label="Cette personne est d’accord pour que son nom soit affiché", required=False)


class ContactForm(forms.Form):
    """A service to call: agents see it on their pages."""

    kind = forms.ChoiceField(label="Qui", choices=capitalised(ContactKind))
    name = forms.CharField(label="Service ou nom", max_length=120)
    phone = forms.CharField(label="Téléphone", max_length=40, required=False, help_text="Un téléphone ou une adresse.")
    email = forms.EmailField(label="Adresse électronique", required=False)
    hours = forms.CharField(label="Quand appeler", max_length=120, required=False, help_text="Facultatif.")


class ChangeContactForm(VersionMixin, ContactForm):
    """The same for a contact already there."""

    @staticmethod
    def initial_of(contact: Contact) -> dict:
        fields = ("kind", "name", "phone", "email", "hours")
        return {"seen": contact.version, **{name: getattr(contact, name) for name in fields}}
