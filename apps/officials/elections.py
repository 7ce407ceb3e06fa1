"""Load elections and deadlines from CSV or JSON, edit them, and look them up by OCD id."""

import csv
import json
import uuid
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from apps.audit import services as audit
from apps.core import page_cache
from apps.core.errors import BadInput, Refused
from apps.core.types import PassedThrough
from apps.districts.lookup import DistrictTimeline, timelines_at

from . import election_offices
from .models import Deadline, Election, ElectionOffice
from .representation import with_containing_divisions

REQUIRED_COLUMNS: Final = ("name", "date", "division")
DEADLINE_COLUMNS: Final = tuple(Deadline.Kind.values)
DATE_COLUMNS: Final = ("date", "lines_on", "checked", *DEADLINE_COLUMNS)
TIME_COLUMNS: Final = ("polls_open", "polls_close")


def load_elections(*, path: Path) -> dict[str, Any]:
    """Load elections from a CSV file or a JSON list; return the counts. Updates known ids unless staff edited them.

    Columns: name, date, division (OCD id); optional id, kind, lines_on, polls_open, polls_close, source, checked and
    the values of Deadline.Kind. A row may also name the election office of its division: office_name, office_phone,
    office_address, office_hours, office_url; a row of the kind `office` is only that and has no date.
    All or nothing: raises BadInput that names the row and the column.
    """
    rows = _read(path)
    if not rows:
        raise Refused(f"{path.name} has no election; nothing was loaded.")
    numbered = list(enumerate(rows, 1))
    offices = [office for number, row in numbered if (office := election_offices.read(path, number, row))]
    elections = [_parse_row(path, number, row) for number, row in numbered if row.get("kind") != election_offices.KIND]
    counts = {"read": len(rows), "new": 0, "updated": 0, "kept": 0, "offices": len(offices)}
    with transaction.atomic():
        election_offices.save(offices)
        for values, deadlines in elections:
            counts[_save(values, deadlines)] += 1
        page_cache.published()
    return counts


def _read(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path.name} is not UTF-8 text.") from error
    if text.lstrip().startswith("["):
        return _read_json(path, text)
    try:
        reader = csv.DictReader(text.splitlines(), strict=True)
        header = [name.strip().lower() for name in reader.fieldnames or []]
        missing = [name for name in REQUIRED_COLUMNS if name not in header]
        if missing:
            raise BadInput(f"{path.name} lacks the column {missing[0]!r}; it has {', '.join(header) or 'none'}.")
        reader.fieldnames = header
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
    except csv.Error as error:
        raise BadInput(f"{path.name} is not valid CSV: {error}.") from error


def _read_json(path: Path, text: str) -> list[dict[str, str]]:
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise BadInput(f"{path.name} is not valid JSON: {error}") from error
    if not all(isinstance(row, dict) for row in rows):
        raise BadInput(f"{path.name} must be a JSON list of objects, one for each election.")
    return [{str(key): str("" if value is None else value).strip() for key, value in row.items()} for row in rows]


def _parse_row(path: Path, number: int, row: dict[str, str]) -> tuple[dict[str, Any], dict[str, date]]:
    where = f"{path.name}, election {number}"
    for name in REQUIRED_COLUMNS:
        if not row.get(name):
            raise BadInput(f"{where}: {name} is empty.")
    if not row["division"].startswith("ocd-division/"):
        raise BadInput(f"{where}: division must be an OCD id (ocd-division/...), not {row['division'][:60]!r}.")
    days = {name: _date(where, name, row[name]) for name in DATE_COLUMNS if row.get(name)}
    values: dict[str, Any] = {name: _time(where, name, row[name]) for name in TIME_COLUMNS if row.get(name)}
    values |= {name: day for name, day in days.items() if name not in DEADLINE_COLUMNS}
    for name, longest in (("name", 200), ("kind", 40), ("division", 200), ("source", 300)):
        values[name] = row.get(name, "")[:longest]
    values["key"] = (row.get("id") or f"{row['division']} {row['date']} {row.get('kind', '')}").strip()[:120]
    deadlines = {name: day for name, day in days.items() if name in DEADLINE_COLUMNS}
    late = [name for name, day in deadlines.items() if day > days["date"] and name != "mail_return_deadline"]
    if late:
        raise BadInput(f"{where}: {late[0]} is after election day.")
    return values, deadlines


def _date(where: str, name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{where}: {name} {text[:20]!r} is not a date; write it as YYYY-MM-DD.") from error


def _time(where: str, name: str, text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{where}: {name} {text[:20]!r} is not a time; write it as HH:MM.") from error


def _save(values: dict[str, Any], deadlines: dict[str, date]) -> str:
    known = Election.objects.filter(key=values["key"]).first()
    if known is not None and known.edited:
        return "kept"
    election, created = Election.objects.update_or_create(key=values["key"], defaults=values)
    _set_deadlines(election, deadlines)
    return "new" if created else "updated"


def _set_deadlines(election: Election, deadlines: dict[str, date]) -> None:
    election.deadlines.exclude(kind__in=deadlines).delete()
    for kind, day in deadlines.items():
        Deadline.objects.update_or_create(election=election, kind=kind, defaults={"date": day})


@transaction.atomic
def add_election(
    *, actor: AbstractBaseUser, reason: str, deadlines: dict[str, date], **fields: PassedThrough
) -> Election:
    """Add an election that is in no file; raise BadInput that names the invalid field."""
    election = Election(key=f"staff/{uuid.uuid4().hex}")
    return _save_edited(election, actor, "election.added", reason, deadlines, fields)


@transaction.atomic
def edit_election(
    *,
    election: Election,
    deadlines: dict[str, date],
    actor: AbstractBaseUser | None = None,
    reason: str = "",
    **fields: PassedThrough,
) -> Election:
    """Edit an election, which later loads leave unchanged; raise BadInput that names the invalid field."""
    return _save_edited(election, actor, "election.edited", reason, deadlines, fields)


def _save_edited(
    election: Election,
    actor: AbstractBaseUser | None,
    action: str,
    reason: str,
    deadlines: dict[str, date],
    fields: dict[str, Any],
) -> Election:
    unknown = set(deadlines) - set(DEADLINE_COLUMNS)
    if unknown:
        raise BadInput(f"{min(unknown)} is not a known deadline.")
    for name, value in fields.items():
        setattr(election, name, value)
    election.edited, election.checked = True, timezone.localdate()
    try:
        election.full_clean()
    except ValidationError as error:
        raise BadInput("; ".join(f"{name}: {' '.join(words)}" for name, words in error.message_dict.items())) from error
    election.save()
    _set_deadlines(election, deadlines)
    audit.log_write(actor=actor, action=action, subject=election, facts={"deadlines": len(deadlines)}, reason=reason)
    return election


def next_election(ids: Iterable[str], on: date | None = None) -> Election | None:
    """Return the next election in the divisions or those that contain them, from a date (default: today) on."""
    elections = Election.objects.in_divisions(with_containing_divisions(ids)).from_day(on or timezone.localdate())
    election: Election | None = elections.first()
    return election


def offices_of(ids: Iterable[str]) -> list[ElectionOffice]:
    """Return the election offices of the divisions and of those that contain them, the smaller division first."""
    return list(ElectionOffice.objects.filter(division__in=with_containing_divisions(ids)))


def upcoming_elections(ids: Iterable[str], on: date | None = None) -> list[Election]:
    """Return all upcoming elections in the divisions or those that contain them, the next one first."""
    return list(Election.objects.in_divisions(with_containing_divisions(ids)).from_day(on or timezone.localdate()))


def district_timelines(
    lon: float, lat: float, on: date | None = None
) -> tuple[dict[str, DistrictTimeline], Election | None]:
    """Return a point's current and next districts by layer, and the next regular election there.

    Special elections do not count: they fill the rest of a term within the boundaries that elected it.
    """
    day = on or timezone.localdate()
    known = timelines_at(lon, lat, day)
    ids = [hit.ocd_id for clock in known.values() for hit in (*clock.today, *clock.next)]
    regular = [election for election in upcoming_elections(ids, day) if election.kind != "special"]
    if not regular:
        return known, None
    return timelines_at(lon, lat, day, regular[0].seats_from), regular[0]
