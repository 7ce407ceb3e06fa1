"""Write the head of the audit chain to a store that the application cannot rewrite, and compare the chain with it.

An attacker with the database and AUDIT_KEY can compute a new chain, or cut off its end. The heads that were written
before reveal both. AUDIT_ANCHOR_URL selects the store; a scheme is a class in settings.BACKENDS. On a local disk an
operator makes the file append-only (`chattr +a`), which only root can undo, or ships it to another machine.
"""

import array
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.utils import timezone

from apps.core.backends import get_backend
from apps.core.errors import BackendMisconfigured

from .models import AuditEntry

RESTORED = "audit.restored"
# From linux/fs.h: the request that reads a file's flags on 64-bit systems, and the append-only flag.
FS_IOC_GETFLAGS = 0x80086601
FS_APPEND_FL = 0x20


@dataclass(frozen=True)
class Anchor:
    """The head of the chain at a time."""

    at: datetime
    number: int
    hash: str


class AnchorStore(Protocol):
    """The interface of a store of heads, which can neither change nor remove one."""

    def append(self, anchor: Anchor) -> None:
        """Write one head durably."""

    def read(self) -> Iterator[Anchor | None]:
        """Yield every head in the order of writing, and None for an unreadable one."""

    def is_append_only(self) -> bool:
        """Return whether the system refuses this process any change of the store except appending."""


class FileAnchors:
    """`files:///folder`: one line of JSON for each head, in a file that is opened for appending only."""

    def __init__(self, url: str) -> None:
        self.path = Path(unquote(urlsplit(url).path)) / "heads.jsonl"

    def append(self, anchor: Anchor) -> None:
        """Append a line, and wait until it is on disk."""
        line = json.dumps({"at": anchor.at.isoformat(), "number": anchor.number, "hash": anchor.hash}) + "\n"
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode("ascii"))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def read(self) -> Iterator[Anchor | None]:
        """Yield the heads of the file; none if nothing was written yet."""
        if not self.path.exists():
            return
        with self.path.open(encoding="ascii", errors="replace") as file:
            for line in file:
                try:
                    fields = json.loads(line)
                    yield Anchor(datetime.fromisoformat(fields["at"]), int(fields["number"]), str(fields["hash"]))
                except (ValueError, KeyError, TypeError):
                    yield None

    def is_append_only(self) -> bool:
        """Return whether the file has the flag that `chattr +a` sets; file systems without flags have none."""
        flags = array.array("l", [0])
        try:
            with self.path.open("rb") as file:
                fcntl.ioctl(file, FS_IOC_GETFLAGS, flags, True)
        except OSError:
            return False
        return bool(flags[0] & FS_APPEND_FL)

    def probe(self) -> None:
        """Raise BackendMisconfigured if the folder cannot be written."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise BackendMisconfigured(f"the folder cannot be created: {error.strerror}.") from error
        if not os.access(self.path if self.path.exists() else self.path.parent, os.W_OK):
            raise BackendMisconfigured("the folder cannot be written by this user.")


def store() -> AnchorStore:
    """Return the store of AUDIT_ANCHOR_URL."""
    found: AnchorStore = get_backend("AUDIT_ANCHOR_URL")
    return found


def write_head() -> None:
    """Write the head of the chain to the store; called every hour."""
    head = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
    if head:
        store().append(Anchor(timezone.now().astimezone(UTC), *head))


@dataclass
class Comparison:
    """What a comparison of the chain with the store found; `broken` is the first head that the chain contradicts."""

    compared: int = 0
    purged: int = 0
    before_a_restore: int = 0
    unreadable: int = 0
    last: Anchor | None = None
    broken: Anchor | None = None
    restores: list[tuple[datetime, int]] = field(default_factory=list)


def compare(anchors: Iterable[Anchor | None]) -> Comparison:
    """Compare every head with the entry of its number. Heads older than the retention of entries cannot be compared."""
    first = AuditEntry.objects.order_by("number").values_list("number", flat=True).first() or 0
    found = Comparison(restores=_restores())
    for anchor in anchors:
        if anchor is None:
            found.unreadable += 1
            continue
        found.last = anchor
        if anchor.number < first:
            found.purged += 1
        elif AuditEntry.objects.filter(number=anchor.number, hash=anchor.hash).exists():
            found.compared += 1
        elif any(anchor.number > last and anchor.at <= at for at, last in found.restores):
            found.before_a_restore += 1
        else:
            found.broken = anchor
            break
    return found


def _restores() -> list[tuple[datetime, int]]:
    rows = AuditEntry.objects.filter(action=RESTORED).values_list("at", "facts")
    return [(at, int(facts["last"])) for at, facts in rows]
