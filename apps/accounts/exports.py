"""Export a member's data: JSON and CSV in one zip file, built by the worker and encrypted at rest."""

import base64
import csv
import io
import json
import os
import secrets
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.audit import services as audit
from apps.core import crypto
from apps.core.csv_safe import safe_cell
from apps.jobs import jobs, task_names
from apps.jobs.models import Job
from apps.notifications import services as notifications
from apps.privacy import registry as privacy

from .models import DataExport, User

HOURS = 24
SALT = "accounts.export"


def folder() -> Path:
    """Return the folder of export files, readable by this user only."""
    path = Path(settings.DATA_DIR) / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def request_export(*, member: User) -> DataExport:
    """Queue an export; return the pending one if there is one."""
    with transaction.atomic():
        waiting = DataExport.objects.filter(member=member, state=DataExport.State.WAITING).first()
        if waiting:
            return waiting
        export = DataExport.objects.create(member=member)
        jobs.enqueue(task_names.BUILD_EXPORT, key=str(export.pk), args={"export_id": export.pk}, priority=4)
        audit.log_write(actor=member, action="member.export_asked", subject=member)
    return export


def build(export_id: int) -> None:
    """Build an export and notify the member; a second run finds it ready."""
    export = DataExport.objects.select_related("member").filter(pk=export_id, state="waiting").first()
    if export is None:
        return
    with translation.override(export.member.language):
        data = zip_export(privacy.export_all(export.member))
    export.name = _store(data)
    with transaction.atomic():
        export.state, export.ready_at = DataExport.State.READY, timezone.now()
        export.save(update_fields=["name", "state", "ready_at"])
        notifications.notify(member=export.member, kind="accounts.export_ready", key=str(export.pk))


def _store(data: bytes) -> str:
    name = secrets.token_hex(16)
    descriptor = os.open(folder() / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(crypto.encrypt(base64.b64encode(data).decode("ascii")))
    return name


def zip_export(data: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return a zip file: a README, one JSON file of everything, one CSV file per kind of data."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _readme(data))
        archive.writestr("data.json", json.dumps(data, indent=1, default=_to_json, ensure_ascii=False))
        for label, part in data.items():
            if part["rows"]:
                archive.writestr(f"{label.lower()}.csv", _as_csv(part["rows"]))
    return buffer.getvalue()


def _readme(data: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [_("Everything %(site)s holds about you.") % {"site": settings.SITE_NAME}, ""]
    for label, part in data.items():
        retention = _("kept: %(until)s") % {"until": part["keep"]}
        lines.append(f"{part['title']} ({len(part['rows'])}; {retention}): {label.lower()}.csv")
    return "\n".join(lines) + "\n"


def _as_csv(rows: list[dict[str, Any]]) -> str:
    buffer = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([safe_cell(_to_cell(row.get(column))) for column in columns] for row in rows)
    return "\ufeff" + buffer.getvalue()


def _to_cell(value: object) -> object:
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=_to_json, ensure_ascii=False)
    return value


def _to_json(value: object) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def token_of(export: DataExport) -> str:
    """Return the signed token of an export's download URL; it is valid for HOURS."""
    return signing.dumps(export.pk, salt=SALT)


def read(*, member: User, token: str) -> bytes | None:
    """Return the zip file of a member's own export; None if the token is invalid, expired or another member's."""
    try:
        number = signing.loads(token, salt=SALT, max_age=timedelta(hours=HOURS))
    except signing.BadSignature:
        return None
    export = DataExport.objects.filter(pk=number, member=member, state=DataExport.State.READY).first()
    path = folder() / export.name if export else None
    if not export or not path or not path.is_file() or _is_expired(export):
        return None
    audit.log_write(actor=member, action="member.export_fetched", subject=member)
    return base64.b64decode(crypto.decrypt(path.read_text(encoding="ascii").strip()))


def rotate_keys(dry_run: bool) -> int:
    """Rotate the stored exports; return how many values."""
    files = [path for path in folder().iterdir() if path.is_file() and not path.name.startswith(".")]
    return len(files) if dry_run else sum(crypto.rotate_lines(path) for path in files)


def _is_expired(export: DataExport) -> bool:
    return export.ready_at is None or export.ready_at < timezone.now() - timedelta(hours=HOURS)


def current(member: User) -> DataExport | None:
    """Return the newest export that is pending or can still be downloaded."""
    newest = DataExport.objects.filter(member=member).order_by("-pk").first()
    if newest is None or (newest.state == DataExport.State.READY and _is_expired(newest)):
        return None
    return newest


def mark_failed(job: Job) -> None:
    """Mark the export of a dead job as failed; the page then offers another try."""
    waiting = DataExport.objects.filter(pk=int(job.args["export_id"]), state=DataExport.State.WAITING)
    waiting.update(state=DataExport.State.FAILED)


def delete_exports(member: User) -> int:
    """Delete a member's exports and their files; return the number of rows."""
    return _delete(DataExport.objects.filter(member=member))


def purge(before: datetime) -> int:
    """Delete exports older than `before`, and files without a row; return the number of rows."""
    deleted = _delete(DataExport.objects.filter(made_at__lt=before))
    named = set(DataExport.objects.values_list("name", flat=True))
    for path in folder().iterdir():
        if path.name not in named and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
    return deleted


def _delete(rows: QuerySet[DataExport]) -> int:
    names = [name for name in rows.values_list("name", flat=True) if name]
    deleted = int(rows.delete()[0])
    for name in names:
        (folder() / name).unlink(missing_ok=True)
    return deleted
