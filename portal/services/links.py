"""Signed links: somebody without an account does one thing, once, before a date.

The token (32 random bytes) travels in a sealed mail only; the table keeps its hash. Reading a page uses nothing up:
`use` is called by the POST, inside the transaction of what it allows, and wins once.
"""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from portal import clock
from portal.errors import DomainError
from portal.models import SignedLink

USED = "Ce lien a déjà servi."


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def issue(*, purpose: str, object_ref: UUID, days: int) -> tuple[SignedLink, str]:
    """A new link and its token, which nothing else keeps."""
    token, now = secrets.token_urlsafe(32), clock.now()
    link = SignedLink.objects.create(
        purpose=purpose,
        object_ref=object_ref,
        token_hash=_hash(token),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return link, token


def _usable():
    return SignedLink.objects.filter(used_at__isnull=True, expires_at__gt=clock.now())


def find(purpose: str, token: str) -> SignedLink | None:
    """The link behind this token, for this purpose, if it may still be used."""
    return _usable().filter(purpose=purpose, token_hash=_hash(token)).first()


def was_used(purpose: str, token: str) -> bool:
    """Whether this link did its work already: its page says so."""
    return SignedLink.objects.filter(purpose=purpose, token_hash=_hash(token), used_at__isnull=False).exists()


def live(purpose: str, object_ref: UUID) -> SignedLink | None:
    """The latest link of an object that may still be used."""
    return _usable().filter(purpose=purpose, object_ref=object_ref).order_by("-created_at", "-pk").first()


def pending(purpose: str, refs: Iterable[UUID]) -> set[UUID]:
    """Which of these objects have a link that may still be used."""
    return set(_usable().filter(purpose=purpose, object_ref__in=list(refs)).values_list("object_ref", flat=True))


@transaction.atomic
def use(*, link: SignedLink) -> None:
    """Use the link up. Of any number of simultaneous calls one passes; the others raise DomainError."""
    now = clock.now()
    if not _usable().filter(pk=link.pk).update(used_at=now):
        raise DomainError(USED)
    link.used_at = now


@transaction.atomic
def revoke(*, purpose: str, object_ref: UUID) -> None:
    """Links of this object not used yet stop working now."""
    _usable().filter(purpose=purpose, object_ref=object_ref).update(expires_at=clock.now())
