"""Elections and their deadlines: loaded from CSV or JSON, corrected by staff, asked for by OCD id."""

import csv
import json
import uuid
from collections.abc import Iterable
from datetime import date, time
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from apps.audit import services as audit
from apps.core import page_cache
from apps.core.errors import BadInput, Refused
from apps.districts.lookup import Clock, clocks

from . import election_offices
from .models import Deadline, Election, ElectionOffice
from .representation import within

REQUIRED: Final = ("name", "date", "division")
DEADLINES: Final = tuple(Deadline.Kind.values)
DATES: Final = ("date", "lines_on", "checked", *DEADLINES)
TIMES: Final = ("polls_open", "polls_close")


def load_elections(*, path: Path) -> dict[str, Any]:
    """Loads elections from a CSV file or a JSON list; the same id again updates, unless staff edited it here.

    Columns: name, date, division (OCD id); optional id, kind, lines_on, polls_open, polls_close, source,
    checked and the deadlines of Deadline.Kind. A row may also name the election office of its division: office_name,
    office_phone, office_address, office_hours, office_url; a row of the kind `office` is only that and has no date.
    All or nothing: raises BadInput naming the row and the column.
    """
    rows = _read(path)
    if not rows:
        raise Refused(f"{path.name} has no election; nothing was loaded.")
    numbered = list(enumerate(rows, 1))
    offices = [office for number, row in numbered if (office := election_offices.read(path, number, row))]
    elections = [_checked(path, number, row) for number, row in numbered if row.get("kind") != election_offices.KIND]
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
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            raise BadInput(f"{path.name} lacks the column {missing[0]!r}; it has {', '.join(header) or 'none'}.")
        reader.fieldnames = header
        return [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]
    except csv.Error as error:
        raise BadInput(f"{path.name} is no CSV: {error}.") from error


def _read_json(path: Path, text: str) -> list[dict[str, str]]:
    try:
        rows = json.loads(text)
    except ValueError as error:
        raise BadInput(f"{path.name} is not valid JSON: {error}") from error
    if not all(isinstance(row, dict) for row in rows):
        raise BadInput(f"{path.name} must be a JSON list of objects, one for each election.")
    return [{str(key): str("" if value is None else value).strip() for key, value in row.items()} for row in rows]


def _checked(path: Path, number: int, row: dict[str, str]) -> tuple[dict[str, Any], dict[str, date]]:
    where = f"{path.name}, election {number}"
    for name in REQUIRED:
        if not row.get(name):
            raise BadInput(f"{where}: {name} is empty.")
    if not row["division"].startswith("ocd-division/"):
        raise BadInput(f"{where}: division must be an OCD id (ocd-division/...), not {row['division'][:60]!r}.")
    days = {name: _date(where, name, row[name]) for name in DATES if row.get(name)}
    values: dict[str, Any] = {name: _time(where, name, row[name]) for name in TIMES if row.get(name)}
    values |= {name: day for name, day in days.items() if name not in DEADLINES}
    for name, longest in (("name", 200), ("kind", 40), ("division", 200), ("source", 300)):
        values[name] = row.get(name, "")[:longest]
    values["key"] = (row.get("id") or f"{row['division']} {row['date']} {row.get('kind', '')}").strip()[:120]
    deadlines = {name: day for name, day in days.items() if name in DEADLINES}
    late = [name for name, day in deadlines.items() if day > days["date"] and name != "mail_return_deadline"]
    if late:
        raise BadInput(f"{where}: {late[0]} lies after the day of the election.")
    return values, deadlines


def _date(where: str, name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{where}: {name} {text[:20]!r} is no date; write it as YYYY-MM-DD.") from error


def _time(where: str, name: str, text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise BadInput(f"{where}: {name} {text[:20]!r} is no time; write it as HH:MM.") from error


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
def add_election(*, actor: Any, reason: str, deadlines: dict[str, date], **fields: Any) -> Election:
    """Staff's own election, which no file has. Raises BadInput naming the field that cannot be."""
    election = Election(key=f"staff/{uuid.uuid4().hex}")
    return _saved(election, actor, "election.added", reason, deadlines, fields)


@transaction.atomic
def edit_election(
    *, election: Election, deadlines: dict[str, date], actor: Any = None, reason: str = "", **fields: Any
) -> Election:
    """Staff's correction of an election; later loads leave it as it is. Raises BadInput naming what cannot be."""
    return _saved(election, actor, "election.edited", reason, deadlines, fields)


def _saved(
    election: Election, actor: Any, action: str, reason: str, deadlines: dict[str, date], fields: dict[str, Any]
) -> Election:
    unknown = set(deadlines) - set(DEADLINES)
    if unknown:
        raise BadInput(f"{min(unknown)} is no deadline that Votekin knows.")
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
    """The next election in any of the divisions or what contains them, from a day (default today) on."""
    found: Election | None = Election.objects.in_divisions(within(ids)).from_day(on or timezone.localdate()).first()
    return found


def offices_of(ids: Iterable[str]) -> list[ElectionOffice]:
    """The election offices of the divisions and of what contains them, the smaller place first."""
    return list(ElectionOffice.objects.filter(division__in=within(ids)))


def upcoming_elections(ids: Iterable[str], on: date | None = None) -> list[Election]:
    """All coming elections in the divisions or what contains them, the nearest first."""
    return list(Election.objects.in_divisions(within(ids)).from_day(on or timezone.localdate()))


def both_clocks(lon: float, lat: float, on: date | None = None) -> tuple[dict[str, Clock], Election | None]:
    """Both clocks of a point by layer, with the next regular election there, whose lines are those to vote
    in.

    A special election fills the rest of a term in the lines that elected it, so it moves no clock.
    """
    day = on or timezone.localdate()
    known = clocks(lon, lat, day)
    ids = [hit.ocd_id for clock in known.values() for hit in (*clock.today, *clock.next)]
    regular = [each for each in upcoming_elections(ids, day) if each.kind != "special"]
    if not regular:
        return known, None
    return clocks(lon, lat, day, regular[0].seats_from), regular[0]
