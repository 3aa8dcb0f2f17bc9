"""Who takes part, on which side, and what they chose to say."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from portal import clock
from portal.crypto import SealedField
from portal.models import Employer, Person
from portal.models.base import Referenced, Versioned
from programmes.enums import (
    OPEN_PARTICIPATION,
    SLOTS,
    Channel,
    ExchangeNeed,
    Likeness,
    Lived,
    MeetingPlace,
    ParticipationState,
    Seniority,
    Side,
    WorkSetting,
)
from programmes.models.rollout import Programme, Theme
from programmes.models.sites import Site


class ParticipationQuerySet(models.QuerySet):
    def open(self) -> "ParticipationQuerySet":
        return self.filter(state__in=OPEN_PARTICIPATION)

    def looking(self) -> "ParticipationQuerySet":
        """Who waits for somebody; whoever helps may always be given somebody more."""
        return self.open().filter(Q(waiting_since__isnull=False) | Q(side=Side.HELPER))

    def presenting(self) -> "ParticipationQuerySet":
        """Who takes part and publishes a presentation, where the programme allows it."""
        published = self.filter(presentation_published=True, programme__wishes_on_presentations=True)
        return published.filter(state=ParticipationState.ACCEPTED, person__isnull=False)


class Participation(Referenced, Versioned):
    """One person on one side of one programme. `employer` is frozen at entry (shared programmes filter on it).

    `person` becomes null at erasure; nothing here says anything about health.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="participations")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="participations")
    side = models.CharField("côté", max_length=8, choices=Side)
    state = models.CharField("état", max_length=12, choices=ParticipationState, default=ParticipationState.RECEIVED)
    places = models.PositiveSmallIntegerField("places", default=1)
    themes = models.ManyToManyField(Theme, blank=True, related_name="+")
    channels = models.JSONField("canaux", default=list)
    slots = models.PositiveBigIntegerField("créneaux", default=0)
    variable_hours = models.BooleanField("horaires variables (roulement, nuit, terrain)", default=False)
    free_text = SealedField("ce que j’attends ou ce que je peux apporter")
    readers = models.JSONField("qui peut lire ce texte", default=list)
    setting = models.CharField("environnement de travail", max_length=10, choices=WorkSetting, blank=True)
    seniority = models.CharField("ancienneté", max_length=8, choices=Seniority, blank=True)
    lived = models.JSONField("vécu professionnel", default=list, blank=True)
    exchange_needs = models.JSONField("accessibilité des échanges", default=list, blank=True)
    likeness = models.CharField("préférence sur l’autre personne", max_length=10, choices=Likeness, blank=True)
    meeting_place = models.CharField("où se voir", max_length=10, choices=MeetingPlace, blank=True)
    sites = models.ManyToManyField(Site, blank=True, related_name="+", verbose_name="sites où se voir")
    any_site = models.BooleanField("n’importe quel site", default=False)
    travels = models.BooleanField("peut se déplacer (mission itinérante)", default=False)
    presentation = SealedField("ma présentation")
    presentation_published = models.BooleanField("présentation publiée", default=False)
    entered_by_ref = models.UUIDField("saisie par", null=True, editable=False)
    information_read_at = models.DateTimeField("information lue le")
    received_at = models.DateTimeField("reçue le", default=clock.now)
    waiting_since = models.DateTimeField("en attente depuis", null=True, blank=True)
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    ended_on = models.DateField("terminée le", null=True, blank=True)
    retention_anchor = models.DateField(null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = "participation"
        ordering = ["received_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "person", "side"],
                condition=Q(state__in=OPEN_PARTICIPATION),
                name="one_open_participation_per_side",
                violation_error_message="Vous participez déjà à ce programme de ce côté.",
            ),
            models.CheckConstraint(condition=Q(places__gte=0) & Q(places__lte=5), name="places_zero_to_five"),
            models.CheckConstraint(
                condition=~Q(state=ParticipationState.ACCEPTED) | Q(accepted_at__isnull=False),
                name="accepted_participation_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(presentation_published=False)
                | (Q(side__in=(Side.HELPER, Side.PEER)) & ~Q(presentation="")),
                name="published_presentation_of_helper_or_peer",
            ),
            models.CheckConstraint(condition=Q(travels=False) | Q(side=Side.HELPER), name="only_helpers_travel"),
        ]

    def __str__(self) -> str:
        return f"{self.get_side_display()} {self.ref}"

    def get_absolute_url(self) -> str:
        return reverse("programmes:participation", args=[self.programme.slug, self.ref])

    @property
    def channel_labels(self) -> list[str]:
        return [Channel(value).label for value in self.channels]

    @property
    def slot_labels(self) -> list[str]:
        return [label for bit, label in SLOTS if self.slots >> bit & 1]

    @property
    def lived_labels(self) -> list[str]:
        return [Lived(value).label for value in self.lived]

    @property
    def site_labels(self) -> list[str]:
        return ["peu importe"] if self.any_site else [site.name for site in self.sites.all()]

    @property
    def exchange_need_labels(self) -> list[str]:
        return [ExchangeNeed(value).label for value in self.exchange_needs]


class Avoid(Referenced):
    """« Pas avec »: the author of a published presentation, or a unit; across programmes, opened for its owner and for
    the rules alone (decision 43). `target`: « person:<key> » or « unit:<key> », sealed: a copy of the database names
    nobody. Gone when its owner no longer looks for anybody (services/avoid.py).
    """

    owner = models.ForeignKey(Person, models.CASCADE, related_name="avoids")
    target = SealedField("pas avec")

    class Meta:
        verbose_name = "pas avec"
        ordering = ["pk"]

    def __str__(self) -> str:
        return "•••"
