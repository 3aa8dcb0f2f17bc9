"""Form of a shared programme: an employer that the portal knows, and since when."""

from django import forms

from portal import clock
from portal.errors import DomainError
from portal.models import Employer
from programmes.forms.rollout import DateInput
from programmes.models import Programme
from programmes.services import partners


class PartnerForm(forms.Form):
    """The name is typed: the list of employers of the portal is shown to nobody."""

    employer = forms.CharField(
        label="Nom de l’employeur",
        max_length=160,
        help_text="Son nom exact, ou son adresse courte dans le portail : demandez-les à votre contact chez cet employeur. "
        "Si le portail ne le connaît pas, adressez-vous à l’administration technique.",
    )
    joined = forms.DateField(label="Partenaire depuis le", widget=DateInput)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.programme = programme
        self.fields["joined"].initial = clock.today(programme.time_zone)

    def clean_employer(self) -> Employer:
        try:
            return partners.named(self.programme, self.cleaned_data["employer"])
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error
