"""Count uses against limits, exactly and before the response. All limits of the site use this module.

A limit counts the uses of a key in a scope (`lookup.account`, `api.key`) over the last `days` calendar days. Counters
are rows of the database, so that they fail closed: without the database every request fails. Keys are keyed hashes; a
row never contains the id of an account, a network or a voter.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from .crypto import keyed_hash
from .errors import Refused
from .models import QuotaUse

# Rows of one statement: SQLite allows 32,766 parameters.
BATCH: Final = 4000
# PostgreSQL locks per scope; a batch of contacts counts thousands of keys, and each lock takes shared memory.
LOCK_BUCKETS: Final = 64
# The longest window of any limit, in days.
LONGEST_DAYS: Final = 366


@dataclass(frozen=True)
class Limit:
    """At most `maximum` uses of `key` in `scope` within `days` calendar days, today included.

    An `amount` of 0 only requires that at most `maximum` are used.
    """

    scope: str
    key: bytes
    maximum: int
    days: int = 1
    amount: int = 1

    def uncounted(self) -> "Limit":
        """Return a limit that counts nothing and grants only while one more use would be within this one."""
        return replace(self, maximum=self.maximum - 1, amount=0) if self.amount else self


class QuotaExceeded(Refused):
    """A limit is used up. `limit` says which, `free_on` the first day on which a use is free again."""

    def __init__(self, limit: Limit, free_on: date) -> None:
        super().__init__(f"The limit of {limit.scope} is used up.")
        self.limit = limit
        self.free_on = free_on


def key_for(*parts: object) -> bytes:
    """Return the 16-byte keyed hash of what a limit counts."""
    return keyed_hash(settings.LOOKUP_KEY, "quota", *(str(part) for part in parts))


def spend(*limits: Limit) -> None:
    """Count one use of every limit in the caller's transaction; if one is full, raise QuotaExceeded and count none."""
    with transaction.atomic():
        uses = _locked_uses(limits)
        for limit in limits:
            if uses.total(limit) + limit.amount > limit.maximum:
                raise QuotaExceeded(limit, uses.free_on(limit))
        uses.add(limits)
        uses.save()


def spend_each(requests: Sequence[Sequence[Limit]]) -> list[bool]:
    """Count a batch of requests; return for each whether it was within all its limits. Refused ones count nothing.

    Earlier requests of the batch count against later ones. One statement per 4,000 counters, whatever their number.
    """
    with transaction.atomic():
        uses = _locked_uses([limit for limits in requests for limit in limits])
        granted = []
        for limits in requests:
            room = all(uses.total(limit) + limit.amount <= limit.maximum for limit in limits)
            if room:
                uses.add(limits)
            granted.append(room)
        uses.save()
    return granted


def reserve(limit: Limit) -> int:
    """Count up to `limit.amount` uses; return how many were free, possibly 0."""
    with transaction.atomic():
        uses = _locked_uses([limit])
        free = max(0, min(limit.amount, limit.maximum - uses.total(limit)))
        if free:
            uses.add([replace(limit, amount=free)])
            uses.save()
    return free


def release(limit: Limit, amount: int) -> None:
    """Return unused uses of `reserve` to today's counter."""
    with transaction.atomic():
        uses = _locked_uses([limit])
        uses.add([replace(limit, amount=-min(amount, uses.today(limit)))])
        uses.save()


def used(limit: Limit) -> int:
    """Return the uses that count against a limit now."""
    return _Uses([limit]).total(limit)


def used_each(limits: Sequence[Limit]) -> list[int]:
    """Return the uses that count against each of many limits now, without locking them."""
    uses = _Uses(limits)
    return [uses.total(limit) for limit in limits]


def left(limit: Limit) -> int:
    """Return how many uses are left."""
    return max(0, limit.maximum - used(limit))


def free_on(limit: Limit) -> date:
    """Return the first day on which a use of a full limit is free again."""
    return _Uses([limit]).free_on(limit)


def purge() -> int:
    """Delete counters that no limit counts any more; return how many."""
    return QuotaUse.objects.filter(day__lt=timezone.localdate() - timedelta(days=LONGEST_DAYS)).delete()[0]


class _Uses:
    """The counters of some limits, loaded in one read."""

    def __init__(self, limits: Collection[Limit]) -> None:
        self._today = timezone.localdate()
        self._days: dict[tuple[str, bytes], Counter[date]] = {(one.scope, one.key): Counter() for one in limits}
        self._changed: set[tuple[str, bytes]] = set()
        self._load(max((one.days for one in limits), default=0))

    def _load(self, days: int) -> None:
        # A clock that was set back must not free a limit: rows of later days count too.
        since = self._today - timedelta(days=days)
        keys = sorted({key for _scope, key in self._days})
        for start in range(0, len(keys), BATCH):
            rows = QuotaUse.objects.filter(key__in=keys[start : start + BATCH], day__gt=since)
            for scope, key, day, number in rows.values_list("scope", "key", "day", "used"):
                if (scope, bytes(key)) in self._days:
                    self._days[scope, bytes(key)][day] = number

    def total(self, limit: Limit) -> int:
        since = self._today - timedelta(days=limit.days)
        return sum(number for day, number in self._days[limit.scope, limit.key].items() if day > since)

    def today(self, limit: Limit) -> int:
        return self._days[limit.scope, limit.key][self._today]

    def free_on(self, limit: Limit) -> date:
        """Return the day on which enough uses have expired."""
        excess = self.total(limit) + limit.amount - limit.maximum
        for day in sorted(self._days[limit.scope, limit.key]):
            if day > self._today - timedelta(days=limit.days):
                excess -= self._days[limit.scope, limit.key][day]
                if excess <= 0:
                    return day + timedelta(days=limit.days)
        return self._today + timedelta(days=limit.days)

    def add(self, limits: Iterable[Limit]) -> None:
        for limit in limits:
            if not limit.amount:
                continue
            self._days[limit.scope, limit.key][self._today] += limit.amount
            self._changed.add((limit.scope, limit.key))

    def save(self) -> None:
        rows = [
            QuotaUse(scope=scope, key=key, day=self._today, used=self._days[scope, key][self._today])
            for scope, key in sorted(self._changed)
        ]
        QuotaUse.objects.bulk_create(
            rows,
            batch_size=BATCH // 4,
            update_conflicts=True,
            unique_fields=["scope", "key", "day"],
            update_fields=["used"],
        )


def _locked_uses(limits: Sequence[Limit]) -> _Uses:
    """Lock the counters until the transaction ends, then load them. SQLite has one writer at a time."""
    if connection.vendor == "postgresql":
        buckets = sorted({_lock_number(limit) for limit in limits})
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(number) FROM unnest(%s) AS number", [buckets])
    return _Uses(limits)


def _lock_number(limit: Limit) -> int:
    scope = int.from_bytes(hashlib.sha256(limit.scope.encode()).digest()[:6])
    return scope * LOCK_BUCKETS + limit.key[0] % LOCK_BUCKETS
