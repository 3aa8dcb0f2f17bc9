"""Encrypted texts and files: AES-GCM, key id in the token, associated data that ties a value to its row.

Token: `v1:<key id>:<base64(nonce + ciphertext)>`. Keys come from `settings.FIELD_KEYS` (the first writes, all read).
A value moved to another row or another column does not open (engineering 3.7).
"""

import base64
import hashlib
import os
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core import checks
from django.db import models

VERSION = "v1"


class SealBroken(Exception):
    """The value was altered, moved from another row, or its key is missing."""


@lru_cache(maxsize=8)
def _ring(keys: tuple[str, ...]) -> dict[str, AESGCM]:
    ring = {}
    for key in keys:
        raw = base64.urlsafe_b64decode(key)
        if len(raw) != 32:
            raise ValueError("FIELD_KEYS: each key is 32 bytes in urlsafe base64")
        ring[hashlib.sha256(raw).hexdigest()[:8]] = AESGCM(raw)
    return ring


def _keys() -> dict[str, AESGCM]:
    return _ring(tuple(settings.FIELD_KEYS))


def current_key_id() -> str:
    """The id of the key that writes."""
    return next(iter(_keys()))


def seal(data: bytes, context: str) -> str:
    """`data` encrypted under `context` (for a column: `app.Model.field|ref`)."""
    key_id, cipher = next(iter(_keys().items()))
    nonce = os.urandom(12)
    return f"{VERSION}:{key_id}:{base64.b64encode(nonce + cipher.encrypt(nonce, data, context.encode())).decode()}"


def unseal(token: str, context: str) -> bytes:
    """The bytes behind `token`; raises SealBroken."""
    try:
        version, key_id, body = token.split(":", 2)
        raw = base64.b64decode(body)
        if version != VERSION:
            raise SealBroken(f"unknown version {version}")
        return _keys()[key_id].decrypt(raw[:12], raw[12:], context.encode())
    except KeyError as error:
        raise SealBroken("the key of this value is not in FIELD_KEYS") from error
    except (InvalidTag, ValueError) as error:
        raise SealBroken("this value does not belong here or was altered") from error


class Sealed:
    """A text still closed. Prints `•••`; only `.open(ref)` gives the words."""

    __slots__ = ("_label", "_token")

    def __init__(self, token: str, label: str) -> None:
        self._token, self._label = token, label

    def open(self, ref: UUID) -> str:
        """The text, for the row whose `ref` this is; raises SealBroken for any other row."""
        return unseal(self._token, f"{self._label}|{ref}").decode() if self._token else ""

    def __bool__(self) -> bool:
        return bool(self._token)

    def __str__(self) -> str:
        return "•••" if self._token else ""

    __repr__ = __str__

    @property
    def token(self) -> str:
        return self._token


class SealedField(models.TextField):
    """A text column stored encrypted. Assign a plain `str`; read back a `Sealed`. The model needs a `ref`."""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    @property
    def label(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def check(self, **kwargs):
        errors = super().check(**kwargs)
        if not any(field.name == "ref" for field in self.model._meta.fields):
            errors.append(checks.Error("SealedField needs a `ref` on its model.", obj=self, id="portal.E001"))
        return errors

    def from_db_value(self, value, expression, connection) -> Sealed:
        return Sealed(value or "", self.label)

    def closed(self, text: str, ref: UUID) -> Sealed:
        """`text` sealed for the row whose `ref` this is: for a conditional update, or rows made in bulk."""
        return Sealed(seal(text.encode(), f"{self.label}|{ref}") if text else "", self.label)

    def pre_save(self, model_instance, add):
        value = getattr(model_instance, self.attname)
        if not isinstance(value, Sealed):
            value = self.closed(value or "", model_instance.ref)
            setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value):
        if isinstance(value, Sealed):
            return value.token
        if value:
            raise TypeError(f"{self.label} is written through save(), never through a plain query")
        return ""

    def to_python(self, value):
        return value

    def value_to_string(self, obj) -> str:
        return getattr(obj, self.attname).token
