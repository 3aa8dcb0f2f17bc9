"""Optimistic locking for forms: the page carries the version it was filled from."""

from django.db import models

from portal.errors import Conflict


def save_if_unchanged(obj: models.Model, *, seen: int) -> None:
    """Save `obj` if its stored version is still `seen`, and count one version more; raises Conflict otherwise."""
    if not type(obj).objects.filter(pk=obj.pk, version=seen).update(version=seen + 1):
        raise Conflict
    obj.version = seen + 1
    obj.save()
