"""Report what is configured, what is missing and what to do, one line per item, for operators."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from apps.audit import anchors
from apps.jobs import heartbeats, relay
from apps.jobs.models import Job
from project.backup import last_backup

LOW_DISK_BYTES = 2 * 1024**3
LATE_SECONDS = 60
# A daily backup starts at the same hour and may take a while.
BACKUP_MAX_AGE = timedelta(hours=25)


@dataclass(frozen=True)
class Finding:
    """The state of one item, or what to do about it. An `optional` item is never an error."""

    name: str
    ok: bool
    message: str
    optional: bool = False

    @property
    def mark(self) -> str:
        """Return ok, todo or fix."""
        return "ok  " if self.ok else "todo" if self.optional else "fix "


def examine() -> list[Finding]:
    """Return all findings. Without a working database, omit the items that need it."""
    findings = [*_settings(), *_files(), *_database()]
    if all(finding.ok for finding in findings if finding.name == "database"):
        findings += [*_processes(), *_jobs(), *_backup(), *_anchors(), *_data()]
    return findings


def _settings() -> Iterator[Finding]:
    errors = [str(message.msg) for message in run_checks() if message.level >= ERROR]
    yield Finding("settings", not errors, " ".join(errors) or "every check passes")


def _files() -> Iterator[Finding]:
    # `make services` as root lets its servers pass through the directory, which reveals nothing: x without r.
    open_to_others = settings.DATA_DIR.stat().st_mode & 0o066
    remedy = f"other users can read it: chmod 700 {settings.DATA_DIR}"
    yield Finding("DATA_DIR", not open_to_others, remedy if open_to_others else str(settings.DATA_DIR))
    free = shutil.disk_usage(settings.DATA_DIR).free
    yield Finding("disk", free > LOW_DISK_BYTES, f"{free / 1024**3:.1f} GB free; 1.5 GB needed per million voters")


def _database() -> Iterator[Finding]:
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding("database", False, f"it does not answer ({type(error).__name__}); see DATABASE_URL")
        return
    yield Finding("database", not behind, "run: manage.py migrate" if behind else connection.vendor)


def _processes() -> Iterator[Finding]:
    for kind in ("worker", "relay", "scheduler"):
        alive = heartbeats.is_alive(kind)
        yield Finding(kind, alive, "running" if alive else "not running; start it: manage.py up, or its systemd unit")


def _jobs() -> Iterator[Finding]:
    dead = Job.objects.dead().count()
    yield Finding("dead letters", not dead, f"{dead} to read: manage.py deadletters list" if dead else "none")
    lag = relay.lag_seconds()
    yield Finding("outbox", lag < LATE_SECONDS, f"the oldest unpublished job has waited {lag:.0f} s")


def _anchors() -> Iterator[Finding]:
    """Check the anchors: heads of the audit chain are proof only if this process cannot rewrite them."""
    if settings.DEMO:
        return
    remedy = (
        f"{settings.AUDIT_ANCHOR_URL} can be rewritten by this user; as root: chattr +a on its file, or copy it away"
    )
    sealed = anchors.store().is_append_only()
    yield Finding("audit anchors", sealed, "append-only" if sealed else remedy, optional=True)


def _backup() -> Iterator[Finding]:
    """Check backups: a database server has its own tools; without recipients, backups are not configured."""
    if connection.vendor != "sqlite" or settings.DEMO:
        return
    last, remedy = last_backup(), "run daily: manage.py backup DIR"
    if last is None:
        yield Finding("backup", False, f"none; {remedy}", optional=not settings.BACKUP_RECIPIENTS)
        return
    age = datetime.now(UTC) - last
    hours = f"{age.total_seconds() / 3600:.0f} hours old"
    yield Finding("backup", age < BACKUP_MAX_AGE, hours if age < BACKUP_MAX_AGE else f"{hours}; {remedy}")


def _data() -> Iterator[Finding]:
    wanted: list[tuple[str, str, str]] = [
        ("roll", "voters.LiveRoll", "manage.py load_roll FILE --layout … --state …"),
        ("boundaries", "districts.Vintage", "manage.py load_boundaries FILE --layer … --vintage …"),
        ("officials", "officials.Official", "manage.py load_officials FILE"),
        ("elections", "officials.Election", "manage.py load_elections FILE"),
        ("owner", "accounts.User", "manage.py add_member EMAIL --role owner"),
    ]
    for name, label, remedy in wanted:
        rows = apps.get_model(label)._default_manager.all()
        if name == "owner":
            rows = rows.filter(role="owner")
        count = rows.count()
        yield Finding(name, bool(count), str(count) if count else f"none; {remedy}", optional=True)


def report(write: Callable[[str], object]) -> int:
    """Write every finding; return how many need attention."""
    findings = examine()
    for finding in findings:
        write(f"{finding.mark}  {finding.name:<14} {finding.message}")
    return sum(not finding.ok and not finding.optional for finding in findings)
