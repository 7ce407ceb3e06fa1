"""A cache of keys and blocks of their budgets per process: queries run per second and per block, not per request.

A process reserves a block of the day's budget in one statement before it spends from it. A block is never larger than
what this process has spent of the key before, than 1% of its budget, or than MAX_BLOCK; a killed process loses that
much of the key's budget, and one that exits returns it. Keys are read again after KEY_SECONDS, so that a revoked one
is refused everywhere within that time, as is every key while the database is down. Inside a transaction, nothing is
cached.
"""

import hashlib
import threading
import time
from collections import OrderedDict
from datetime import date
from typing import Final

from django.db import Error, connection
from django.utils import timezone

from . import key_quotas
from .models import ApiKey

KEY_SECONDS: Final = 1.0
MAX_BLOCK: Final = 100
MAX_CACHED_KEYS: Final = 1_000

_lock = threading.Lock()
_keys: OrderedDict[str, tuple[float, ApiKey]] = OrderedDict()
_blocks: dict[tuple[str, int], "QuotaBlock"] = {}


def get_live_key(key: str) -> ApiKey | None:
    """Return the row of a live key, at most KEY_SECONDS old; None if it is unknown or revoked."""
    if connection.in_atomic_block:
        return key_quotas.get_live_key(key)
    cache_key = f"{connection.settings_dict['NAME']} {hashlib.sha256(key.encode()).hexdigest()}"
    until, row = _keys.get(cache_key, (0.0, None))
    if time.monotonic() < until:
        return row
    read_at = time.monotonic()
    row = key_quotas.get_live_key(key)
    with _lock:
        _keys.pop(cache_key, None)
        if row is not None:
            _keys[cache_key] = read_at + KEY_SECONDS, row
        if len(_keys) > MAX_CACHED_KEYS:
            _keys.popitem(last=False)
    return row


def spend(*, key: ApiKey, points: int) -> bool:
    """Spend points of today's budget, all or none; return False if too few are left."""
    if connection.in_atomic_block:
        return key_quotas.reserve_points(key=key, points=points)
    block_key = str(connection.settings_dict["NAME"]), key.pk
    with _lock:
        block = _blocks.setdefault(block_key, QuotaBlock(key))
    return block.spend(points)


class QuotaBlock:
    """A block of one key's budget that this process has reserved, valid for one day."""

    def __init__(self, key: ApiKey) -> None:
        self._key = key
        self._lock = threading.Lock()
        self._day: date | None = None
        self._left = 0
        self._last_refill = 0

    def spend(self, points: int) -> bool:
        """Spend points, refilling the block from the database as needed; return False if too few are left."""
        with self._lock:
            today = timezone.localdate()
            if self._day != today:
                self._day, self._left, self._last_refill = today, 0, 0
            if self._left < points and not self._refill(points - self._left):
                return False
            self._left -= points
            return True

    def _refill(self, missing: int) -> bool:
        limit = min(MAX_BLOCK, self._key.daily_budget // 100)
        for extra in dict.fromkeys((min(self._last_refill, limit), 0)):
            if key_quotas.reserve_points(key=self._key, points=missing + extra):
                self._left += missing + extra
                self._last_refill = min(limit, max(1, 2 * extra))
                return True
        return False

    def return_unspent(self) -> None:
        """Return the unspent rest of today's block to the budget."""
        with self._lock:
            if self._left and self._day:
                key_quotas.return_points(key=self._key, points=self._left, day=self._day)
            self._left = 0


def clear_key_cache() -> None:
    """Clear cached keys, so that the next request reads its key again; called after a key is revoked."""
    with _lock:
        _keys.clear()


def return_all_blocks() -> None:
    """Return all blocks of this process to their budgets, before it exits; does nothing if the database is down."""
    for block in list(_blocks.values()):
        try:
            block.return_unspent()
        except Error:
            return
