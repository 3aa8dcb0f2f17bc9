"""Forms of supervision: closed questions only."""

import datetime as dt

from django import forms

from pairing.enums import SupervisionKind, SupervisionTheme
from pairing.models import SupervisionSession, SupervisorEngagement
from portal import clock
from portal.models import Person
from programmes.enums import Presence, ProgrammeRoleKind
from programmes.forms.attendance import ANSWERS
from programmes.forms.rollout import DateInput
from programmes.models import Participation, Programme

DATES = 6


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Person) -> str:
        return obj.short_name


class EngageForm(forms.Form):
    """Somebody of the portal, or a name and an address outside."""

    person = PersonChoice(
        label="Une personne du portail",
        queryset=Person.objects.none(),
        required=False,
        empty_label="Une personne extérieure",
        help_text="Les personnes qui ont le rôle de superviseur·e dans ce programme.",
    )
    name = forms.CharField(
        label="Ou nom d’une personne extérieure", max_length=80, required=False, help_text="Par exemple « Pascale V. »."
    )
    address = forms.EmailField(
        label="Son adresse électronique",
        required=False,
        help_text="Pour lui envoyer un lien par séance, sans compte. Elle est chiffrée.",
    )
    confidentiality_on = forms.DateField(label="Engagement de confidentialité signé le", widget=DateInput)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        held = programme.roles.on(clock.today(programme.time_zone)).filter(role=ProgrammeRoleKind.SUPERVISOR)
        self.fields["person"].queryset = Person.objects.filter(pk__in=held.values("person"))


class PlanForm(forms.Form):
    """Up to six dates at once, same hour, length and place."""

    engagement = forms.ModelChoiceField(
        label="Superviseur·e", queryset=SupervisorEngagement.objects.none(), empty_label=None
    )
    hour = forms.TimeField(label="Heure", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label="Durée en minutes", min_value=15, max_value=480, initial=120)
    place = forms.CharField(label="Lieu", max_length=120, required=False, help_text="Facultatif. Un lieu neutre.")

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.zone = clock.ZoneInfo(programme.time_zone)
        self.fields["engagement"].queryset = programme.supervisors.filter(ended_on__isnull=True)
        for number in range(1, DATES + 1):
            label = "Première date" if number == 1 else f"Date {number}"
            self.fields[f"date_{number}"] = forms.DateField(label=label, widget=DateInput, required=number == 1)

    @property
    def starts(self) -> list[dt.datetime]:
        """The dates given, at the hour given, as lived where the programme is."""
        days = [self.cleaned_data.get(f"date_{number}") for number in range(1, DATES + 1)]
        return [dt.datetime.combine(day, self.cleaned_data["hour"], tzinfo=self.zone) for day in days if day]


class SheetForm(forms.Form):
    """Present or excused, and the themes of the group; no text anywhere."""

    def __init__(self, *args, session: SupervisionSession, expected: list[Participation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        known = dict(session.attendances.values_list("participation_id", "presence"))
        self.expected = {f"p{number}": row for number, row in enumerate(expected, 1)}
        for name, row in self.expected.items():
            noted = known.get(row.pk)
            self.fields[name] = forms.ChoiceField(
                label=row.person.short_name,
                choices=ANSWERS,
                widget=forms.RadioSelect,
                initial=noted if noted != Presence.EXPECTED else None,
            )
        if session.kind == SupervisionKind.GROUP:
            self.fields["themes"] = forms.MultipleChoiceField(
                label="Thèmes du groupe",
                choices=[(value, label.capitalize()) for value, label in SupervisionTheme.choices],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                initial=session.themes,
                help_text="Facultatif. Ce dont le groupe a parlé, jamais de qui.",
            )

    @property
    def sheet(self) -> dict:
        """What the service takes."""
        presences = {row: self.cleaned_data[name] for name, row in self.expected.items()}
        return {"presences": presences, "themes": self.cleaned_data.get("themes", [])}
