"""What worries: a code of a closed list. No text box, nobody's name."""

import datetime as dt

from django import forms

from pairing.enums import ALERT_CODES, RelayCode
from portal import clock
from portal.forms.base import ReceiptMixin
from programmes.forms.rollout import DateInput
from programmes.forms.settings import capitalised

RELAYS = capitalised(RelayCode.choices)


class WorryForm(ReceiptMixin):
    """Levels 2 and 3."""

    def __init__(self, *args, level: int, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = forms.ChoiceField(
            label="Qu’est-ce qui vous inquiète ?",
            choices=capitalised((code.value, code.label) for code in ALERT_CODES[level]),
            widget=forms.RadioSelect,
            help_text="Ne dites pas de qui il s’agit : vous le direz de vive voix.",
        )


class TraceForm(WorryForm):
    """Level 4, afterwards and only if the sender wants: when, and who was called."""

    day = forms.DateField(label="Quel jour ?", widget=DateInput, required=False, help_text="Facultatif.")
    hour = forms.TimeField(
        label="Vers quelle heure ?",
        required=False,
        help_text="Facultatif.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    relay_code = forms.ChoiceField(
        label="Qui a été appelé ?", choices=[("", "Je ne le dis pas"), *RELAYS], required=False, help_text="Facultatif."
    )

    def __init__(self, *args, time_zone: str, **kwargs) -> None:
        super().__init__(*args, level=4, **kwargs)
        self.zone = clock.ZoneInfo(time_zone)
        self.order_fields(["code", "day", "hour", "relay_code"])

    def clean(self) -> dict:
        data = super().clean()
        day, hour = data.pop("day", None), data.pop("hour", None)
        if hour and not day:
            self.add_error("day", "Donnez aussi le jour.")
        data["occurred_at"] = dt.datetime.combine(day, hour or dt.time(12), tzinfo=self.zone) if day else None
        return data


class RelayForm(forms.Form):
    """Who took over."""

    relay_code = forms.ChoiceField(label="Qui a pris le relais ?", choices=RELAYS, widget=forms.RadioSelect)
