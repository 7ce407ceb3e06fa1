"""The keys of members: create, cache, wrap again every month, destroy.

A process caches ciphers for CACHE_SECONDS. What a transaction reads or creates is cached for the process only after the
commit: after a rollback, a key that was created would encrypt values that nobody can read.
"""

import time
from collections import OrderedDict
from threading import Lock

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from apps.core.errors import VotekinError
from apps.core.log import get_logger

from . import wrapping_keys
from .models import MemberKey

log = get_logger(__name__)

CACHE_SECONDS = 60
CACHE_SIZE = 2000
NONCE_BYTES = 12
BATCH = 500


class _KeyOfTransaction:
    """A key of the open transaction; as a commit hook it disappears from the connection at a rollback."""

    def __init__(self, member_id: int, cipher: AESGCM) -> None:
        self.member_id, self.cipher = member_id, cipher

    def __call__(self) -> None:
        _cache.put(self.member_id, self.cipher)


class _Cache:
    """Ciphers by member, for a short time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: OrderedDict[int, tuple[float, AESGCM]] = OrderedDict()

    def get(self, member_id: int) -> AESGCM | None:
        """Return the cipher, unless it has expired."""
        with self._lock:
            until, cipher = self._rows.get(member_id, (0.0, None))
        return cipher if until > time.monotonic() else None

    def put(self, member_id: int, cipher: AESGCM) -> None:
        """Store a cipher; evict the oldest one if there are too many."""
        with self._lock:
            self._rows[member_id] = (time.monotonic() + CACHE_SECONDS, cipher)
            self._rows.move_to_end(member_id)
            if len(self._rows) > CACHE_SIZE:
                self._rows.popitem(last=False)

    def drop(self, member_id: int | None = None) -> None:
        """Drop one cipher, or all."""
        with self._lock:
            if member_id is None:
                self._rows.clear()
            else:
                self._rows.pop(member_id, None)


_cache = _Cache()


def clear_cache() -> None:
    """Drop every cached key of this process and of the open transaction."""
    _cache.drop()
    _drop_of_transaction()


class MemberKeys:
    """The key source of apps.core.member_crypto."""

    def cipher_to_read(self, member_id: int) -> AESGCM | None:
        """Return the cipher of a member, or None if there is no key."""
        if cipher := _cache.get(member_id) or _of_transaction(member_id):
            return cipher
        row = MemberKey.objects.filter(pk=member_id).first()
        if row is None:
            return None
        cipher = AESGCM(_unwrap(row))
        transaction.on_commit(_KeyOfTransaction(member_id, cipher))
        return cipher

    def cipher_to_write(self, member_id: int) -> AESGCM:
        """Return the cipher of a member; create the key if there is none."""
        return self.cipher_to_read(member_id) or self._create(member_id)

    def _create(self, member_id: int) -> AESGCM:
        key, wrapped_by = AESGCM.generate_key(256), wrapping_keys.current()
        row = MemberKey(member_id=member_id, wrapped=_wrap(member_id, key, wrapped_by), wrapped_by=wrapped_by)
        with transaction.atomic():
            MemberKey.objects.bulk_create([row], ignore_conflicts=True)
            stored = MemberKey.objects.get(pk=member_id)  # another process may have been first
            cipher = AESGCM(_unwrap(stored))
            transaction.on_commit(_KeyOfTransaction(member_id, cipher))
        return cipher


def _of_transaction(member_id: int) -> AESGCM | None:
    for entry in connection.run_on_commit:
        hook = entry[1]
        if isinstance(hook, _KeyOfTransaction) and hook.member_id == member_id:
            return hook.cipher
    return None


def _drop_of_transaction(member_id: int | None = None) -> None:
    def drops(hook: object) -> bool:
        return isinstance(hook, _KeyOfTransaction) and member_id in {None, hook.member_id}

    connection.run_on_commit = [entry for entry in connection.run_on_commit if not drops(entry[1])]


def _bound_to(member_id: int, wrapped_by: str) -> bytes:
    return f"member|{member_id}|{wrapped_by}".encode()


def _wrap(member_id: int, key: bytes, wrapped_by: str) -> bytes:
    nonce = AESGCM.generate_key(128)[:NONCE_BYTES]
    return nonce + wrapping_keys.cipher(wrapped_by).encrypt(nonce, key, _bound_to(member_id, wrapped_by))


def _unwrap(row: MemberKey) -> bytes:
    raw = bytes(row.wrapped)
    cipher = wrapping_keys.cipher(row.wrapped_by)
    try:
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _bound_to(row.member_id, row.wrapped_by))
    except InvalidTag as error:
        raise VotekinError(
            f"The wrapping key {row.wrapped_by} does not open the key of member {row.member_id}. Nothing was changed. "
            "Bring back the wrapping keys of this installation."
        ) from error


def destroy(member_id: int) -> None:
    """Destroy a member's key: from now on the member's fields are unreadable, whatever else still has to be erased."""
    MemberKey.objects.filter(pk=member_id).delete()
    _cache.drop(member_id)
    _drop_of_transaction(member_id)


def _wrap_again(row: MemberKey, newest: str) -> int:
    again = _wrap(row.member_id, _unwrap(row), newest)
    unchanged = MemberKey.objects.filter(pk=row.pk, wrapped_by=row.wrapped_by, wrapped=row.wrapped)
    return int(unchanged.update(wrapped=again, wrapped_by=newest))


def renew() -> dict[str, int]:
    """Wrap every key with the current wrapping key, and age unused wrapping keys; run once a day.

    A key that cannot be decrypted stays as it is. Return how many were wrapped, failed, removed, and destroyed.
    """
    newest, wrapped, failed = wrapping_keys.current(), 0, 0
    users = get_user_model().objects.values("pk")
    removed = MemberKey.objects.exclude(pk__in=users).delete()[0]
    after = -1
    while rows := list(MemberKey.objects.exclude(wrapped_by=newest).filter(pk__gt=after).order_by("pk")[:BATCH]):
        for row in rows:
            try:
                wrapped += _wrap_again(row, newest)
            except VotekinError:
                failed += 1
        after = rows[-1].pk
    in_use = set(MemberKey.objects.values_list("wrapped_by", flat=True).distinct())
    destroyed = wrapping_keys.age_unused(in_use)
    if failed:
        log.error("member_keys.unreadable", count=failed)
    return {"wrapped": wrapped, "failed": failed, "removed": removed, "destroyed": len(destroyed)}


def rotate_keys(dry_run: bool) -> int:
    """Wrap every member's key with a new wrapping key; return how many. Older wrapping keys still decrypt older
    backups.
    """
    if dry_run:
        return MemberKey.objects.count()
    wrapping_keys.create_now()
    return renew()["wrapped"]
