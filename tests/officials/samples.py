"""Synthetic officials and elections in the formats of their sources."""

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

from apps.officials.services import load_officials

MONTANA = "ocd-division/country:us/state:mt"
STATE = "ocd-division/country:us/state:qx"
PLACE = "ocd-jurisdiction/country:us/state:qx/government"
DAY = date(2024, 6, 1)
HEADER = "id,name,kind,date,division,lines_on,registration_deadline,mail_return_deadline,polls_open,source,checked"
GENERAL = f"g24,General election,general,2024-11-05,{STATE},2025-01-13,2024-10-11,2024-11-08,07:00,https://example.org,2024-06-01"
SPECIAL = f"s27,Special election,special,2024-07-09,{STATE}/sldl:27,,2024-06-14,,,,"


def person(number: int, *roles: dict[str, Any], **more: Any) -> dict[str, Any]:
    return (
        {"id": f"ocd-person/{number}", "name": f"Person {number}", "roles": list(roles), "_jurisdiction": "qx"}
        | {"_kind": "legislature"}
        | more
    )


def role(
    kind: str, district: str | None = None, start: str = "2023-01-03", end: str | None = None, **more: Any
) -> dict[str, Any]:
    return {"type": kind, "jurisdiction": PLACE, "start_date": start} | (
        ({"district": district} if district else {}) | ({"end_date": end} if end else {}) | more
    )


def member(number: int, kind: str, start: str = "2023-01-03", end: str = "2025-01-03", **more: Any) -> dict[str, Any]:
    term = {"type": kind, "start": start, "end": end, "state": "QX", "party": "Ivy"} | more
    return {"id": {"bioguide": f"Q{number:06}"}, "name": {"first": "Member", "last": str(number)}, "terms": [term]}


def write(path: Path, records: list[Any]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("".join(json.dumps(record) + "\n" for record in records))
    return path


def load(tmp_path: Path, *records: Any, as_of: date = DAY) -> dict[str, Any]:
    return load_officials(path=write(tmp_path / "people.jsonl.gz", list(records)), as_of=as_of)
