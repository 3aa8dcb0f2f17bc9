"""« Mes données » : what the person corrects."""

from django import forms

from portal.forms.base import VersionMixin
from portal.models import Person


class IdentityForm(VersionMixin):
    given = forms.CharField(label="Prénom", max_length=80)
    family = forms.CharField(label="Nom", max_length=80)
    contact = forms.CharField(
        label="Comment vous joindre",
        max_length=200,
        required=False,
        help_text="Facultatif. Un numéro, une adresse, un moment. Gardé chiffré. Lu par la personne qui pilote, pour vous "
        "appeler si vous lui écrivez qu’une situation vous inquiète.",
    )
    notify_email = forms.EmailField(
        label="Adresse personnelle pour les messages",
        required=False,
        help_text="Facultatif. Vide, les messages vont à l’adresse de votre compte. Gardée chiffrée.",
    )

    @staticmethod
    def initial_of(person: Person) -> dict:
        return {
            "given": person.given,
            "family": person.family,
            "contact": person.contact.open(person.ref),
            "notify_email": person.notify_email.open(person.ref),
            "seen": person.version,
        }
