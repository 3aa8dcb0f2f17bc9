"""One number for a month."""

import datetime as dt

from django import forms

from pairing.models import Pair
from pairing.models.monthly import MOST
from pairing.services import monthly
from portal.dates import month_in_words
from portal.models import Person


class MonthForm(forms.Form):
    """A month of the pair, and how many times."""

    month = forms.TypedChoiceField(label="Mois", coerce=dt.date.fromisoformat)
    number = forms.IntegerField(
        label="Combien de fois vous êtes-vous vus ?",
        min_value=0,
        max_value=MOST,
        help_text="Toutes vos rencontres de ce mois, même celles déjà notées une à une. Zéro se note aussi.",
    )

    def __init__(self, *args, pair: Pair, back: int = monthly.OWN_MONTHS, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = [
            (month.isoformat(), month_in_words(month).capitalize()) for month in monthly.months_of(pair, back)
        ]


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Person) -> str:
        return obj.short_name


class PaperForm(MonthForm):
    """The same from a sheet of paper, for a member without an account."""

    person = PersonChoice(label="Relevé remis par", queryset=Person.objects.none(), empty_label=None)

    def __init__(self, *args, pair: Pair, **kwargs) -> None:
        super().__init__(*args, pair=pair, back=monthly.PAPER_MONTHS, **kwargs)
        people = [person.pk for person in monthly.on_paper(pair)]
        self.fields["person"].queryset = Person.objects.filter(pk__in=people).order_by("sort_key", "pk")
        self.fields["number"].label = "Nombre de rencontres sur le relevé"
        self.fields["number"].help_text = "Comptez les lignes remplies. Ni les dates ni les durées ne se recopient."
        self.order_fields(["person", "month", "number"])
