"""Id sets in Redis. The server computes intersections and differences, in one round trip.

A set is stored in one transaction and expires after a day. With full memory the server evicts the least recently used
sets; a missing set reads as None, and the caller computes it from the database.
Measured sizes: 512 integers 1.3 kB, 10,000 0.5 MB, 1,000,000 40 MB (set-max-intset-entries changes this).
"""

import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.core.circuit_breaker import Breaker
from apps.core.errors import BackendMisconfigured, BackendUnavailable

from .base import IdSets

PREFIX = "votekin:ids:"  # the server's access list allows no other keys
# A member of every stored set, so that an empty set differs from a missing one.
STORED_MARK = -1
DAY_SECONDS = 24 * 3600
MEMBERS_PER_COMMAND = 10_000
# Well below the time limit of a request: the caller can use the database instead.
CONNECT_SECONDS = 0.3
RESPONSE_SECONDS = 1.0


class RedisIdSets(IdSets):
    """Stores one Redis set per key. Methods raise BackendUnavailable if the server does not answer."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._breaker = Breaker("Redis", failures=2)
        self._client = redis.Redis.from_url(
            url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=RESPONSE_SECONDS,
            retry=Retry(NoBackoff(), 1),  # the server may have closed an idle connection
            health_check_interval=30,
        )

    def put(self, key: str, members: Iterable[int]) -> None:
        """Store a set in one transaction, so that no reader sees part of it."""
        name, ids = PREFIX + key, [STORED_MARK, *members]
        with self._pipeline() as transaction:
            transaction.delete(name)
            for start in range(0, len(ids), MEMBERS_PER_COMMAND):
                transaction.sadd(name, *ids[start : start + MEMBERS_PER_COMMAND])
            # The random part keeps sets that were stored together from expiring together.
            transaction.expire(name, DAY_SECONDS + random.randrange(3600))
            transaction.execute()

    def get(self, key: str) -> set[int] | None:
        """Return a set, or None."""
        return self.combine([key])

    def get_many(self, keys: Sequence[str]) -> dict[str, set[int]]:
        """Return the stored sets in one round trip."""
        with self._pipeline() as transaction:
            for key in keys:
                transaction.smembers(PREFIX + key)
            found = transaction.execute()
        # A stored set has at least the mark.
        return {
            key: {int(member) for member in members} - {STORED_MARK}
            for key, members in zip(keys, found, strict=True)
            if members
        }

    def combine(self, wanted: Sequence[str], without: Sequence[str] = ()) -> set[int] | None:
        """Intersect and subtract in the server; check in the same transaction that every set exists."""
        included, excluded = [PREFIX + key for key in wanted], [PREFIX + key for key in without]
        result = f"{PREFIX}result:{uuid.uuid4().hex}"
        with self._pipeline() as transaction:
            transaction.exists(*{*included, *excluded})
            transaction.sinterstore(result, included)
            transaction.sdiff([result, *excluded])
            transaction.delete(result)
            existing, _, members, _ = transaction.execute()
        if existing != len({*included, *excluded}):
            return None
        return {int(member) for member in members} - {STORED_MARK}

    def drop(self, prefix: str) -> None:
        """Delete the sets whose key begins with `prefix`."""
        pattern = PREFIX + "".join(f"[{sign}]" if sign in "*?[" else sign for sign in prefix) + "*"
        with self._pipeline() as transaction:
            for name in self._client.scan_iter(match=pattern, count=1000):
                transaction.unlink(name)
            transaction.execute()

    def probe(self) -> None:
        """Check the server; raise BackendUnavailable, or BackendMisconfigured if it refuses the credentials."""
        try:
            self._client.exists(PREFIX)
        except (redis.AuthenticationError, redis.ResponseError) as error:
            raise BackendMisconfigured(
                "Redis refuses access to the keys of Votekin. Give the user of the URL ~votekin:* and +@all -@admin "
                "-@dangerous (docs/operations.md)."
            ) from error
        except redis.RedisError as error:
            raise BackendUnavailable(
                "Redis does not answer. Start it; until then id sets come from the database."
            ) from error

    @contextmanager
    def _pipeline(self) -> Iterator[Any]:
        with self._breaker.call():
            try:
                with self._client.pipeline(transaction=True) as transaction:
                    yield transaction
            except redis.RedisError as error:
                raise BackendUnavailable(f"Redis did not answer ({type(error).__name__}).") from error
