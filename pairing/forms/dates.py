"""Proposing dates: days and hours of the programme's time zone."""

import datetime as dt

from django import forms

from pairing.forms.frame import MINUTES
from pairing.services.dates import AT_MOST
from portal import clock
from programmes.enums import Channel
from programmes.forms.rollout import DateInput

ORDER = ("première", "deuxième", "troisième")
SKIPPED = "Cette heure n’existe pas ce jour-là : c’est la nuit du changement d’heure."


def instant(day: dt.date, hour: dt.time, time_zone: str) -> dt.datetime:
    """As lived in `time_zone`. Raises ValidationError for the hour that a change of clock skips."""
    value = dt.datetime.combine(day, hour, tzinfo=clock.ZoneInfo(time_zone))
    if value.astimezone(dt.UTC).astimezone(value.tzinfo).time() != hour:
        raise forms.ValidationError(SKIPPED)
    return value.astimezone(dt.UTC)


class DatesForm(forms.Form):
    """One to three dates, how long, how."""

    minutes = forms.TypedChoiceField(label="Durée prévue", choices=MINUTES, coerce=int, initial=60)
    channel = forms.ChoiceField(label="Comment", choices=Channel.capitalised())

    def __init__(self, *args, time_zone: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.zone, names = time_zone, []
        for number in range(1, AT_MOST + 1):
            required = number == 1
            hint = "" if required else "Facultatif."
            self.fields[f"day_{number}"] = forms.DateField(
                label=f"{ORDER[number - 1].capitalize()} date", widget=DateInput, required=required, help_text=hint
            )
            self.fields[f"hour_{number}"] = forms.TimeField(
                label=f"Heure de la {ORDER[number - 1]} date",
                widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                required=required,
            )
            names += [f"day_{number}", f"hour_{number}"]
        self.order_fields([*names, "minutes", "channel"])

    def clean(self) -> dict:
        data = super().clean()
        data["dates"] = []
        for number in range(1, AT_MOST + 1):
            day, hour = data.get(f"day_{number}"), data.get(f"hour_{number}")
            if day and hour is not None:
                try:
                    data["dates"].append(instant(day, hour, self.zone))
                except forms.ValidationError as error:
                    self.add_error(f"hour_{number}", error)
            elif number > 1 and (day or hour is not None):
                missing = "hour" if day else "day"
                if f"{missing}_{number}" not in self.errors:
                    self.add_error(f"{missing}_{number}", "Donnez le jour et l’heure, ou laissez les deux vides.")
        return data

    @property
    def proposed(self) -> dict:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in ("dates", "minutes", "channel")}
