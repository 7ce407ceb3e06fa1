"""Encrypt a member's fields under a key of their own, bound to model, field, owner, and row.

AES-GCM with the associated data "model|field|owner|row": a value that is moved to another member, row, or column does
not decrypt there. apps.privacy supplies the keys (`use_key_source`); this module stores none.
"""

import base64
import os
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from .errors import VotekinError

PREFIX = "m1"
NONCE_BYTES = 12


class KeySource(Protocol):
    """Where the keys of members come from."""

    def cipher_to_write(self, member_id: int) -> AESGCM:
        """Return the cipher of a member; the key is created if there is none."""

    def cipher_to_read(self, member_id: int) -> AESGCM | None:
        """Return the cipher of a member, or None if the key was destroyed."""


_sources: list[KeySource] = []


def use_key_source(source: KeySource) -> None:
    """Set where keys come from; apps.privacy calls this at start."""
    _sources[:] = [source]


def _source() -> KeySource:
    if not _sources:
        raise VotekinError("The keys of members are not available: apps.privacy is not installed.")
    return _sources[0]


def encrypt_for(member_id: int, place: str, row: str, text: str) -> str:
    """Return `text` encrypted under a member's key, as ASCII; `place` is model and field."""
    nonce = os.urandom(NONCE_BYTES)
    data = f"{place}|{member_id}|{row}".encode()
    sealed = nonce + _source().cipher_to_write(member_id).encrypt(nonce, text.encode(), data)
    return f"{PREFIX}:{member_id}:{row}:{base64.urlsafe_b64encode(sealed).decode('ascii')}"


def is_member_token(token: str) -> bool:
    """Return whether a stored value is encrypted under a member's key, not under FIELD_KEYS."""
    return token.startswith(f"{PREFIX}:")


def decrypt_from(place: str, token: str) -> "StoredText":
    """Return the plain text with its owner and row; it is unreadable if the owner's key was destroyed.

    Raises VotekinError for a value of another place, or one that was changed.
    """
    _prefix, member, row, sealed = token.split(":")
    cipher = _source().cipher_to_read(int(member))
    if cipher is None:
        return StoredText("", int(member), row, readable=False)
    raw = base64.urlsafe_b64decode(sealed)
    try:
        text = cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], f"{place}|{member}|{row}".encode())
    except InvalidTag as error:
        raise VotekinError(f"A stored value of {place} was moved or changed, or its owner has another key.") from error
    return StoredText(text.decode(), int(member), row)


class StoredText(str):
    """A decrypted value as the database returned it, with the owner and row it was encrypted for."""

    __slots__ = ("owner", "readable", "row")
    owner: int
    row: str
    readable: bool

    def __new__(cls, text: str, owner: int, row: str, *, readable: bool = True) -> "StoredText":
        """Return the text with its binding."""
        found = super().__new__(cls, text)
        found.owner, found.row, found.readable = owner, row, readable
        return found

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str.__str__(self),)


class BoundText(str):
    """A value of an instance; Django passes only values to the database, and encryption needs the instance."""

    __slots__ = ("instance",)
    instance: models.Model

    def __new__(cls, text: str, instance: models.Model) -> "BoundText":
        """Return the text with its instance."""
        found = super().__new__(cls, text)
        found.instance = instance
        return found

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str.__str__(self),)


class OwnedField(Protocol):
    """The interface of a field that MemberAttribute needs."""

    attname: str
    name: str

    def row_of(self, instance: models.Model) -> str:
        """Return what identifies the row."""

    def direct_owner_of(self, instance: models.Model) -> int | None:
        """Return the owner if the row itself names it."""


class MemberAttribute(DeferredAttribute):
    """Verifies that a value was encrypted for its row, and returns values with their instance."""

    field: OwnedField  # type: ignore[assignment]

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        """Return the value; raise VotekinError if it belongs to another row or its key was destroyed."""
        if instance is None:
            return self
        value = super().__get__(instance, cls)
        if isinstance(value, StoredText):
            value = self._verified(instance, value)
            instance.__dict__[self.field.attname] = value
        return BoundText(value, instance) if value and isinstance(value, str) else value

    def __set__(self, instance: Any, value: Any) -> None:
        """Store the value; one of another instance becomes a value of this one."""
        instance.__dict__[self.field.attname] = str.__str__(value) if isinstance(value, BoundText) else value

    def _verified(self, instance: Any, value: StoredText) -> str:
        name = f"{instance._meta.label}.{self.field.name}"
        if not value.readable:
            raise VotekinError(f"{name} cannot be read: the key of its owner was destroyed.")
        if value.row != self.field.row_of(instance) or self.field.direct_owner_of(instance) not in {None, value.owner}:
            raise VotekinError(f"{name} was encrypted for another row. The database was changed from outside.")
        return str.__str__(value)
