"""One's own time of a month: two numbers, no subject."""

import datetime as dt

from django import forms

from portal.dates import month_in_words


class HoursForm(forms.Form):
    month = forms.ChoiceField(label="Quel mois ?")
    hours = forms.IntegerField(label="Heures", min_value=0, max_value=200, initial=0)
    rest = forms.IntegerField(label="Et minutes", min_value=0, max_value=59, initial=0, required=False)

    def __init__(self, *args, months: list[dt.date], **kwargs) -> None:
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["month"].choices = [(one.isoformat(), month_in_words(one).capitalize()) for one in months]

    @property
    def values(self) -> dict:
        data = self.cleaned_data
        minutes = data["hours"] * 60 + (data["rest"] or 0)
        return {"month": dt.date.fromisoformat(data["month"]), "minutes": minutes}
