"""A copy of everything held about a member: JSON and CSV in one zip, built by the worker, encrypted at rest."""

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
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.audit import services as audit
from apps.core import crypto
from apps.core.csv_safe import safe_cell
from apps.jobs import jobs
from apps.jobs.models import Job
from apps.notifications import services as notifications
from apps.privacy import registry as privacy

from .models import DataExport, User

HOURS = 24
SALT = "accounts.export"


def folder() -> Path:
    """Return the folder of the copies, readable by the house alone."""
    path = Path(settings.DATA_DIR) / "exports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def request_export(*, member: User) -> DataExport:
    """Accept the wish for a copy; one that is already on its way is returned instead."""
    with transaction.atomic():
        waiting = DataExport.objects.filter(member=member, state=DataExport.State.WAITING).first()
        if waiting:
            return waiting
        export = DataExport.objects.create(member=member)
        jobs.enqueue("default.build_export", key=str(export.pk), args={"export_id": export.pk}, priority=4)
        audit.log_write(actor=member, action="member.export_asked", subject=member)
    return export


def build(export_id: int) -> None:
    """Build a copy and tell the member; a second run finds it ready."""
    export = DataExport.objects.select_related("member").filter(pk=export_id, state="waiting").first()
    if export is None:
        return
    with translation.override(export.member.language):
        data = zipped(privacy.export_all(export.member))
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


def zipped(told: Mapping[str, Mapping[str, Any]]) -> bytes:
    """Return the zip: a page that explains, one JSON of all, one CSV a kind of data."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", _explained(told))
        archive.writestr("data.json", json.dumps(told, indent=1, default=_plain, ensure_ascii=False))
        for label, part in told.items():
            if part["rows"]:
                archive.writestr(f"{label.lower()}.csv", _as_csv(part["rows"]))
    return buffer.getvalue()


def _explained(told: Mapping[str, Mapping[str, Any]]) -> str:
    lines = [_("Everything %(site)s holds about you.") % {"site": settings.SITE_NAME}, ""]
    for label, part in told.items():
        kept = _("kept: %(until)s") % {"until": part["keep"]}
        lines.append(f"{part['title']} ({len(part['rows'])}; {kept}): {label.lower()}.csv")
    return "\n".join(lines) + "\n"


def _as_csv(rows: list[dict[str, Any]]) -> str:
    buffer = io.StringIO()
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.writer(buffer)
    writer.writerow(columns)
    writer.writerows([safe_cell(_flat(row.get(column))) for column in columns] for row in rows)
    return "\ufeff" + buffer.getvalue()


def _flat(value: Any) -> Any:
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=_plain, ensure_ascii=False)
    return value


def _plain(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def token_of(export: DataExport) -> str:
    """Return the signed name under which a copy is fetched for a day."""
    return signing.dumps(export.pk, salt=SALT)


def read(*, member: User, token: str) -> bytes | None:
    """Return a member's own copy; None for a link that is false, too old, or somebody else's."""
    try:
        number = signing.loads(token, salt=SALT, max_age=timedelta(hours=HOURS))
    except signing.BadSignature:
        return None
    export = DataExport.objects.filter(pk=number, member=member, state=DataExport.State.READY).first()
    path = folder() / export.name if export else None
    if not export or not path or not path.is_file() or _too_old(export):
        return None
    audit.log_write(actor=member, action="member.export_fetched", subject=member)
    return base64.b64decode(crypto.decrypt(path.read_text(encoding="ascii")))


def _too_old(export: DataExport) -> bool:
    return export.ready_at is None or export.ready_at < timezone.now() - timedelta(hours=HOURS)


def current(member: User) -> DataExport | None:
    """Return the newest copy that is on its way or can still be fetched."""
    newest = DataExport.objects.filter(member=member).order_by("-pk").first()
    if newest is None or (newest.state == DataExport.State.READY and _too_old(newest)):
        return None
    return newest


def stopped(job: Job) -> None:
    """A copy could not be built for good; the page says so and offers another try."""
    waiting = DataExport.objects.filter(pk=int(job.args["export_id"]), state=DataExport.State.WAITING)
    waiting.update(state=DataExport.State.STOPPED)


def delete_exports(member: User) -> int:
    """Drop a member's copies and their files."""
    return _drop(DataExport.objects.filter(member=member))


def purge(before: datetime) -> int:
    """Drop copies older than `before`, and files that no row names."""
    dropped = _drop(DataExport.objects.filter(made_at__lt=before))
    named = set(DataExport.objects.values_list("name", flat=True))
    for path in folder().iterdir():
        if path.name not in named and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
    return dropped


def _drop(rows: Any) -> int:
    names = [name for name in rows.values_list("name", flat=True) if name]
    dropped = int(rows.delete()[0])
    for name in names:
        (folder() / name).unlink(missing_ok=True)
    return dropped
