"""The opening meeting, as whoever follows the pair plans it."""

from django import forms

from pairing.enums import OpeningWay
from pairing.forms.dates import instant
from pairing.forms.frame import MINUTES
from portal.forms.base import VersionMixin
from programmes.enums import Channel
from programmes.forms.rollout import DateInput


class OpeningForm(VersionMixin):
    way = forms.ChoiceField(label="Qui est là ?", choices=OpeningWay.choices, widget=forms.RadioSelect)
    day = forms.DateField(
        label="Jour",
        widget=DateInput,
        required=False,
        help_text="Facultatif : convenez-en d’abord avec les deux personnes. À deux, laissez vide.",
    )
    hour = forms.TimeField(
        label="Heure", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), required=False
    )
    minutes = forms.TypedChoiceField(label="Durée prévue", choices=MINUTES, coerce=int, initial=60)
    channel = forms.ChoiceField(label="Comment", choices=Channel.capitalised())

    def __init__(self, *args, time_zone: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.zone = time_zone
        self.fields["way"].choices = [(value, label.capitalize()) for value, label in OpeningWay.choices]

    def clean(self) -> dict:
        data = super().clean()
        data["starts_at"] = None
        day, hour = data.get("day"), data.get("hour")
        if day and hour is not None:
            try:
                data["starts_at"] = instant(day, hour, self.zone)
            except forms.ValidationError as error:
                self.add_error("hour", error)
        elif (day or hour is not None) and not {"day", "hour"} & self.errors.keys():
            self.add_error("hour" if day else "day", "Donnez le jour et l’heure, ou laissez les deux vides.")
        return data

    @property
    def planned(self) -> dict:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in ("seen", "way", "starts_at", "minutes", "channel")}
