"""Encrypt model fields and compute keyed hashes. The keys come from settings and are stored outside the database."""

import hashlib
import hmac
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.signals import setting_changed
from django.db import models

from apps.core.types import PassedThrough

from .errors import VotekinError


@lru_cache(1)
def _fernet() -> MultiFernet:
    return MultiFernet([Fernet(key.strip()) for key in settings.FIELD_KEYS])


def _reload_keys(*, setting: str, **_: PassedThrough) -> None:
    if setting == "FIELD_KEYS":
        _fernet.cache_clear()


setting_changed.connect(_reload_keys)


def encrypt(text: str) -> str:
    """Return `text` encrypted with the first of FIELD_KEYS, as ASCII."""
    return _fernet().encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """Return the plain text; raise VotekinError if none of FIELD_KEYS decrypts it."""
    try:
        return _fernet().decrypt(token.encode("ascii")).decode()
    except InvalidToken as error:
        raise VotekinError("None of FIELD_KEYS decrypts a stored value. Add the key it was encrypted with.") from error


def rotate(token: str) -> str:
    """Return the same value encrypted with the first of FIELD_KEYS."""
    return _fernet().rotate(token.encode("ascii")).decode("ascii")


def keyed_hash(key: str, *parts: str) -> bytes:
    """Return 16 bytes of HMAC-SHA256 over the parts. Lengths are hashed too, so splits cannot collide."""
    mac = hmac.new(key.encode(), digestmod=hashlib.sha256)
    for part in parts:
        data = part.encode()
        mac.update(len(data).to_bytes(4, "big") + data)
    return mac.digest()[:16]


if TYPE_CHECKING:
    _TextField = models.TextField[str, str]
else:
    _TextField = models.TextField  # Django's fields take type arguments in the stubs only


class EncryptedTextField(_TextField):
    """Text that is stored encrypted. It cannot be searched; store a keyed hash next to it for lookups."""

    def get_prep_value(self, value: Any) -> Any:
        """Return the encrypted value; the empty string stays empty."""
        return encrypt(str(value)) if value else value

    def from_db_value(self, value: str | None, *_: PassedThrough) -> str | None:
        """Return the decrypted value."""
        return decrypt(value) if value else value
