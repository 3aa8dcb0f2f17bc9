"""Rounds of secret wishes: after a dating session, or on presentations that people chose to publish.

A wish is read by nobody. `choices` always has the same length, whether somebody wrote three names or none, so that
without the key a row does not even say that its owner answered; it is emptied when the round closes.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from pairing.enums import RoundState, RunMode, SeatAnswer
from portal import clock
from portal.crypto import SealedField
from portal.models.base import Referenced, Versioned
from programmes.enums import Channel, Form
from programmes.models import Cycle, Participation, Programme

WISHES = 3
MINUTES = (5, 20)


class WishRound(Referenced, Versioned):
    """`wishes_until` is the last day of the wishes. A dating session also has a moment, rounds and a place."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="wish_rounds")
    cycle = models.ForeignKey(Cycle, models.SET_NULL, null=True, blank=True, related_name="+")
    form = models.CharField("forme", max_length=12, choices=Form)
    way = models.CharField("façon de faire", max_length=14, choices=RunMode)
    state = models.CharField("état", max_length=10, choices=RoundState, default=RoundState.PLANNED)
    wishes_until = models.DateField("vœux jusqu’au")
    starts_at = models.DateTimeField("commence le", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField("minutes par tour", null=True, blank=True)
    at_most = models.PositiveSmallIntegerField("tours au plus", null=True, blank=True)
    channel = models.CharField("comment", max_length=12, choices=Channel, blank=True)
    place = models.CharField("lieu ou lien", max_length=120, blank=True)
    # Pairs of seats that some plan of this session did not make meet: none made later does.
    apart = models.JSONField("rencontres laissées de côté", default=list)
    created_at = models.DateTimeField("prévu le", default=clock.now)

    class Meta:
        verbose_name = "tour de vœux"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(form__in=[Form.PAIR, Form.RECIPROCAL]), name="wishes_pairs_or_peers"),
            models.CheckConstraint(
                condition=Q(way=RunMode.DATING, starts_at__isnull=False, minutes__isnull=False)
                & Q(minutes__gte=MINUTES[0], minutes__lte=MINUTES[1])
                | Q(way=RunMode.PRESENTATIONS, starts_at__isnull=True, minutes__isnull=True, place="", channel=""),
                name="dating_has_a_moment",
            ),
            models.UniqueConstraint(
                fields=["programme", "form"],
                condition=Q(way=RunMode.PRESENTATIONS, state=RoundState.PLANNED),
                name="one_open_round_on_presentations",
                violation_error_message="Des vœux sont déjà ouverts.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("pairing:wish_round", args=[self.programme.slug, self.ref])


class WishSeat(Referenced):
    """Somebody invited. `here`: in the room, by the plan made last; null: the plan goes by the answer.

    `card_hash`: of the code of a card, for somebody without an account. It never says whether the card was used.
    """

    round = models.ForeignKey(WishRound, models.CASCADE, related_name="seats")
    participation = models.ForeignKey(Participation, models.CASCADE, related_name="wish_seats")
    answer = models.CharField("réponse", max_length=14, choices=SeatAnswer, default=SeatAnswer.INVITED)
    here = models.BooleanField("présent·e", null=True)
    choices = SealedField("vœux")
    card_hash = models.CharField("code de la carte de vœux", max_length=64, null=True, unique=True, editable=False)

    class Meta:
        verbose_name = "place dans un tour de vœux"
        ordering = ["round", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "participation"], name="one_seat_in_a_round")]

    def __str__(self) -> str:
        return self.get_answer_display()


class Encounter(models.Model):
    """Two people at one table for one turn of a dating session."""

    round = models.ForeignKey(WishRound, models.CASCADE, related_name="encounters")
    turn = models.PositiveSmallIntegerField("tour")
    table = models.PositiveSmallIntegerField("table")
    one = models.ForeignKey(WishSeat, models.CASCADE, related_name="+")
    other = models.ForeignKey(WishSeat, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = "rencontre croisée"
        ordering = ["round", "turn", "table"]
        constraints = [
            models.UniqueConstraint(fields=["round", "turn", "table"], name="table_taken_once_a_turn"),
            models.UniqueConstraint(fields=["one", "turn"], name="one_at_one_table_a_turn"),
            models.UniqueConstraint(fields=["other", "turn"], name="other_at_one_table_a_turn"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="nobody_meets_oneself"),
        ]

    def __str__(self) -> str:
        return f"tour {self.turn}, table {self.table}"
