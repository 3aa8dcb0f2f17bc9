"""Surveys: questionnaires, waves, invitations, and answers that nothing links to a person (decisions 18-20, 29-34).

Invitation and ticket on one side, answers on the other: no key, no time, no order between the two. While a wave is open
its answers stand in OpenAnswer; at closing they are inserted again as ClosedAnswer in random order with new ids, the open
rows are deleted and the database vacuumed (engineering 1d). Never alter the two answer tables with AlterField.
"""

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q

from evaluation.enums import Moment, Public, WaveRoleKind, WaveState
from portal import clock
from portal.crypto import SealedField
from portal.dates import day_in_words
from portal.models import Person
from portal.models.base import Referenced, Versioned
from programmes.enums import Side
from programmes.models import Cycle, Gathering, Programme, TrainingSession


class Questionnaire(Referenced):
    """A version of a questionnaire, as data: `items` is the list the answering page is made from."""

    code = models.SlugField(max_length=40)
    number = models.PositiveSmallIntegerField("version")
    title = models.CharField("intitulé", max_length=120)
    items = models.JSONField("questions")
    sha256 = models.CharField("empreinte", max_length=64)

    class Meta:
        verbose_name = "questionnaire"
        ordering = ["code", "-number"]
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="questionnaire_version_once")]

    def __str__(self) -> str:
        return f"{self.code} v{self.number}"


class OwnQuestion(models.Model):
    """A question of the programme itself, asked of its participants beside those of the portal: three at most, scale A."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="own_questions")
    number = models.PositiveSmallIntegerField("rang")
    text = models.CharField("question", max_length=160)

    class Meta:
        verbose_name = "question du programme"
        ordering = ["programme", "number"]
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="own_question_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=3), name="three_own_questions"),
        ]

    def __str__(self) -> str:
        return self.text


class Wave(Referenced):
    """A whole batch asked at once: of a cycle, or of a session or a collective time for an event. `plan` is frozen at opening; `key` destroyed
    at closing. What makes it anonymous cannot be changed once it is open: evaluation/triggers.py.
    """

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="waves")
    cycle = models.ForeignKey(Cycle, models.PROTECT, null=True, blank=True, related_name="waves")
    session = models.OneToOneField(TrainingSession, models.PROTECT, null=True, blank=True, related_name="wave")
    gathering = models.OneToOneField(Gathering, models.PROTECT, null=True, blank=True, related_name="wave")
    moment = models.CharField("moment", max_length=6, choices=Moment)
    public = models.CharField("public", max_length=12, choices=Public, default=Public.PARTICIPANTS)
    questionnaire = models.ForeignKey(Questionnaire, models.PROTECT, related_name="waves")
    rules_version = models.PositiveSmallIntegerField("version des règles")
    plan = models.JSONField("découpage prévu de chaque question", default=dict)
    own = models.JSONField("questions du programme, telles que posées", default=list)
    compared = models.JSONField("questions comparées du départ à la fin", default=list)
    changes = models.JSONField("sens de chaque changement, compté à la clôture", default=dict)
    kept = models.JSONField("ce qui en est publié, une fois les réponses détruites", default=dict)
    state = models.CharField("état", max_length=8, choices=WaveState, default=WaveState.PLANNED)
    opens_on = models.DateField("ouvre le")
    closes_on = models.DateField("ferme le")
    key = SealedField("clé des liens, détruite à la clôture")
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    invited = models.PositiveIntegerField("invitations", default=0)
    pairs_invited = models.PositiveIntegerField("binômes invités", default=0)

    class Meta:
        verbose_name = "vague d’enquête"
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "moment", "public"], name="wave_once"),
            models.CheckConstraint(
                condition=Q(public=Public.EVENT, cycle__isnull=True, session__isnull=False, gathering__isnull=True)
                | Q(public=Public.EVENT, cycle__isnull=True, session__isnull=True, gathering__isnull=False)
                | ~Q(public=Public.EVENT) & Q(cycle__isnull=False, session__isnull=True, gathering__isnull=True),
                name="wave_of_a_cycle_or_an_event",
            ),
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="wave_dates"),
            models.CheckConstraint(
                condition=~Q(state=WaveState.CLOSED) | Q(closed_at__isnull=False, key=""), name="closed_wave_has_no_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_moment_display()}"

    @property
    def about(self) -> str:
        """The event it is about, never its title: « atelier du 3 mars 2026 »; "" for a wave of a cycle."""
        if self.public != Public.EVENT:
            return ""
        what = self.gathering.get_kind_display() if self.gathering_id else "séance de formation"
        return f"{what} du {day_in_words(self.about_day, weekday=False)}"

    @property
    def about_day(self) -> dt.date:
        """The day of that event, where its employer lives."""
        if self.session_id:
            return self.session.on
        return self.gathering.starts_at.astimezone(clock.ZoneInfo(self.programme.time_zone)).date()


class LinkKey(Referenced):
    """The key of a cycle's marks, from the opening of its departure wave to the closing of its end wave, then gone."""

    cycle = models.OneToOneField(Cycle, models.CASCADE, related_name="link_key")
    key = SealedField("clé des rapprochements, détruite à la clôture de l’enquête de fin")

    class Meta:
        verbose_name = "clé des rapprochements"

    def __str__(self) -> str:
        return "•••"


class WaveInvitation(Referenced):
    """Who is invited. No token: the link is HMAC(wave key, ref), rebuilt at each sending (engineering C3).

    `person` becomes null at erasure or once the answers are anonymous: how many were asked, and of which side, stays, so
    that a later edition counts the wave as the first one did. A manager is an `address` alone, destroyed at closing; so
    is the person, where the invitation would tell who registered for a collective time.
    """

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="wave_invitations")
    address = SealedField("adresse d’un·e encadrant·e")
    side = models.CharField("côté", max_length=8, choices=Side, blank=True)
    last_sent_on = models.DateField("dernier envoi le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation à une enquête"
        constraints = [models.UniqueConstraint(fields=["wave", "person"], name="invited_once")]

    def __str__(self) -> str:
        return str(self.ref)


class Ticket(models.Model):
    """The hash of a token and whether it was used: no person, no time. `paper`: of somebody whom no message reaches."""

    hash = models.CharField(max_length=64, primary_key=True)
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="tickets")
    side = models.CharField(max_length=8, choices=Side, blank=True)
    paper = models.BooleanField(default=False)
    used = models.BooleanField(default=False)

    class Meta:
        verbose_name = "ticket d’enquête"

    def __str__(self) -> str:
        return "•••"


class Answer(models.Model):
    """`payload` is sealed JSON {item code: value}. No time, no key to a person, an invitation or a ticket."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    side = models.CharField(max_length=8, choices=Side, blank=True)
    payload = SealedField("réponses")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return "•••"


class OpenAnswer(Answer):
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="open_answers")

    class Meta:
        verbose_name = "réponse en cours de collecte"


class ClosedAnswer(Answer):
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="closed_answers")

    class Meta:
        verbose_name = "réponse d’une vague close"


class FreeText(models.Model):
    """One sentence of one question, sealed: apart from the other answers, without side, person or time (trust 4.2)."""

    ref = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=8)
    text = SealedField("réponse libre")

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return "•••"


class OpenText(FreeText):
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="open_texts")

    class Meta:
        verbose_name = "réponse libre en cours de collecte"


class ClosedText(FreeText):
    wave = models.ForeignKey(Wave, models.CASCADE, related_name="closed_texts")

    class Meta:
        verbose_name = "réponse libre d’une vague close"


class WaveRole(Referenced):
    """Somebody named for one wave: who types paper answers (R4), or reads free answers (R5). `agreed`: to the synthesis."""

    wave = models.ForeignKey(Wave, models.CASCADE, related_name="roles")
    person = models.ForeignKey(Person, models.CASCADE, related_name="wave_roles")
    role = models.CharField("rôle", max_length=6, choices=WaveRoleKind)
    agreed = models.BooleanField("d’accord avec la synthèse", default=False)

    class Meta:
        verbose_name = "rôle dans une enquête"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["wave", "person"], name="one_part_in_a_wave")]

    def __str__(self) -> str:
        return self.get_role_display()


class Synthesis(Versioned):
    """What the two readers of free answers write of them together; published once both agree, the sentences destroyed."""

    wave = models.OneToOneField(Wave, models.CASCADE, related_name="synthesis")
    text = models.TextField("synthèse", max_length=2000)
    agreed_on = models.DateField("approuvée le", null=True, blank=True)

    class Meta:
        verbose_name = "synthèse des réponses libres"

    def __str__(self) -> str:
        return str(self.wave_id)


class CollectiveTalk(Referenced):
    """What stands for a wave that is not issued (decision 34): a collective talk on a date, or the `previous` wave."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="talks")
    moment = models.CharField(max_length=6, choices=Moment)
    on = models.DateField("le")
    previous = models.ForeignKey(
        Wave, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="enquête précédente"
    )
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "temps collectif d’échange"
        constraints = [models.UniqueConstraint(fields=["cycle", "moment"], name="talk_once")]

    def __str__(self) -> str:
        return str(self.on)
