"""Previews: an import reads its source once, shows it, and creates contacts only after the owner confirms."""

import time
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.contacts import serialization
from apps.contacts.dedupe import blocking_keys, may_be_same_person
from apps.contacts.models import ColumnMapping, Import, ImportPart
from apps.contacts.parsing import ParsedSource, RawContact, TableChoices, read_text
from apps.contacts.parsing.headers import headers_key
from apps.contacts.parsing.sandbox import read_untrusted
from apps.contacts.parsing.text import clean_text
from apps.contacts.parsing.types import DEFAULT_CHOICES, MAX_TEXT_BYTES
from apps.core.crypto import keyed_hash
from apps.core.errors import Refused
from apps.jobs import jobs, task_names

ROWS_PER_PART = 100
PREVIEW_ROWS = 5
SKIPPED_SHOWN = 20
FORMS_SHOWN = 10
MAX_DRAFTS_PER_DAY = 100
PartKind = ImportPart.Kind


def start_file(
    *,
    owner: User,
    stream: IO[bytes],
    file_name: str = "",
    by_operator: bool = False,
    choices: TableChoices = DEFAULT_CHOICES,
) -> Import:
    """Read a contact file into a draft; raise Refused, storing nothing, if it is not one."""
    check_quota(owner, by_operator=by_operator)
    parsed = read_untrusted(stream, choices)
    if parsed.kind == Import.Kind.CSV and not choices.fields and (remembered := _remembered_mapping(owner, parsed)):
        stream.seek(0)
        parsed = read_untrusted(stream, replace(choices, fields=remembered))
    draft = Import(owner=owner, kind=parsed.kind, file_name=clean_text(file_name, 80), by_operator=by_operator)
    return save_draft(draft, parsed, _table_source(stream, parsed))


def start_text(*, owner: User, text: str) -> Import:
    """Read a pasted list into a draft."""
    check_quota(owner)
    parsed = read_text(text)
    draft = Import(owner=owner, kind=parsed.kind)
    return save_draft(draft, parsed, text.encode() if parsed.columns else b"")


def add_person(*, owner: User, contact: RawContact) -> Import:
    """Import one person entered by hand; the form was the preview."""
    check_quota(owner)
    draft = save_draft(Import(owner=owner, kind=Import.Kind.MANUAL), ParsedSource("one", contacts=[contact]), b"")
    return confirm(draft=draft)


def map_columns(*, draft: Import, choices: TableChoices) -> Import:
    """Read a table again as its owner says, and remember the fields of its columns for the next such file."""
    source = ImportPart.objects.filter(
        contact_import=draft, kind=PartKind.SOURCE, contact_import__state=Import.State.DRAFT
    ).first()
    if source is None:
        raise Refused(_("This preview is over. Bring the file once more."))
    data = serialization.unpack_bytes(source.content)
    parsed = read_untrusted(BytesIO(data), choices)
    with transaction.atomic():
        if parsed.has_header:
            ColumnMapping.objects.update_or_create(
                owner_id=draft.owner_id,
                header=_header_hash(draft.owner_id, parsed),
                defaults={"fields": {str(number): field for number, field in choices.fields.items()}},
            )
        ImportPart.objects.filter(contact_import=draft).delete()
        return save_draft(draft, parsed, data)


def confirm(*, draft: Import) -> Import:
    """Confirm a draft: from here on it ends in contacts, whatever happens to workers. Safe to call twice."""
    if not draft.total:
        raise Refused(_("It has no people that we can import."))
    with transaction.atomic():
        moved = Import.objects.filter(pk=draft.pk, state=Import.State.DRAFT).update(state=Import.State.WAITING)
        if moved:
            ImportPart.objects.filter(contact_import=draft, kind=PartKind.SOURCE).delete()
            enqueue_chunk(draft.pk, 0)
    draft.refresh_from_db()
    return draft


def enqueue_chunk(import_id: int, part: int) -> None:
    """Queue the import from `part` on; later parts get lower priority, so that small imports overtake large ones."""
    args = {"import_id": import_id}
    jobs.enqueue(task_names.IMPORT_CHUNK, key=f"{import_id}:{part}", args=args, priority=min(9, 3 + part // 4))


def end_empty(*, draft: Import) -> None:
    """End a draft without readable rows, for the command."""
    Import.objects.filter(pk=draft.pk, state=Import.State.DRAFT).update(state=Import.State.DONE)


def discard(*, draft: Import) -> None:
    """Delete a draft."""
    Import.objects.filter(pk=draft.pk, state=Import.State.DRAFT).delete()


def purge_stale_drafts() -> int:
    """Delete drafts that were not confirmed within a day; return the number of rows."""
    return Import.objects.stale_drafts().delete()[0]


def preview_facts(draft: Import) -> dict[str, Any]:
    """Return what the preview shows: columns, first people, duplicates, rows without a name or place."""
    part = ImportPart.objects.filter(contact_import=draft, kind=PartKind.SUMMARY).first()
    return dict(serialization.unpack(part.content)) if part else {}


def bad_rows(import_: Import) -> list[dict[str, Any]]:
    """Return unreadable rows as dicts of line, reason, cure and text."""
    part = ImportPart.objects.filter(contact_import=import_, kind=PartKind.BAD).first()
    return list(serialization.unpack(part.content)) if part else []


def check_quota(owner: User, *, by_operator: bool = False) -> None:
    """Raise Refused beyond `MAX_DRAFTS_PER_DAY` imports of a member; operators are exempt."""
    since = timezone.now() - timedelta(days=1)
    if not by_operator and Import.objects.owned_by(owner).filter(created_at__gt=since).count() >= MAX_DRAFTS_PER_DAY:
        raise Refused(_("You brought contacts 100 times today. The next time is free tomorrow."))


def _table_source(stream: IO[bytes], parsed: ParsedSource) -> bytes:
    """Return the bytes of a table for reading it again with another mapping, or nothing above `MAX_TEXT_BYTES`."""
    if not parsed.columns:
        return b""
    stream.seek(0)
    data = stream.read(MAX_TEXT_BYTES + 1)
    return data if len(data) <= MAX_TEXT_BYTES else b""


def _header_hash(owner_id: int, parsed: ParsedSource) -> bytes:
    headers = headers_key([column.header for column in parsed.columns])
    return keyed_hash(settings.CONTACT_KEY, str(owner_id), "header", headers)


def _remembered_mapping(owner: User, parsed: ParsedSource) -> dict[int, str]:
    if not parsed.has_header:
        return {}
    mapping = ColumnMapping.objects.filter(owner=owner, header=_header_hash(owner.pk, parsed)).first()
    return {int(number): field for number, field in mapping.fields.items()} if mapping else {}


@transaction.atomic
def save_draft(draft: Import, parsed: ParsedSource, source: bytes) -> Import:
    """Save a draft with its rows, bad rows, summary and source."""
    rows = parsed.contacts
    starts = range(0, len(rows), ROWS_PER_PART)
    draft.total, draft.bad, draft.parts = len(rows), len(parsed.bad), len(starts)
    draft.save()
    parts = [(PartKind.SUMMARY, 0, serialization.pack(_collect_facts(parsed)))]
    parts += [
        (PartKind.ROWS, number, serialization.pack([row.to_data() for row in rows[start : start + ROWS_PER_PART]]))
        for number, start in enumerate(starts)
    ]
    if parsed.bad:
        bad = [{"line": row.line, "reason": row.reason, "cure": row.cure, "text": row.text} for row in parsed.bad]
        parts.append((PartKind.BAD, 0, serialization.pack(bad)))
    if source:
        parts.append((PartKind.SOURCE, 0, serialization.pack_bytes(source)))
    stored_parts = [
        ImportPart(contact_import=draft, kind=kind, number=number, content=content) for kind, number, content in parts
    ]
    ImportPart.objects.bulk_create(stored_parts, batch_size=50)
    return draft


def _collect_facts(parsed: ParsedSource) -> dict[str, Any]:
    rows = parsed.contacts
    return {
        "read": parsed.read,
        "dialect": parsed.dialect,
        "columns": [[column.number, column.header, column.field, column.example] for column in parsed.columns],
        "needs_mapping": parsed.needs_mapping or parsed.is_guessed or bool(parsed.unsettled_dates),
        "has_people": not parsed.needs_mapping,
        "has_header": parsed.has_header,
        "unsettled_dates": parsed.unsettled_dates,
        "date_orders": parsed.date_orders,
        "skipped": parsed.skipped_by_kind,
        "skipped_first": [[entry.line, entry.kind, entry.name] for entry in parsed.skipped[:SKIPPED_SHOWN]],
        "unread": {column: dict(values.forms.most_common(FORMS_SHOWN)) for column, values in parsed.unread.items()},
        "unread_lines": {column: values.lines for column, values in parsed.unread.items()},
        "first": [row.to_data() for row in rows[:PREVIEW_ROWS]],
        "doubles": _count_duplicates(rows),
        "thin": sum(not (row.first or row.last) or not row.places for row in rows),
    }


def _count_duplicates(rows: list[RawContact]) -> int:
    """Return how many rows will be merged into an earlier one."""
    first_by_key: dict[tuple[str, ...], RawContact] = {}
    duplicates = 0
    for row in rows:
        keys = blocking_keys(row)
        duplicates += any(key in first_by_key and may_be_same_person(first_by_key[key], row) for key in keys)
        for key in keys:
            first_by_key.setdefault(key, row)
    return duplicates


def purge_stray_uploads(dry_run: bool) -> int:
    """Delete upload files that crashed requests left behind for an hour; return the number."""
    too_old = time.time() - 3600
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    stray = [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < too_old]
    if not dry_run:
        for path in stray:
            path.unlink(missing_ok=True)
    return len(stray)
