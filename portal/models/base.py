"""Columns shared by most tables."""

import uuid

from django.db import models


class Referenced(models.Model):
    """Public id: random, the only one that appears in addresses, mails, journals and associated data."""

    ref = models.UUIDField("référence", default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class Versioned(models.Model):
    """Optimistic locking: a form carries the version it was filled from (see services.versions)."""

    version = models.PositiveIntegerField("version", default=1, editable=False)

    class Meta:
        abstract = True
