"""Forms of the handover."""

from django import forms

from portal.models import Person
from programmes.enums import ProgrammeRoleKind
from programmes.forms.rollout import DateInput
from programmes.forms.team import EMAIL_HELP, HR_KNOWN
from programmes.models import Handover, Programme
from programmes.services import handover, team

NOBODY, OTHER = "nobody", "other"


class HandoverForm(forms.Form):
    """Who comes, and from which day."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    who = forms.ChoiceField(label="Qui prend la suite ?", widget=forms.RadioSelect)
    email = forms.EmailField(
        label="Adresse professionnelle, pour une autre personne", required=False, help_text=EMAIL_HELP
    )
    on = forms.DateField(
        label="Commence le",
        widget=DateInput,
        help_text="Quinze jours plus tard au moins : les agents sont prévenus avant.",
    )
    hr_known = forms.BooleanField(label=HR_KNOWN, required=False)

    def __init__(self, *args, programme: Programme, leaver: Person, current: Handover | None = None, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        held, _ = team.roles_of(programme)
        colleagues = {row.person.pk: row for row in held if row.person != leaver and row.person.user_id}
        self.addresses = {str(row.person.ref): row.person.user.email for row in colleagues.values()}
        people = [
            (str(row.person.ref), f"{row.person.short_name}, {row.get_role_display()}") for row in colleagues.values()
        ]
        self.fields["who"].choices = [*people, (OTHER, "Une autre personne"), (NOBODY, "Pas encore de remplaçant·e")]
        deputy = next((row for row in colleagues.values() if row.role == ProgrammeRoleKind.DEPUTY), None)
        self.fields["who"].initial = str(deputy.person.ref) if deputy else OTHER
        self.fields["on"].initial = handover.earliest(programme)
        if current:
            self.fields["seen"].initial, self.fields["on"].initial = current.version, current.on
            self.fields["who"].initial = self._initial_of(current)

    def _initial_of(self, current: Handover) -> str:
        if current.successor is None:
            return NOBODY
        if str(current.successor.ref) not in self.addresses:
            self.fields["email"].initial = current.successor.user.email if current.successor.user_id else ""
            return OTHER
        return str(current.successor.ref)

    def clean(self) -> dict:
        values = super().clean()
        if values.get("who") == OTHER and not values.get("email") and "email" not in self.errors:
            self.add_error("email", "Donnez l’adresse de cette personne, ou choisissez « Pas encore de remplaçant·e ».")
        return values

    @property
    def terms(self) -> dict:
        """What the service takes."""
        who = self.cleaned_data["who"]
        email = {NOBODY: "", OTHER: self.cleaned_data["email"]}.get(who, self.addresses.get(who, ""))
        return {"on": self.cleaned_data["on"], "email": email, "hr_known": self.cleaned_data["hr_known"]}


class ChecklistForm(forms.Form):
    """The nine lines."""

    done = forms.MultipleChoiceField(
        label="Ce qui est fait", widget=forms.CheckboxSelectMultiple, required=False, choices=handover.lines
    )

    @property
    def total(self) -> int:
        return len(handover.lines())
