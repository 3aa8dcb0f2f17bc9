"""Forms of dating sessions and of secret wishes."""

import datetime as dt

from django import forms

from pairing.enums import SeatAnswer
from pairing.models import WishSeat
from pairing.models.wishes import MINUTES, WISHES
from pairing.services import dating
from portal import clock
from portal.forms.base import ReceiptMixin
from programmes.enums import Channel, Form
from programmes.forms.rollout import DateInput
from programmes.models import Participation, Programme

ORDER = ("Premier vœu", "Deuxième vœu", "Troisième vœu")


class PeopleChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Participation) -> str:
        part = "" if obj.side == "peer" else f", {obj.get_side_display()}"
        return f"{obj.person.short_name}{part}"


class DatingForm(ReceiptMixin):
    """When, where, how long, and who is invited."""

    invited = PeopleChoice(
        label="Qui est invité ?",
        queryset=Participation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Les personnes qui cherchent un binôme. Chacune répond librement, sans raison à donner.",
    )
    on = forms.DateField(label="Date", widget=DateInput)
    hour = forms.TimeField(label="Heure", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(
        label="Minutes par tour",
        min_value=MINUTES[0],
        max_value=MINUTES[1],
        initial=8,
        help_text="Huit minutes conviennent souvent. Le plan fait autant de tours qu’il en faut pour se croiser.",
    )
    at_most = forms.IntegerField(
        label="Tours au plus", min_value=2, max_value=40, required=False, help_text="Facultatif, si le temps manque."
    )
    channel = forms.ChoiceField(
        label="Comment", choices=[("", "Non précisé"), *Channel.capitalised()], required=False, help_text="Facultatif."
    )
    place = forms.CharField(
        label="Lieu ou lien",
        max_length=120,
        required=False,
        help_text="Facultatif. Un lieu neutre, accessible à tous, ou l’adresse de la visioconférence.",
    )
    wishes_until = forms.DateField(
        label="Vœux jusqu’au", widget=DateInput, help_text="Dans les deux semaines après la séance, ce jour compris."
    )

    def __init__(self, *args, programme: Programme, form: Form, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.zone = clock.ZoneInfo(programme.time_zone)
        people = dating.may_come(programme, form)
        rows = Participation.objects.filter(pk__in=[row.pk for row in people]).select_related("person")
        self.fields["invited"].queryset = rows.order_by("side", "person__sort_key", "pk")
        self.fields["invited"].initial = [row.pk for row in people]

    @property
    def plan(self) -> dict:
        """What the service takes."""
        data = dict(self.cleaned_data)
        data["starts_at"] = dt.datetime.combine(data.pop("on"), data.pop("hour"), tzinfo=self.zone)
        return data


class PresentationsForm(forms.Form):
    """Until when."""

    wishes_until = forms.DateField(
        label="Vœux jusqu’au", widget=DateInput, help_text="Entre 3 et 28 jours, ce jour compris."
    )


class SeatsChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: WishSeat) -> str:
        said = {SeatAnswer.COMING: "a dit « je viens »", SeatAnswer.NOT_THIS_TIME: "a dit « pas cette fois »"}
        return f"{obj.participation.person.short_name}, {said.get(obj.answer, 'n’a pas répondu')}"


class HereForm(forms.Form):
    """Who is in the room."""

    here = SeatsChoice(
        label="Qui est là ?",
        queryset=WishSeat.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Ce qui compte, c’est qui est là, pas ce qui a été répondu. On ne demande pas pourquoi.",
    )

    def __init__(self, *args, seats: list[WishSeat], there: list[WishSeat], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        rows = WishSeat.objects.filter(pk__in=[seat.pk for seat in seats])
        ordered = rows.order_by("participation__person__sort_key", "pk").select_related("participation__person")
        self.fields["here"].queryset = ordered
        self.fields["here"].initial = [seat.pk for seat in there]


class WishCodeForm(forms.Form):
    """The code of a card of wishes."""

    code = forms.CharField(
        label="Le code de votre carte de vœux",
        max_length=40,
        help_text="Trois groupes de quatre signes, par exemple ABCD-EFGH-2345. Les tirets et les majuscules sont "
        "facultatifs.",
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}),
    )


class WishesForm(forms.Form):
    """Up to three names, in order; an empty line is no wish."""

    def __init__(self, *args, options: list[Participation], mine: list[Participation], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.options = {str(row.ref): row for row in options}
        names = [("", "Pas de vœu"), *((ref, row.person.short_name) for ref, row in self.options.items())]
        for number, label in enumerate(ORDER[:WISHES]):
            chosen = str(mine[number].ref) if number < len(mine) else ""
            self.fields[f"wish_{number + 1}"] = forms.ChoiceField(
                label=label, choices=names, required=False, initial=chosen
            )

    @property
    def choices(self) -> list[Participation]:
        names = [name for name in self.fields if name.startswith("wish_")]
        return [self.options[ref] for name in names if (ref := self.cleaned_data[name])]


class CardWishesForm(WishesForm):
    """The same with a card: always empty to begin with, the code goes along in the page and nowhere else."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args, options: list[Participation], **kwargs) -> None:
        super().__init__(*args, options=options, mine=[], **kwargs)
