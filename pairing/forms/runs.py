"""Forms of the bench."""

from django import forms
from django.db.models import Count, Q

from pairing.access import waiting_for_a_pair
from pairing.enums import RunMode
from pairing.forms.pairs import ParticipationChoice
from pairing.matching.problem import Criterion
from pairing.models import Run
from pairing.run_words import CRITERIA
from pairing.services.bench import COMPUTED_HERE, SIDES
from portal.dates import count_in_words, moment_in_words
from portal.forms.base import ReceiptMixin
from portal.models import Person
from programmes.enums import Form, ParticipationState, Side
from programmes.models import Cycle, Participation, Programme
from programmes.services.participation import sides_of

FORMS = {Form.PAIR: "Une personne accompagne l’autre", Form.RECIPROCAL: "Entre pairs, à égalité"}
MODES = {
    RunMode.CRITERIA: "Sur critères : l’ordre d’attente d’abord, puis les critères publics du programme",
    RunMode.RANDOM: "Au hasard, contrôlé : un tirage entre tous les rapprochements possibles",
}


class LaunchForm(ReceiptMixin):
    """Which form of support, which way, for which cycle."""

    form = forms.ChoiceField(label="Forme", widget=forms.RadioSelect)
    mode = forms.ChoiceField(
        label="Façon de faire",
        widget=forms.RadioSelect,
        choices=[(mode, MODES[mode]) for mode in COMPUTED_HERE],
        initial=RunMode.CRITERIA,
    )
    cycle = forms.ModelChoiceField(label="Cycle", queryset=Cycle.objects.none(), required=False)

    def __init__(self, *args, programme: Programme, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        sides = sides_of(programme)
        choices = [(form, label) for form, label in FORMS.items() if SIDES.get(form) in sides]
        self.fields["form"].choices = choices
        self.fields["form"].initial = choices[0][0] if choices else None
        if len(choices) == 1:
            self.fields["form"].widget = forms.HiddenInput()
        cycles = programme.cycles.all()
        self.fields["cycle"].queryset, self.fields["cycle"].initial = cycles, cycles.last()
        if cycles:
            self.fields["cycle"].required, self.fields["cycle"].empty_label = True, None
        else:
            del self.fields["cycle"]

    @property
    def possible(self) -> bool:
        return bool(self.fields["form"].choices)


class TogetherForm(forms.Form):
    """Two people (or three peers) put together by hand: whoever has a place may be chosen, whatever the rules say."""

    def __init__(self, *args, run: Run, viewer: Person, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.peers = run.form == Form.RECIPROCAL
        labels = ["Une personne", "Une autre personne"] if self.peers else ["Agent accompagné", "Pair-aidant·e"]
        sides = [Side.PEER, Side.PEER] if self.peers else [Side.HELPED, Side.HELPER]
        for name, label, side in zip(("one", "other"), labels, sides, strict=True):
            rows = people_of(run, side, viewer)
            self.fields[name] = ParticipationChoice(label=label, queryset=rows, empty_label="Choisir")
        if self.peers:
            rows = people_of(run, Side.PEER, viewer)
            self.fields["third"] = ParticipationChoice(
                label="Une troisième personne", queryset=rows, empty_label="Personne", required=False,
                help_text="Quand le nombre est impair, un trio est possible.",
            )  # fmt: skip
        else:
            self._offer_free_helpers()

    def _offer_free_helpers(self) -> None:
        """Those who have a place left once pairs and proposals are counted; the others are counted, and refused if sent."""
        field = self.fields["other"]
        rows = list(
            field.queryset.annotate(taken=Count("memberships", filter=Q(memberships__live=True), distinct=True))
        )
        free = [row for row in rows if row.taken < row.places]
        field.choices = [("", field.empty_label), *((row.pk, field.label_from_instance(row)) for row in free)]
        if full := len(rows) - len(free):
            hidden = count_in_words(full, "personne n’est pas proposée", "personnes ne sont pas proposées")
            field.help_text = (
                f"{hidden} ici, faute de place libre : leurs binômes et leurs propositions les prennent toutes."
            )

    @property
    def people(self) -> list[Participation]:
        names = [name for name in ("one", "other", "third") if self.cleaned_data.get(name)]
        return [self.cleaned_data[name] for name in names]


def people_of(run: Run, side: Side, viewer: Person):
    """Whom a hand move may choose: those who wait or are staged, and all helpers; never oneself."""
    rows = Participation.objects.filter(
        programme=run.programme, side=side, state=ParticipationState.ACCEPTED, person__isnull=False
    ).exclude(person=viewer)
    if side != Side.HELPER:
        waiting = waiting_for_a_pair(run.programme, side)
        rows = rows.filter(pk__in=[*waiting.values_list("pk", flat=True), *([run.about_id] if run.about_id else [])])
    return rows.select_related("person").order_by("person__sort_key", "pk")


class RunChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Run) -> str:
        name = f", pour {obj.about.person.short_name}" if obj.about and obj.about.person else ""
        return f"{moment_in_words(obj.at, obj.programme.time_zone)}{name}, {obj.get_mode_display()}"


class CompareForm(forms.Form):
    """Another run to put beside this one."""

    avec = RunChoice(label="Comparer avec", queryset=Run.objects.none(), to_field_name="ref", empty_label=None)

    def __init__(self, *args, runs, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["avec"].queryset = runs.select_related("programme", "about__person")


class WeightsForm(forms.Form):
    """One whole number for each criterion."""

    def __init__(self, *args, weights: dict[Criterion, int], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for criterion, weight in weights.items():
            label, looks_at = CRITERIA[criterion]
            self.fields[criterion.value] = forms.IntegerField(
                label=label,
                help_text=f"{looks_at[0].upper()}{looks_at[1:]}.",
                min_value=0,
                max_value=100,
                initial=weight,
            )

    @property
    def weights(self) -> dict[Criterion, int]:
        return {Criterion(code): weight for code, weight in self.cleaned_data.items()}
