"""Runs of the matching and what they propose. Staged: only the référent sees them, and a human publishes or discards.

`input` is what the computation read, whole, so that it can be run again (« rejouer »): sealed, and purged after a delay.
Its salt differs at each run, so that nothing follows from two equal or different hashes. Nothing here says which rule
keeps two people apart (decision 15).
"""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from pairing.enums import CandidateOrigin, CandidateState, Part, RunMode, RunState, SearchAnswer
from pairing.models.pairs import Pair
from portal import clock
from portal.crypto import SealedField
from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.enums import Form
from programmes.models import Cycle, Participation, Programme


class CriterionWeight(models.Model):
    """How much a criterion counts in a programme; public. Without a row, the default of the list."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="criterion_weights")
    code = models.CharField("critère", max_length=20)
    weight = models.PositiveSmallIntegerField("poids")

    class Meta:
        verbose_name = "poids d’un critère"
        ordering = ["programme", "code"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="criterion_weighed_once"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="weight_zero_to_hundred"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.weight}"


class Run(Referenced, Versioned):
    """One computation over those who wait and the free places of a programme, at one moment."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="runs")
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, blank=True, related_name="+")
    form = models.CharField("forme", max_length=12, choices=Form, default=Form.PAIR)
    mode = models.CharField("façon de faire", max_length=14, choices=RunMode)
    state = models.CharField("état", max_length=10, choices=RunState, default=RunState.COMPUTING)
    # The one person this run looks for somebody for, after an end or a lapse; null: everybody who waits.
    about = models.ForeignKey(Participation, models.CASCADE, null=True, blank=True, related_name="+")
    algorithm = models.CharField("version de la méthode", max_length=40, blank=True)
    seed = models.PositiveBigIntegerField("graine", default=0)
    input_sha256 = models.CharField("empreinte de l’entrée", max_length=64, blank=True)
    output_sha256 = models.CharField("empreinte du résultat", max_length=64, blank=True)
    input = SealedField("entrée du calcul")
    certificate = models.JSONField("détails techniques", default=dict)
    by = models.ForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField("lancé le", default=clock.now)
    decided_at = models.DateTimeField("publié ou écarté le", null=True, blank=True)
    replays = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replayed")

    class Meta:
        verbose_name = "rapprochement"
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(form__in=[Form.PAIR, Form.RECIPROCAL]), name="run_pairs_or_peers"),
            models.CheckConstraint(
                condition=Q(state__in=[RunState.PUBLISHED, RunState.DISCARDED], decided_at__isnull=False)
                | ~Q(state__in=[RunState.PUBLISHED, RunState.DISCARDED]) & Q(decided_at__isnull=True),
                name="decided_run_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[RunState.COMPUTING, RunState.FAILED])
                | ~Q(algorithm="") & ~Q(input_sha256="") & ~Q(output_sha256=""),
                name="computed_run_can_be_checked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("pairing:run", args=[self.programme.slug, self.ref])


class CandidateQuerySet(models.QuerySet):
    def with_people(self, *more: str) -> "CandidateQuerySet":
        """Their members with their people, joined: a thousand people prefetched by their keys are more than SQLite takes.

        `more`: what else to join from a member.
        """
        joined = CandidateMember.objects.select_related("participation__person", *more)
        return self.prefetch_related(models.Prefetch("members", joined))


class Candidate(Referenced):
    """People whom a run puts together. `parts`: why, criterion by criterion, in facts both gave for that."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="candidates")
    parts = models.JSONField("raisons", default=list)
    locked = models.BooleanField("gardé", default=False)
    origin = models.CharField("origine", max_length=6, choices=CandidateOrigin, default=CandidateOrigin.SOLVER)
    state = models.CharField("état", max_length=12, choices=CandidateState, default=CandidateState.STAGED)
    pair = models.OneToOneField(Pair, models.SET_NULL, null=True, blank=True, related_name="candidate")

    objects = CandidateQuerySet.as_manager()

    class Meta:
        verbose_name = "proposition en préparation"
        ordering = ["run", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(pair__isnull=True) | Q(state=CandidateState.PUBLISHED), name="pair_of_a_published_candidate"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.ref}"


class CandidateMember(models.Model):
    """One of the people of a candidate. `slot`: which of a helper’s places this run gives; others have one."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="seats")
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="members")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="candidacies")
    part = models.CharField("part", max_length=8, choices=Part)
    slot = models.PositiveSmallIntegerField("place", default=1)

    class Meta:
        verbose_name = "membre d’une proposition en préparation"
        ordering = ["candidate", "part", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "participation", "slot"], name="place_staged_once"),
            models.UniqueConstraint(fields=["candidate", "participation"], name="nobody_staged_with_oneself"),
            models.CheckConstraint(condition=Q(slot__gte=1) & Q(slot__lte=5), name="staged_slot_one_to_five"),
            models.CheckConstraint(condition=Q(part=Part.HELPER) | Q(slot=1), name="staged_helped_and_peer_once"),
        ]

    def __str__(self) -> str:
        return self.get_part_display()


class Unpaired(models.Model):
    """Somebody a run found nobody for: the true causes, as closed codes and counts, the most useful first."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="unpaired")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="+")
    causes = models.JSONField("causes", default=list)

    class Meta:
        verbose_name = "personne encore en attente"
        ordering = ["run", "pk"]
        constraints = [models.UniqueConstraint(fields=["run", "participation"], name="unpaired_once")]

    def __str__(self) -> str:
        return "en attente"


class SearchChoice(models.Model):
    """After an end, somebody is told kindly and asked: maintenant, plus tard, non. One question per end."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="+")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="search_choices")
    answer = models.CharField("réponse", max_length=5, choices=SearchAnswer, default=SearchAnswer.ASKED)
    asked_at = models.DateTimeField("demandé le", default=clock.now)
    answered_at = models.DateTimeField("répondu le", null=True, blank=True)

    class Meta:
        verbose_name = "choix après la fin d’un binôme"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pair", "participation"], name="asked_once_after_an_end"),
            models.CheckConstraint(
                condition=Q(answer=SearchAnswer.ASKED, answered_at__isnull=True)
                | ~Q(answer=SearchAnswer.ASKED) & Q(answered_at__isnull=False),
                name="search_answer_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.get_answer_display()
