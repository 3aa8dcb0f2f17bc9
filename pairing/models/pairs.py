"""Pairs and their members (decision 29: members are rows, so trios and reciprocal pairs fit).

Gates are dated columns under a CHECK (decisions 9, 40): for each gate, the pair is not active, or the gate is not
needed, or it is dated. Which are needed depends on the form and on the origin alone, and the database says so too: a
pair or a reciprocal pair proposed in the portal needs all five, anything else none.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from pairing.enums import LIVE, BaselineHow, EndCode, PairState, Part
from portal import clock
from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.enums import Form, Origin
from programmes.models import Cycle, Participation, Programme

GATES = ("letter", "charter", "training", "supervisor", "baseline")
# What each form asks before the first meeting (field.md 3): « appui au retour » has no start survey.
GATES_OF = {Form.PAIR: GATES, Form.RECIPROCAL: GATES, Form.RETURN: GATES[:-1]}
GATED_FORMS = tuple(GATES_OF)


def needed_gates(form: str, origin: str) -> tuple[str, ...]:
    """The gates to clear before the first meeting (field.md 3, « Gates by form »)."""
    return GATES_OF.get(Form(form), ()) if origin == Origin.PORTAL else ()


def _needs(needed: tuple[str, ...]) -> Q:
    return Q(**{f"needs_{gate}": gate in needed for gate in GATES})


class PairQuerySet(models.QuerySet):
    def live(self) -> "PairQuerySet":
        return self.filter(state__in=LIVE)


class Pair(Referenced, Versioned):
    """Two (or three) participants put together. What they say is nowhere in the portal."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="pairs")
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, blank=True, related_name="pairs")
    form = models.CharField("forme", max_length=12, choices=Form, default=Form.PAIR)
    origin = models.CharField("origine", max_length=6, choices=Origin, default=Origin.PORTAL)
    referee = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="refereed_pairs")
    state = models.CharField("état", max_length=10, choices=PairState, default=PairState.PROPOSED)
    proposed_at = models.DateTimeField("proposé le", default=clock.now)
    answer_by = models.DateField("réponse souhaitée avant le", null=True, blank=True)
    more_time = models.PositiveSmallIntegerField("délais demandés", default=0)
    reminded_at = models.DateTimeField("rappel envoyé le", null=True, blank=True)
    late = models.BooleanField("délai passé sans réponse", default=False)
    all_yes_at = models.DateTimeField("accepté par tous le", null=True, blank=True)
    needs_letter = models.BooleanField(default=False)
    needs_charter = models.BooleanField(default=False)
    needs_training = models.BooleanField(default=False)
    needs_supervisor = models.BooleanField(default=False)
    needs_baseline = models.BooleanField(default=False)
    letter_ok_at = models.DateTimeField(null=True, blank=True)
    charter_ok_at = models.DateTimeField(null=True, blank=True)
    training_ok_at = models.DateTimeField(null=True, blank=True)
    supervisor_ok_at = models.DateTimeField(null=True, blank=True)
    baseline_ok_at = models.DateTimeField(null=True, blank=True)
    baseline_how = models.CharField("enquête de départ", max_length=16, choices=BaselineHow, blank=True)
    active_at = models.DateTimeField("en vie depuis", null=True, blank=True)
    first_met_on = models.DateField("première rencontre le", null=True, blank=True)
    last_met_on = models.DateField("dernière rencontre le", null=True, blank=True)
    # News without a meeting noted: « tout va bien », or a pair that starts again.
    alive_on = models.DateField("dernier signe de vie", null=True, blank=True)
    quiet_noted_on = models.DateField("mot sur l’absence de nouvelles envoyé le", null=True, blank=True)
    ended_on = models.DateField("terminé le", null=True, blank=True)
    declared_meetings = models.PositiveSmallIntegerField(
        "rencontres déclarées, avant le portail", null=True, blank=True
    )
    end_code = models.CharField("raison de la fin", max_length=12, choices=EndCode, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        verbose_name = "binôme"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[PairState.ACTIVE, PairState.PAUSED]) | Q(all_yes_at__isnull=False),
                name="active_pair_has_all_yes",
            ),
            models.CheckConstraint(
                condition=Q(state=PairState.ENDED, ended_on__isnull=False) & ~Q(end_code="")
                | ~Q(state=PairState.ENDED) & Q(ended_on__isnull=True, end_code=""),
                name="ended_pair_is_dated_and_coded",
            ),
            models.CheckConstraint(condition=Q(late=False) | Q(state=PairState.LAPSED), name="late_is_a_lapse"),
            models.CheckConstraint(
                condition=Q(declared_meetings__isnull=True) | Q(origin=Origin.BEFORE), name="only_the_past_is_declared"
            ),
            models.CheckConstraint(
                condition=Q(first_met_on__isnull=True) | Q(last_met_on__gte=F("first_met_on")), name="met_in_order"
            ),
            models.CheckConstraint(
                condition=Q(origin=Origin.PORTAL, form__in=[Form.PAIR, Form.RECIPROCAL]) & _needs(GATES)
                | Q(origin=Origin.PORTAL, form=Form.RETURN) & _needs(GATES_OF[Form.RETURN])
                | ~Q(origin=Origin.PORTAL, form__in=GATED_FORMS) & _needs(()),
                name="gates_follow_form_and_origin",
            ),
            models.CheckConstraint(
                condition=Q(baseline_ok_at__isnull=True, baseline_how="")
                | Q(baseline_ok_at__isnull=False) & ~Q(baseline_how=""),
                name="baseline_says_how",
            ),
            *(
                models.CheckConstraint(
                    condition=~Q(state=PairState.ACTIVE)
                    | Q(**{f"needs_{gate}": False})
                    | Q(**{f"{gate}_ok_at__isnull": False}),
                    name=f"active_pair_gate_{gate}",
                )
                for gate in GATES
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("pairing:pair", args=[self.ref])

    @property
    def shown(self) -> str:
        """Its state, as its members read it."""
        return PairState(self.state).for_members


class PairMember(models.Model):
    """One participant of a pair. `participation` and `person` become null when the link is dissolved or erased."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="members")
    participation = models.ForeignKey(Participation, models.SET_NULL, null=True, blank=True, related_name="memberships")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="memberships")
    part = models.CharField("part", max_length=8, choices=Part)
    slot = models.PositiveSmallIntegerField("place", default=1)
    yes_at = models.DateTimeField("a dit oui le", null=True, blank=True)
    live = models.BooleanField("occupe une place", default=True)

    class Meta:
        verbose_name = "membre d’un binôme"
        ordering = ["pair", "part", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "slot"],
                condition=Q(live=True),
                name="place_taken_once",
                violation_error_message="Cette place vient d’être prise.",
            ),
            models.UniqueConstraint(fields=["pair", "person"], name="nobody_with_oneself"),
            models.CheckConstraint(condition=Q(slot__gte=1) & Q(slot__lte=5), name="slot_one_to_five"),
            models.CheckConstraint(condition=Q(part=Part.HELPER) | Q(slot=1), name="helped_and_peer_have_one_slot"),
        ]

    def __str__(self) -> str:
        return self.get_part_display()
