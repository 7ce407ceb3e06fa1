"""A circuit breaker: while a server does not answer, callers fail at once instead of waiting for its timeout."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from .errors import BackendUnavailable
from .log import get_logger

log = get_logger(__name__)


class Breaker:
    """Opens after `failures` in a row; after `seconds` one caller tries (half open), and closes or opens it again.

    One per process and server. Only BackendUnavailable counts; an error about the request itself does not.
    """

    def __init__(
        self, name: str, *, failures: int = 3, seconds: float = 5.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.name = name
        self._failures, self._seconds, self._clock = failures, seconds, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._closed_from = 0.0

    @property
    def open(self) -> bool:
        """Whether the breaker refuses calls now."""
        return self._failed >= self._failures and self._clock() < self._closed_from

    @contextmanager
    def call(self) -> Iterator[None]:
        """Run the block and count its result; raise BackendUnavailable at once while the breaker is open."""
        self._enter()
        try:
            yield
        except BackendUnavailable:
            self._note(failed=True)
            raise
        else:
            self._note(failed=False)

    def _enter(self) -> None:
        with self._lock:
            if self._failed < self._failures:
                return
            now = self._clock()
            if now < self._closed_from:
                raise BackendUnavailable(f"{self.name} did not answer; the next attempt follows in a few seconds.")
            self._closed_from = now + self._seconds  # only this caller tries until its result is known

    def _note(self, *, failed: bool) -> None:
        with self._lock:
            was_open = self._failed >= self._failures
            self._failed = self._failed + 1 if failed else 0
            if failed and self._failed >= self._failures:
                self._closed_from = self._clock() + self._seconds
        if was_open != (self._failed >= self._failures):
            log.warning("breaker.opened" if failed else "breaker.closed", backend=self.name)
