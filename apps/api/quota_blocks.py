"""What keys may spend, held by each process for a moment: the database is asked per second and per block, not per call.

Nothing here is spent that the database has not given out before: a block is taken from the day's budget in one
statement, and only then answered from. A block is never larger than what this process has spent of the key before, nor
than a hundredth of its budget, nor than MOST_HELD; a process that is killed loses that much of the key's day, and one
that ends gives it back. A key is looked at anew each KEY_SECONDS, so a revoked one is refused within them
everywhere, and without the database nobody is answered for longer. Inside a transaction the database is always asked.
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
MOST_HELD: Final = 100
MOST_KEYS: Final = 1_000

_lock = threading.Lock()
_keys: OrderedDict[str, tuple[float, ApiKey]] = OrderedDict()
_purses: dict[tuple[str, int], "Purse"] = {}


def known_key(key: str) -> ApiKey | None:
    """Return the row of a live key, at most KEY_SECONDS old, else None."""
    if connection.in_atomic_block:
        return key_quotas.known_key(key)
    place = f"{connection.settings_dict['NAME']} {hashlib.sha256(key.encode()).hexdigest()}"
    until, row = _keys.get(place, (0.0, None))
    if time.monotonic() < until:
        return row
    asked = time.monotonic()
    row = key_quotas.known_key(key)
    with _lock:
        _keys.pop(place, None)
        if row is not None:
            _keys[place] = asked + KEY_SECONDS, row
        if len(_keys) > MOST_KEYS:
            _keys.popitem(last=False)
    return row


def spend(*, key: ApiKey, points: int) -> bool:
    """Take points from today's budget, all or none; False where they are not there."""
    if connection.in_atomic_block:
        return key_quotas.reserve(key=key, points=points)
    place = str(connection.settings_dict["NAME"]), key.pk
    with _lock:
        purse = _purses.setdefault(place, Purse(key))
    return purse.take(points)


class Purse:
    """The block of one key that this process holds, good for one day."""

    def __init__(self, key: ApiKey) -> None:
        self._key = key
        self._lock = threading.Lock()
        self._day: date | None = None
        self._left = 0
        self._block = 0

    def take(self, points: int) -> bool:
        """Spend from the block, which is filled from the database where it does not hold enough."""
        with self._lock:
            today = timezone.localdate()
            if self._day != today:
                self._day, self._left, self._block = today, 0, 0
            if self._left < points and not self._filled(points - self._left):
                return False
            self._left -= points
            return True

    def _filled(self, missing: int) -> bool:
        most = min(MOST_HELD, self._key.daily_budget // 100)
        for extra in dict.fromkeys((min(self._block, most), 0)):
            if key_quotas.reserve(key=self._key, points=missing + extra):
                self._left += missing + extra
                self._block = min(most, max(1, 2 * extra))
                return True
        return False

    def give_back(self) -> None:
        """Return the rest of today's block to the budget."""
        with self._lock:
            if self._left and self._day:
                key_quotas.give_back(key=self._key, points=self._left, day=self._day)
            self._left = 0


def forget_keys() -> None:
    """Makes the next call look at its key anew; whoever revokes one calls it."""
    with _lock:
        _keys.clear()


def give_back_all() -> None:
    """Return what this process holds, as it ends. Without the database it is lost to the day's budgets."""
    for purse in list(_purses.values()):
        try:
            purse.give_back()
        except Error:
            return
