"""Encrypt model fields and compute keyed hashes. The keys come from settings and are stored outside the database."""

import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.signals import setting_changed
from django.db import models

from apps.core.types import PassedThrough

from .errors import VotekinError
from .member_crypto import BoundText, MemberAttribute, decrypt_from, encrypt_for, is_member_token

# The first characters of every Fernet token: version 128 and the upper bytes of the time, in base64.
TOKEN_START = "gAAAAA"  # noqa: S105 - no secret
NO_KEY = "None of FIELD_KEYS decrypts a stored value. Add the key it was encrypted with."
rotations: dict[str, Callable[[bool], int]] = {}


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
        raise VotekinError(NO_KEY) from error


def rotate(token: str) -> str:
    """Return the same value encrypted with the first of FIELD_KEYS; raise VotekinError if none decrypts it."""
    try:
        return _fernet().rotate(token.encode("ascii")).decode("ascii")
    except InvalidToken as error:
        raise VotekinError(NO_KEY) from error


def rotate_json(value: Any) -> Any:
    """Return a JSON value in which every token is encrypted with the first of FIELD_KEYS."""
    if isinstance(value, dict):
        return {name: rotate_json(part) for name, part in value.items()}
    if isinstance(value, list):
        return [rotate_json(part) for part in value]
    return rotate(value) if isinstance(value, str) and value.startswith(TOKEN_START) else value


def rotate_lines(path: Path) -> int:
    """Rotate a file with one token a line; return how many. The file is replaced in one step."""
    tokens = path.read_text(encoding="ascii").split()
    draft = path.with_name(f".{path.name}.part")
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{rotate(token)}\n" for token in tokens), encoding="ascii")
    draft.replace(path)
    return len(tokens)


def register_rotation(name: str, rotate_all: Callable[[bool], int]) -> None:
    """Add values outside encrypted fields to `rotate_keys`; call from AppConfig.ready.

    `rotate_all(dry_run)` rotates them, or only counts them, and returns how many there are.
    """
    rotations[name] = rotate_all


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
    """Text that is stored encrypted. It cannot be searched; store a keyed hash next to it for lookups.

    `owner` is the path to the id of the member whom the text concerns, such as "owner_id" or "attempt.member_id": then
    it is encrypted under that member's key (apps.core.member_crypto), else under FIELD_KEYS. `row` names the fields
    that identify the row and are known before it is inserted. A new name of the model or field needs the values to be
    encrypted again.
    """

    def __init__(self, *args: Any, owner: str = "", row: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.owner, self.row = owner, row
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Add the field; the attribute of an owned one verifies the row."""
        if self.owner:
            self.descriptor_class = MemberAttribute
        super().contribute_to_class(cls, name, private_only)

    @property
    def place(self) -> str:
        """Return model and field, to which values of members are bound."""
        return f"{self.model._meta.label_lower}.{self.name}"

    def owner_of(self, instance: models.Model) -> int:
        """Return the id of the member to whom an instance belongs."""
        return int(attrgetter(self.owner)(instance))

    def direct_owner_of(self, instance: models.Model) -> int | None:
        """Return the owner if the row itself names it; otherwise the row's own fields bind the value."""
        return None if "." in self.owner else self.owner_of(instance)

    def row_of(self, instance: models.Model) -> str:
        """Return what identifies the row, without a colon."""
        values = (getattr(instance, name) for name in self.row)
        return ",".join(bytes(v).hex() if isinstance(v, bytes | memoryview) else str(v) for v in values)

    def get_prep_value(self, value: Any) -> Any:
        """Return the encrypted value; the empty string stays empty."""
        if not value:
            return value
        if not self.owner:
            return encrypt(str(value))
        if not isinstance(value, BoundText):
            raise TypeError(f"{self.place} is encrypted for its owner: set it on an instance and save that.")
        return encrypt_for(self.owner_of(value.instance), self.place, self.row_of(value.instance), str(value))

    def from_db_value(self, value: str | None, *_: PassedThrough) -> str | None:
        """Return the decrypted value."""
        if not value:
            return value
        return decrypt_from(self.place, value) if is_member_token(value) else decrypt(value)
