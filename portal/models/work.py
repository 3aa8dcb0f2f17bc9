"""Rows first, queue second: background work, mails and documents are rows before they are tasks (decision 6)."""

from django.db import models
from django.db.models import Q

from portal import clock
from portal.crypto import SealedField
from portal.enums import DocumentState, JobState, MailState
from portal.models.base import Referenced
from portal.models.people import Employer, Person


class Job(Referenced):
    """A piece of background work: the one truth about its progress (the broker only wakes a worker up)."""

    key = models.CharField("clé d’unicité", max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    object_ref = models.UUIDField(null=True)
    state = models.CharField("état", max_length=10, choices=JobState, default=JobState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField(default=clock.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField("étapes faites", default=0)
    total = models.PositiveIntegerField("étapes en tout", default=1)
    error = models.CharField("raison de l’échec", max_length=200, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "tâche"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "run_after"], name="job_due")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=JobState.RUNNING) | Q(lease_until__isnull=False), name="running_job_has_lease"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)


class OutgoingMail(Referenced):
    """A message to send: kind and references, rendered when sent, no stored body. Secrets are sealed, then wiped."""

    key = models.CharField("clé d’unicité", max_length=200, unique=True)
    kind = models.CharField(max_length=60)
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="mails")
    address = SealedField("adresse, si elle n’est pas celle du compte")
    object_ref = models.UUIDField(null=True)
    payload = SealedField("contenu secret, effacé après l’envoi")
    state = models.CharField("état", max_length=10, choices=MailState, default=MailState.QUEUED)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField("lue dans le portail le", null=True, blank=True)
    # Of an address given by itself: whose administration reads that it failed.
    employer = models.ForeignKey(Employer, models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "message à envoyer"
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["person", "created_at"], name="news_of_somebody")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=MailState.SENT) | (Q(sent_at__isnull=False) & Q(payload="")),
                name="sent_mail_is_wiped",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class StoredDocument(Referenced):
    """A file outside the web root, sealed; `sha256` and `size` are those of the plain bytes."""

    key = models.CharField("clé d’unicité", max_length=200, unique=True)
    kind = models.CharField(max_length=40)
    label = models.CharField("intitulé", max_length=160)
    filename = models.CharField("nom de fichier proposé", max_length=120)
    object_ref = models.UUIDField(null=True)
    employer = models.ForeignKey(Employer, models.CASCADE, related_name="documents")
    media_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField("état", max_length=10, choices=DocumentState, default=DocumentState.PENDING)
    created_at = models.DateTimeField(default=clock.now)
    retention_anchor = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "document"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=DocumentState.READY) | (~Q(sha256="") & Q(size__isnull=False)),
                name="ready_document_has_hash",
            )
        ]

    def __str__(self) -> str:
        return self.label


class FormReceipt(models.Model):
    """A form already taken: sending it twice gives the first result again."""

    key = models.UUIDField(unique=True)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="receipts")
    url = models.CharField("page du résultat", max_length=300)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "reçu de formulaire"

    def __str__(self) -> str:
        return str(self.key)


class Lease(models.Model):
    """A named lock with an end, for work that must run once at a time."""

    name = models.CharField(max_length=60, primary_key=True)
    until = models.DateTimeField()

    class Meta:
        verbose_name = "verrou"

    def __str__(self) -> str:
        return self.name


class ErasureRecord(models.Model):
    """Proof that a person was erased, without the person."""

    person_ref = models.UUIDField(unique=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "effacement"

    def __str__(self) -> str:
        return str(self.person_ref)
