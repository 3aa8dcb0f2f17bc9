"""Announcing an intervision: a day, an hour, a way. No text."""

import datetime as dt

from django import forms

from portal import clock
from portal.forms.base import ReceiptMixin
from programmes.enums import Channel
from programmes.forms.rollout import DateInput


class IntervisionForm(ReceiptMixin):
    day = forms.DateField(label="Quel jour ?", widget=DateInput)
    hour = forms.TimeField(label="À quelle heure ?", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    channel = forms.ChoiceField(label="Comment ?", choices=Channel.capitalised(), widget=forms.RadioSelect)

    def values(self, time_zone: str) -> dict:
        data = self.cleaned_data
        starts = dt.datetime.combine(data["day"], data["hour"], tzinfo=clock.ZoneInfo(time_zone))
        return {"starts": starts, "channel": data["channel"], "receipt": data["receipt"]}
