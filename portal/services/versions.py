"""Optimistic locking for forms: the page carries the version it was filled from."""

from django.db import models

from portal.errors import Conflict


def save_if_unchanged(obj: models.Model, *, seen: int, fields: list[str]) -> None:
    """Save `fields` of `obj` if its stored version is still `seen`, and count one more; raises Conflict otherwise.

    Only the fields named are written: what others changed meanwhile in other columns stays.
    """
    if not type(obj).objects.filter(pk=obj.pk, version=seen).update(version=seen + 1):
        raise Conflict
    obj.version = seen + 1
    obj.save(update_fields=fields)
