"""Forms of the open community, of groups and of dated collective times."""

import datetime as dt

from django import forms

from portal import clock
from portal.forms.base import VersionMixin
from programmes.enums import GatheringKind
from programmes.forms.rollout import DateInput
from programmes.models import Gathering, Programme

GATHERING = ("kind", "title", "minutes", "place", "seats", "asks")


class RulesForm(forms.Form):
    """The only thing asked of whoever enters."""

    rules_read = forms.BooleanField(label="J’ai lu ces règles, et je peux partir quand je veux")


class GatheringForm(forms.Form):
    """A date, a place, a neutral title."""

    kind = forms.ChoiceField(
        label="Nature", choices=[(value, label.capitalize()) for value, label in GatheringKind.choices]
    )
    title = forms.CharField(
        label="Titre",
        max_length=80,
        help_text="Neutre : il se lit dans un agenda. Par exemple « Bien travailler à distance ».",
    )
    day = forms.DateField(label="Jour", widget=DateInput)
    hour = forms.TimeField(label="Heure", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label="Durée en minutes", min_value=15, max_value=480, initial=90)
    place = forms.CharField(
        label="Lieu ou lien", max_length=160, help_text="Une salle, ou l’adresse de la visioconférence."
    )
    seats = forms.IntegerField(
        label="Nombre de places",
        min_value=1,
        max_value=5000,
        required=False,
        help_text="Facultatif. Vide : les places ne sont pas comptées.",
    )
    asks = forms.BooleanField(
        label="Demander ensuite leur avis aux personnes inscrites",
        required=False,
        help_text="Quatre questions sans nom, envoyées quand vous notez combien de personnes sont venues. Il faut au moins "
        "7 personnes inscrites et 7 personnes venues. Chacun le lit avant de s’inscrire.",
    )

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.zone = clock.ZoneInfo(programme.time_zone)

    @property
    def values(self) -> dict:
        """What the service takes: the hour is the lead employer's."""
        given = self.cleaned_data
        moment = dt.datetime.combine(given["day"], given["hour"], tzinfo=self.zone)
        return {name: given[name] for name in GATHERING} | {"starts_at": moment}


class ChangeGatheringForm(VersionMixin, GatheringForm):
    """The same, later."""

    @staticmethod
    def initial_of(row: Gathering) -> dict:
        moment = row.starts_at.astimezone(clock.ZoneInfo(row.programme.time_zone))
        known = {name: getattr(row, name) for name in GATHERING}
        return known | {"day": moment.date(), "hour": moment.time(), "seen": row.version}


class AttendedForm(VersionMixin):
    """A number, no name."""

    attended = forms.IntegerField(label="Combien de personnes sont venues ?", min_value=0, max_value=100_000)
