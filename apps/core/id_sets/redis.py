"""Id sets in Redis: the algebra runs in the server, an answer is one round trip, and everything may vanish.

A set is stored whole, in one transaction, and leaves by itself after a day. The server evicts what was not used for
longest when its memory is full; a missing set reads as None, and the caller makes it from the database.
Measured sizes: 512 whole numbers 1.3 kB, 10,000 0.5 MB, 1,000,000 40 MB (set-max-intset-entries is the lever).
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

PREFIX = "votekin:ids:"  # the server's access list lets us touch nothing else
# As in the embedded store: a member that marks a set as stored, so that an empty set differs from a missing one.
MARK = -1
DAY_SECONDS = 24 * 3600
MEMBERS_A_COMMAND = 10_000
# Well below what a request may take: whoever waits here can ask the database instead.
CONNECT_SECONDS = 0.3
ANSWER_SECONDS = 1.0


class RedisIdSets(IdSets):
    """One Redis set a key. Raises BackendUnavailable where the server does not answer."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self._breaker = Breaker("Redis", failures=2)
        self._client = redis.Redis.from_url(
            url,
            socket_connect_timeout=CONNECT_SECONDS,
            socket_timeout=ANSWER_SECONDS,
            retry=Retry(NoBackoff(), 1),  # a connection that the server closed in the meantime
            health_check_interval=30,
        )

    def put(self, key: str, members: Iterable[int]) -> None:
        """Store a whole set, so that no reader ever sees a part of it."""
        name, ids = PREFIX + key, [MARK, *members]
        with self._asking() as transaction:
            transaction.delete(name)
            for start in range(0, len(ids), MEMBERS_A_COMMAND):
                transaction.sadd(name, *ids[start : start + MEMBERS_A_COMMAND])
            # Sets that were made together do not all leave together.
            transaction.expire(name, DAY_SECONDS + random.randrange(3600))
            transaction.execute()

    def get(self, key: str) -> set[int] | None:
        """Return a set, or None."""
        return self.combine([key])

    def combine(self, wanted: Sequence[str], without: Sequence[str] = ()) -> set[int] | None:
        """Intersect and subtract in the server; whether every set is there is seen in the same transaction."""
        names, others = [PREFIX + key for key in wanted], [PREFIX + key for key in without]
        result = f"{PREFIX}result:{uuid.uuid4().hex}"
        with self._asking() as transaction:
            transaction.exists(*{*names, *others})
            transaction.sinterstore(result, names)
            transaction.sdiff([result, *others])
            transaction.delete(result)
            there, _, members, _ = transaction.execute()
        if there != len({*names, *others}):
            return None
        return {int(member) for member in members} - {MARK}

    def drop(self, prefix: str) -> None:
        """Forget the sets of a prefix."""
        pattern = PREFIX + "".join(f"[{sign}]" if sign in "*?[" else sign for sign in prefix) + "*"
        with self._asking() as transaction:
            for name in self._client.scan_iter(match=pattern, count=1000):
                transaction.unlink(name)
            transaction.execute()

    def probe(self) -> None:
        """Check the server; raise BackendUnavailable, or BackendMisconfigured if it refuses the credentials."""
        try:
            self._client.exists(PREFIX)
        except (redis.AuthenticationError, redis.ResponseError) as error:
            raise BackendMisconfigured(
                "Redis lets us in with no right to our keys. Give the user of the URL ~votekin:* and +@all -@admin "
                "-@dangerous (docs/operations.md)."
            ) from error
        except redis.RedisError as error:
            raise BackendUnavailable(
                "Redis does not answer. Start it; id sets come from the database until then."
            ) from error

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        with self._breaker.call():
            try:
                with self._client.pipeline(transaction=True) as transaction:
                    yield transaction
            except redis.RedisError as error:
                raise BackendUnavailable(f"Redis did not answer ({type(error).__name__}).") from error
