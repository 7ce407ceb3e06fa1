"""Back up an installation on SQLite while it runs: encrypted, without sessions, and without rolls unless requested.

See project/backup_format.py for the format and project/restore.py for restoring.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage
from django.conf import settings
from django.db import connection

from apps.core.errors import BadInput, Refused
from apps.voters.snapshot_files import live_snapshots
from project.backup_format import DATABASE, FOLDERS, FORMAT, ROLLS, SUFFIX, Manifest, checksum, key_checks, recipients

# Data of sign-ins, and data that can be rebuilt. The cache has counters of sign-in attempts.
EMPTIED = ("django_session", "usersessions_usersession", "core_cache_rows", "jobs_heartbeat")


def only_sqlite() -> None:
    """Raise Refused for a database server."""
    if connection.vendor != "sqlite":
        raise Refused(
            "The database is on a server. Back it up with the server's tools (docs/operations.md), and copy DATA_DIR."
        )


def last_backup() -> datetime | None:
    """Return when the last backup of this installation was finished."""
    try:
        return datetime.fromisoformat(_stamp().read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def backup(folder: Path, *, rolls: bool = False) -> dict[str, Any]:
    """Write a backup into a new folder; return the number of files and bytes, and how to load rolls left out.

    Raises BadInput if the folder exists, Refused without BACKUP_RECIPIENTS or if the database is not SQLite.
    """
    only_sqlite()
    if folder.exists():
        raise BadInput(f"{folder} exists. Name a new folder, so that no older backup is overwritten.")
    recipients()  # refuses before anything is written
    draft = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    try:
        manifest = _write(draft, rolls=rolls)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    draft.rename(folder)
    _stamp().write_text(manifest.created, encoding="ascii")
    files, left_out = manifest.files, manifest.missing_rolls
    return {
        "files": len(files),
        "bytes": sum((folder / name).stat().st_size for name in files),
        "rolls": "included" if rolls else "left out",
        "load_again": left_out,
    }


def _write(draft: Path, *, rolls: bool) -> Manifest:
    to, created = recipients(), datetime.now(UTC)
    # The unencrypted copy stays under DATA_DIR, where the database itself is.
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=settings.DATA_DIR) as scratch:
        _copy_database(Path(scratch) / DATABASE)
        _encrypt(Path(scratch) / DATABASE, draft / f"{DATABASE}{SUFFIX}", to)
    for path in _files((*FOLDERS, ROLLS) if rolls else FOLDERS):
        if path.exists():  # an export may expire while the backup runs
            _encrypt(path, draft / f"{path.relative_to(settings.DATA_DIR)}{SUFFIX}", to)
    written = [path for path in sorted(draft.rglob("*")) if path.is_file()]
    files = {str(path.relative_to(draft)): checksum(path) for path in written}
    left_out = [] if rolls else [_how_to_load(snapshot) for snapshot in live_snapshots().values()]
    manifest = Manifest(FORMAT, created.isoformat(), files, key_checks(), left_out)
    manifest.write(draft)
    return manifest


def _stamp() -> Path:
    return settings.DATA_DIR / "last_backup"


def _copy_database(target: Path) -> None:
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
        closing(sqlite3.connect(target, isolation_level=None)) as copy,
    ):
        source.backup(copy, pages=2000)
        for table in EMPTIED:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 - names of this module
        copy.execute("VACUUM")  # deleted rows would otherwise stay in free pages


def _files(folders: tuple[str, ...]) -> Iterator[Path]:
    for name in folders:
        yield from (path for path in sorted((settings.DATA_DIR / name).rglob("*")) if path.is_file())


def _encrypt(source: Path, target: Path, to: list[pyrage.x25519.Recipient]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pyrage.encrypt_file(str(source), str(target), to)


def _how_to_load(snapshot: Any) -> str:
    state = f" --state {snapshot.state}" if snapshot.state else ""
    return f"load_roll {snapshot.file_name} --layout {snapshot.layout}{state} --as-of {snapshot.as_of.isoformat()}"
