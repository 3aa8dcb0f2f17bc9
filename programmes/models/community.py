"""Open community and groups: who is a member. Dated collective times: who registered, how many came."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from portal import clock
from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.enums import OPEN_DOORS, Form, GatheringKind, SessionState
from programmes.models.rollout import Programme


class Membership(Referenced):
    """Somebody entered an open form of support after reading its rules; they leave when they want.

    The employer is not kept, on purpose: no list and no figure by employer can be made. `person` becomes null at erasure
    and six months after leaving; coming back sooner opens the same row again.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="groups")
    form = models.CharField("forme", max_length=12, choices=[(form, form.label) for form in OPEN_DOORS])
    rules = models.PositiveSmallIntegerField("version des règles lues")
    joined_at = models.DateTimeField("membre depuis", default=clock.now)
    left_on = models.DateField("parti·e le", null=True, blank=True)

    class Meta:
        verbose_name = "membre"
        ordering = ["joined_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person", "form"],
                name="one_membership_per_form",
                violation_error_message="Vous en êtes déjà membre.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()} {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:membership", args=[self.ref])

    @property
    def form_label(self) -> str:
        return Form(self.form).label


class Gathering(Referenced, Versioned):
    """A workshop, a welcome session, a webinar, a codevelopment session. Attendance is a number, never a list.

    `taken` counts the registrations while they exist: the last seat is taken once.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="gatherings")
    kind = models.CharField("nature", max_length=10, choices=GatheringKind)
    title = models.CharField("titre", max_length=80)
    starts_at = models.DateTimeField("commence le")
    minutes = models.PositiveSmallIntegerField(
        "durée en minutes", validators=[MinValueValidator(15), MaxValueValidator(480)]
    )
    place = models.CharField("lieu ou lien", max_length=160)
    seats = models.PositiveSmallIntegerField("places", null=True, blank=True)
    taken = models.PositiveSmallIntegerField("places prises", default=0, editable=False)
    state = models.CharField("état", max_length=10, choices=SessionState, default=SessionState.PLANNED)
    attended = models.PositiveIntegerField("personnes venues", null=True, blank=True)
    asks = models.BooleanField("avis demandé ensuite aux personnes inscrites", default=False)

    class Meta:
        verbose_name = "temps collectif"
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(seats__isnull=True) | Q(taken__lte=F("seats")),
                name="no_more_registrations_than_seats",
                violation_error_message="Il n’y a plus de place.",
            ),
            models.CheckConstraint(
                condition=Q(state=SessionState.HELD, attended__isnull=False)
                | (~Q(state=SessionState.HELD) & Q(attended__isnull=True)),
                name="held_gathering_is_counted",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def full(self) -> bool:
        return self.seats is not None and self.taken >= self.seats


class Registration(models.Model):
    """Somebody means to come. Nobody but them reads it; it goes when the number is typed, once HELD hooks have seen it."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="registrations")
    person = models.ForeignKey(Person, models.CASCADE, related_name="registrations")
    at = models.DateTimeField("inscrit·e le", default=clock.now)

    class Meta:
        verbose_name = "inscription à un temps collectif"
        constraints = [models.UniqueConstraint(fields=["gathering", "person"], name="registered_once")]

    def __str__(self) -> str:
        return str(self.gathering_id)
