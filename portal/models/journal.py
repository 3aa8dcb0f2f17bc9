"""What happened: the append-only journal (references only) and the log of state moves.

Triggers on both engines refuse UPDATE but that of a cut, and DELETE of anything younger than 12 months (decision 5); they
are created by portal/triggers.py after every migrate. Never alter these tables with AlterField (engineering 3.15).
"""

import secrets
import uuid

from django.db import models

from portal import clock
from portal.enums import Verb


def new_salt() -> str:
    return secrets.token_hex(32)


class JournalEntry(models.Model):
    """One act or one reading. No name, no text: only opaque references, which an entry may lose for good.

    A seal does not hash them but a digest of them with `salt`. To cut an entry is to keep that digest and destroy
    references and salt together (services/journal.cut): the seal still verifies, and nobody finds the references again.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField("le", db_index=True)
    actor_ref = models.UUIDField("auteur", null=True)
    subject_ref = models.UUIDField("personne concernée", null=True, db_index=True)
    employer_ref = models.UUIDField("employeur", null=True)
    verb = models.CharField("acte", max_length=20, choices=Verb)
    label = models.CharField("objet", max_length=60)
    object_ref = models.UUIDField("référence de l’objet", null=True)
    count = models.PositiveIntegerField("nombre de lignes", default=1)
    salt = models.CharField("sel des références", max_length=64, default=new_salt, blank=True)
    digest = models.CharField("empreinte des références coupées", max_length=64, blank=True)

    class Meta:
        verbose_name = "entrée du journal"
        ordering = ["-at", "id"]
        indexes = [models.Index(fields=["object_ref"], name="journal_object")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(digest="") | models.Q(salt="", subject_ref__isnull=True, object_ref__isnull=True),
                name="a_cut_entry_names_nothing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.label}"


class JournalSeal(models.Model):
    """The hash of a closed segment of the journal, chained to the one before."""

    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    last_id = models.UUIDField()
    entries = models.PositiveIntegerField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    purged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "scellé du journal"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.hash[:12]


class Transition(models.Model):
    """A state move of any aggregate: who, from, to, when, why (a code, never a text)."""

    label = models.CharField(max_length=60)
    object_ref = models.UUIDField()
    move = models.CharField(max_length=40)
    from_state = models.CharField(max_length=30)
    to_state = models.CharField(max_length=30)
    by_ref = models.UUIDField(null=True)
    reason_code = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "changement d’état"
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["object_ref", "at"], name="transition_object")]

    def __str__(self) -> str:
        return f"{self.label} {self.move}"
