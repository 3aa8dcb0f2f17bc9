"""Form of a shared programme: an employer that the portal knows, and since when."""

from django import forms

from portal import clock
from portal.models import Employer
from programmes.forms.rollout import DateInput
from programmes.models import Programme
from programmes.services import partners


class PartnerForm(forms.Form):
    """Names of employers only."""

    employer = forms.ModelChoiceField(
        label="Employeur",
        queryset=Employer.objects.none(),
        to_field_name="slug",
        empty_label="Choisissez un employeur",
        help_text="Les employeurs que le portail connaît. Pour en ajouter un, adressez-vous à l’administration technique.",
    )
    joined = forms.DateField(label="Partenaire depuis le", widget=DateInput)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"].queryset = partners.may_join(programme)
        self.fields["joined"].initial = clock.today(programme.time_zone)
