"""Back up and restore an installation on SQLite, with a checksum per file.

A backup holds the database, snapshots of rolls, boundaries, addresses, uploads and tombstones. It omits the broker, the
cache and static files, which can be rebuilt, and the keys, which must be stored elsewhere.
"""

import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from apps.core.errors import BadInput, Refused
from apps.jobs import reconcile
from apps.jobs.models import Heartbeat, Job

FOLDERS = ("rolls", "boundaries", "addresses", "media", "erasures")
DATABASE = "db.sqlite3"
MANIFEST = "backup.json"


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _only_sqlite() -> None:
    if connection.vendor != "sqlite":
        raise Refused(
            "The database is on a server. Back it up with the server's tools (docs/operations.md), and copy DATA_DIR."
        )


def backup(folder: Path) -> dict[str, Any]:
    """Write a backup into a new folder while the installation runs; return the number of files and bytes.

    Raises BadInput if the folder exists, Refused if the database is not SQLite.
    """
    _only_sqlite()
    if folder.exists():
        raise BadInput(f"{folder} exists. Name a new folder, so that no older backup is overwritten.")
    draft = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True, mode=0o700)
    with (
        closing(sqlite3.connect(connection.settings_dict["NAME"])) as source,
        closing(sqlite3.connect(draft / DATABASE)) as target,
    ):
        source.backup(target, pages=2000)
    for name in FOLDERS:
        if (settings.DATA_DIR / name).is_dir():
            shutil.copytree(settings.DATA_DIR / name, draft / name)
    files = {str(path.relative_to(draft)): checksum(path) for path in sorted(draft.rglob("*")) if path.is_file()}
    manifest = {"made": datetime.now(UTC).isoformat(), "files": files}
    (draft / MANIFEST).write_text(json.dumps(manifest, indent=1))
    draft.rename(folder)
    return {"files": len(files), "bytes": sum((folder / name).stat().st_size for name in files)}


def verified(folder: Path) -> dict[str, str]:
    """Verify a backup and return its files with their checksums; raise BadInput for a missing or changed file."""
    try:
        files: dict[str, str] = json.loads((folder / MANIFEST).read_text())["files"]
    except (OSError, ValueError, KeyError) as error:
        raise BadInput(f"{folder} holds no readable {MANIFEST}: it is not a backup, or an unfinished one.") from error
    for name, expected in files.items():
        if not (folder / name).is_file():
            raise BadInput(f"{folder / name} is missing. The backup is not whole; use another.")
        if checksum(folder / name) != expected:
            raise BadInput(f"{folder / name} differs from what was backed up. Use another backup.")
    return files


def restore(folder: Path) -> dict[str, Any]:
    """Restore a backup into an empty DATA_DIR, after verifying every file."""
    _only_sqlite()
    files = verified(folder)
    database = Path(connection.settings_dict["NAME"])
    if database.exists():
        raise Refused(f"{database} exists. Restore into an empty DATA_DIR, or move the old one away first.")
    for name in (name for name in FOLDERS if (folder / name).is_dir()):
        shutil.copytree(folder / name, settings.DATA_DIR / name, dirs_exist_ok=True)
    draft = database.with_name(f".{database.name}.part")
    shutil.copyfile(folder / DATABASE, draft)
    draft.rename(database)
    connections.close_all()
    call_command("migrate", verbosity=0, interactive=False)
    Heartbeat.objects.all().delete()
    Job.objects.unfinished().republish()
    call_command("replay_erasures", verbosity=0)
    return {"files": len(files), **reconcile.reconcile()}
