"""Write and verify the audit log, a chain of entries with a keyed hash of each entry and its predecessor.

AUDIT_KEY is stored outside the database, so an attacker who changes a row cannot recompute the chain. A read is
committed before its data is shown. Entries contain ids, field names and a reason, never personal data.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.core.log import get_logger
from apps.core.metadata import Facts, checked
from apps.core.roles import role_of

from .anchors import RESTORED
from .models import AuditEntry

log = get_logger(__name__)

START = "0" * 64
PURGED = "audit.purged"
LOCK = 7_041_776  # the chain's PostgreSQL advisory lock; the number is arbitrary


def subject_of(subject: models.Model | str) -> str:
    """Return the name of a subject: `app.model:id`, or a short text unchanged."""
    if isinstance(subject, str):
        return str(checked({"subject": subject})["subject"])
    return f"{subject._meta.label_lower}:{subject.pk}"


def log_read(*, actor: object, subject: models.Model | str, fields: Iterable[str], reason: str) -> AuditEntry:
    """Log that `actor` is about to read `fields` of `subject`; the entry is committed when this returns.

    Raises Refused without a reason, and RuntimeError inside a transaction, whose rollback would remove the entry.
    """
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise Refused(_("Say why you need to see this. The reason is kept."))
    with transaction.atomic(durable=True):
        return _append(AuditEntry.Kind.READ, actor, "read", subject, fields=sorted(fields), reason=reason)


def log_write(
    *, actor: object, action: str, subject: models.Model | str, facts: Facts | None = None, reason: str = ""
) -> AuditEntry:
    """Log a change in the caller's transaction. `actor` is None for the system itself and for operators' commands."""
    with transaction.atomic():
        return _append(
            AuditEntry.Kind.WRITE,
            actor,
            action,
            subject,
            facts=checked(facts),
            reason=" ".join(reason.split())[:200],
        )


def _append(
    kind: str,
    actor: object,
    action: str,
    subject: models.Model | str,
    *,
    fields: list[str] | None = None,
    reason: str = "",
    facts: dict[str, int | str] | None = None,
) -> AuditEntry:
    """Append an entry. SQLite's write lock or a PostgreSQL advisory lock allows one writer at a time."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    last = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
    number, previous = last or (0, START)
    entry = AuditEntry(
        number=number + 1,
        at=timezone.now(),
        kind=kind,
        actor_id=getattr(actor, "pk", None),
        role=role_of(actor),
        action=action,
        subject=subject_of(subject),
        fields=fields or [],
        reason=reason,
        facts=facts or {},
        previous=previous,
    )
    entry.hash = link_hash(entry)
    entry.save(force_insert=True)
    return entry


def link_hash(entry: AuditEntry) -> str:
    """Return the keyed hash of an entry's content and its predecessor's hash."""
    content = [
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.kind,
        entry.actor_id,
        entry.role,
        entry.action,
        entry.subject,
        entry.fields,
        entry.reason,
        entry.facts,
        entry.previous,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.new(settings.AUDIT_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class ChainState:
    """The result of a verification; `broken` is the number of the first invalid entry."""

    entries: int
    head: str
    broken: int | None = None
    reason: str = ""


def verify_chain() -> ChainState:
    """Verify the chain in order; stop at the first invalid entry."""
    count, previous, expected, opening = 0, START, 1, None
    purged: set[int] = set()
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if not count and entry.number > 1:
            # Earlier entries were purged by age; a later entry must record that purge.
            opening, expected, previous = entry.number, entry.number, entry.previous
        if reason := _why_broken(entry, expected, previous):
            return ChainState(count, previous, entry.number, reason)
        if entry.action == PURGED:
            purged.add(int(entry.facts["last"]))
        count, previous, expected = count + 1, entry.hash, entry.number + 1
    if opening and opening - 1 not in purged:
        return ChainState(count, previous, opening, "The entries before it are missing, and no purge is recorded.")
    return ChainState(count, previous)


def _why_broken(entry: AuditEntry, expected: int, previous: str) -> str:
    if entry.number != expected:
        return f"Entry {expected} is missing before it."
    if entry.previous != previous:
        return "It does not follow the entry before it."
    if not hmac.compare_digest(link_hash(entry), entry.hash):
        return "It was changed after it was written, or AUDIT_KEY is a different key."
    return ""


def purge(before: datetime) -> int:
    """Delete entries older than `before` and record the purge in the chain; return how many were deleted.

    The database triggers refuse to delete younger entries.
    """
    with transaction.atomic():
        old = AuditEntry.objects.filter(at__lt=before)
        last = old.order_by("-number").values_list("number", flat=True).first()
        if last is None:
            return 0
        log_write(actor=None, action=PURGED, subject="audit.auditentry", facts={"last": last})
        return old.filter(number__lte=last).delete()[0]


def log_restore() -> None:
    """Record in the chain that a backup was restored: later heads of the time before belong to entries now lost."""
    last = AuditEntry.objects.order_by("-number").values_list("number", flat=True).first() or 0
    log_write(actor=None, action=RESTORED, subject="audit.auditentry", facts={"last": last})


def log_head() -> None:
    """Log the hash of the newest entry, which later proves whether the end of the chain was cut off."""
    head = AuditEntry.objects.order_by("-number").values_list("number", "hash").first()
    if head:
        log.info("audit.head", count=head[0], head=head[1][:16])
