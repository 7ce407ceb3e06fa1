"""Restore a backup of an installation on SQLite into an empty DATA_DIR.

Everything is verified and decrypted in a temporary folder first, so that a wrong identity, a wrong key, or a damaged
file changes nothing. See project/backup_format.py for the format.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pyrage
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, connections

from apps.audit import services as audit
from apps.core.errors import BadInput, Refused
from apps.jobs import reconcile
from apps.jobs.models import Heartbeat, Job
from apps.privacy import wrapping_keys
from apps.voters import snapshots
from project.backup import only_sqlite
from project.backup_format import DATABASE, SUFFIX, Manifest, checksum, identities, refuse_other_keys


def restore(folder: Path, identity: Path | None) -> dict[str, Any]:
    """Restore a backup with the file of the identity; return the number of files and what the reconciler did.

    Raises BadInput for a wrong identity, wrong keys, or a damaged backup; Refused if DATA_DIR has a database.
    """
    only_sqlite()
    manifest = verified(folder)
    database = Path(connection.settings_dict["NAME"])
    if database.exists():
        raise Refused(f"{database} exists. Restore into an empty DATA_DIR, or move the old one away first.")
    if identity is None:
        raise BadInput("A backup is encrypted: name the file of its identity with --identity FILE.")
    refuse_other_keys(manifest.keys)
    staging = settings.DATA_DIR / ".restore.part"
    shutil.rmtree(staging, ignore_errors=True)
    try:
        _decrypt(folder, manifest, staging, identity)
        _refuse_damaged_database(staging / DATABASE)
        _refuse_missing_wrapping_keys(staging / DATABASE)
        _move(staging, database)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return {"files": len(manifest.files), **_bring_up_to_date(), "load_again": manifest.missing_rolls}


def verified(folder: Path) -> Manifest:
    """Verify every file of a backup and return its manifest; raise BadInput for a missing or changed file."""
    manifest = Manifest.read(folder)
    for name, expected in manifest.files.items():
        if not (folder / name).is_file():
            raise BadInput(f"{folder / name} is missing. The backup is not complete; use another.")
        if checksum(folder / name) != expected:
            raise BadInput(f"{folder / name} differs from what was backed up. Use another backup.")
    if f"{DATABASE}{SUFFIX}" not in manifest.files:
        raise BadInput(f"{folder} contains no database. Use another backup.")
    return manifest


def _decrypt(folder: Path, manifest: Manifest, staging: Path, identity: Path) -> None:
    keys = identities(identity)
    for name in manifest.files:
        target = (staging / name.removesuffix(SUFFIX)).resolve()
        if not target.is_relative_to(staging.resolve()):
            raise BadInput(f"{folder}: the manifest names a file outside the backup. Use another backup.")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            pyrage.decrypt_file(str(folder / name), str(target), keys)
        except (pyrage.DecryptError, OSError) as error:
            raise BadInput(
                f"{identity} does not open {folder / name}: it is the identity of other recipients, or the file is "
                "damaged. Nothing was changed."
            ) from error


def _refuse_damaged_database(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as database:
            sound = database.execute("PRAGMA quick_check").fetchone() == ("ok",)
    except sqlite3.DatabaseError:
        sound = False
    if not sound:
        raise BadInput("The database in the backup is damaged. Nothing was changed; use another backup.")


def _refuse_missing_wrapping_keys(path: Path) -> None:
    """Refuse a restore without its wrapping keys, which are destroyed only after the last backup that needs them."""
    with closing(sqlite3.connect(path)) as database:
        needed = {str(row[0]) for row in database.execute("SELECT DISTINCT wrapped_by FROM privacy_memberkey")}
    missing = sorted(needed - set(wrapping_keys.ids()))
    if missing:
        raise BadInput(
            f"The wrapping keys {', '.join(missing)} are missing in {wrapping_keys.folder()}, so fields of members "
            "could not be read. Nothing was changed. Bring the directory back from where the keys are stored. "
            f"Keys of a backup older than {wrapping_keys.BACKUP_DAYS} days are destroyed on purpose."
        )


def _move(staging: Path, database: Path) -> None:
    """Move every file to its place, the database last: until then the restore can be started again."""
    for path in sorted(path for path in staging.rglob("*") if path.is_file() and path != staging / DATABASE):
        target = settings.DATA_DIR / path.relative_to(staging)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(target)
    (staging / DATABASE).replace(database)


def _bring_up_to_date() -> dict[str, Any]:
    connections.close_all()
    call_command("migrate", verbosity=0, interactive=False)
    Session.objects.all().delete()
    UserSession.objects.all().delete()
    Heartbeat.objects.all().delete()
    audit.log_restore()
    missing = snapshots.retire_without_files()
    Job.objects.unfinished().republish()
    call_command("replay_erasures", verbosity=0)
    return {"rolls_to_load": missing, **reconcile.reconcile()}
