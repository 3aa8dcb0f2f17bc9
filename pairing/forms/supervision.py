"""Forms of supervision: closed questions only."""

import datetime as dt

from django import forms

from pairing.enums import COLLECTIVE_KINDS, UNLED_KINDS, SupervisionKind, SupervisionTheme
from pairing.models import SupervisionSession, SupervisionSetting, SupervisorEngagement
from pairing.services import needs
from pairing.services.supervision_frame import FIELDS, setting_of
from portal import clock, workdays
from portal.dates import day_in_words
from portal.forms.base import ReceiptMixin, VersionMixin
from portal.models import Person
from programmes.enums import Presence, ProgrammeRoleKind
from programmes.forms.attendance import ANSWERS
from programmes.forms.money import EuroField
from programmes.forms.rollout import DateInput
from programmes.models import Participation, Programme

DATES = 12
CLOSED = "ce n’est pas un jour travaillé, choisissez-en un autre"
KINDS = {
    SupervisionKind.GROUP: "Groupe, avec la personne qui supervise",
    SupervisionKind.INTERVISION: "Intervision, entre pairs-aidants, facultative",
    SupervisionKind.LOGISTIC: "Point logistique, avec le ou la référent·e",
}


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


class CadenceForm(forms.Form):
    """What, from when, how often, how many: read from the address, nothing is written."""

    kind = forms.ChoiceField(label="Quoi ?", widget=forms.RadioSelect)
    first = forms.DateField(label="Première date", widget=DateInput)
    weeks = forms.IntegerField(
        label="Toutes les combien de semaines ?",
        min_value=1,
        max_value=26,
        initial=6,
    )
    number = forms.IntegerField(label="Combien de dates ?", min_value=1, max_value=DATES, initial=6)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        led = programme.supervisors.filter(ended_on__isnull=True).exists()
        kinds = COLLECTIVE_KINDS if led else UNLED_KINDS
        usual = setting_of(programme)
        self.fields["weeks"].help_text = (
            f"Votre rythme : groupe {usual.group_weeks}, intervision {usual.intervision_weeks}, "
            f"point logistique {usual.logistic_weeks}."
        )
        self.fields["weeks"].initial = usual.group_weeks
        self.fields["kind"].choices = [(kind.value, KINDS[kind]) for kind in kinds]

    @property
    def days(self) -> list[dt.date]:
        """One date every so many weeks."""
        data = self.cleaned_data
        return [data["first"] + dt.timedelta(weeks=data["weeks"] * turn) for turn in range(data["number"])]


class PlanForm(ReceiptMixin):
    """The dates proposed, each to be kept, moved or emptied; same hour, length and place."""

    engagement = forms.ModelChoiceField(label="Qui anime ?", queryset=SupervisorEngagement.objects.none())
    hour = forms.TimeField(label="Heure", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label="Durée en minutes", min_value=15, max_value=480)
    place = forms.CharField(label="Lieu", max_length=120, required=False, help_text="Facultatif. Un lieu neutre.")

    def __init__(self, *args, programme: Programme, cadence: CadenceForm, **kwargs) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.zone, self.kind = clock.ZoneInfo(programme.time_zone), SupervisionKind(cadence.cleaned_data["kind"])
        self.fields["minutes"].initial = getattr(setting_of(programme), f"{self.kind.value}_minutes")
        engaged = programme.supervisors.filter(ended_on__isnull=True)
        self.fields["engagement"].queryset, self.fields["engagement"].initial = engaged, engaged.first()
        if self.kind in UNLED_KINDS:
            del self.fields["engagement"]
        self.dates = [f"date_{number}" for number in range(1, len(cadence.days) + 1)]
        for number, (name, day) in enumerate(zip(self.dates, cadence.days, strict=True), 1):
            said = (
                day_in_words(day).capitalize()
                if workdays.is_working(day)
                else f"{day_in_words(day).capitalize()} : {CLOSED}"
            )
            self.fields[name] = forms.DateField(
                label=f"Date {number}", widget=DateInput, initial=day, help_text=said, required=False
            )

    @property
    def planned(self) -> dict:
        """What the service takes: the dates kept, at the hour given, as lived where the programme is."""
        data = self.cleaned_data
        days = [data[name] for name in self.dates if data[name]]
        starts = [dt.datetime.combine(day, data["hour"], tzinfo=self.zone) for day in days]
        rest = {name: data.get(name) for name in ("engagement", "minutes", "place", "receipt")}
        return {"kind": self.kind, "starts": starts, **rest}


class SheetForm(forms.Form):
    """Present or excused; of a group, its themes and what it wishes to say. No text of an individual session."""

    need = forms.CharField(
        label="Besoin collectif à remonter",
        max_length=needs.LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Facultatif, à partir de {needs.LEAST} personnes présentes. Ce que le groupe souhaite dire à "
        "l’organisation : aucun nom, aucune situation. Lisez-le d’abord à voix haute, et ne l’écrivez pas si quelqu’un s’y "
        "oppose : une personne sans compte ne peut pas répondre ensuite. Les personnes présentes qui ont un compte le "
        "valident avant que le ou la référent·e le lise.",
    )

    def __init__(self, *args, session: SupervisionSession, expected: list[Participation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        need = self.fields.pop("need")
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
            self.fields["need"] = need
            written = needs.of_session(session)
            need.initial = written[0] if written else ""

    @property
    def sheet(self) -> dict:
        """What the service takes."""
        presences = {row: self.cleaned_data[name] for name, row in self.expected.items()}
        return {
            "presences": presences,
            "themes": self.cleaned_data.get("themes", []),
            "need": self.cleaned_data.get("need"),
        }


class SettingForm(VersionMixin):
    """The rhythm of a programme; the usual values are those of the method."""

    group_weeks = forms.IntegerField(
        label="Groupe : une séance toutes les combien de semaines ?", min_value=1, max_value=26
    )
    group_minutes = forms.IntegerField(label="Groupe : durée en minutes", min_value=15, max_value=480)
    intervision_weeks = forms.IntegerField(
        label="Intervision : toutes les combien de semaines ?", min_value=1, max_value=26
    )
    intervision_minutes = forms.IntegerField(label="Intervision : durée en minutes", min_value=15, max_value=480)
    logistic_weeks = forms.IntegerField(
        label="Point logistique : toutes les combien de semaines ?", min_value=1, max_value=26
    )
    logistic_minutes = forms.IntegerField(label="Point logistique : durée en minutes", min_value=15, max_value=480)
    helpers_each = forms.IntegerField(
        label="Pairs-aidants pour un·e superviseur·e, au plus",
        min_value=1,
        max_value=20,
        help_text="Un groupe réunit de quatre à huit personnes.",
    )
    without_days = forms.IntegerField(
        label="Au bout de combien de jours sans supervision le dire ?",
        min_value=28,
        max_value=365,
        help_text="La personne le lit d’abord, seule. Vous le lisez une semaine après.",
    )

    def __init__(self, *args, setting: SupervisionSetting, **kwargs) -> None:
        initial = {name: getattr(setting, name) for name in FIELDS} | {"seen": setting.version}
        super().__init__(*args, initial=initial, use_required_attribute=False, **kwargs)

    @property
    def values(self) -> dict:
        return {name: self.cleaned_data[name] for name in FIELDS}


class CostForm(forms.Form):
    """What a session cost: it becomes an expense of the programme."""

    cents = EuroField(label="Montant, en euros", help_text="Par exemple 420.")
    financed_cents = EuroField(label="Dont financé par le FIPHFP, en euros", required=False)
    piece = forms.CharField(
        label="Numéro de pièce",
        max_length=60,
        required=False,
        help_text="Celui de la facture ou du mandat. Aucun nom d’agent.",
    )
