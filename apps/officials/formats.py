"""Parse files of officials: Open States people, congress-legislators, and additions to the latter.

A file has one JSON object per line (.jsonl, .jsonl.gz) or one JSON list; its first record determines the format.
"""

import gzip
import io
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from apps.core.errors import BadInput
from apps.core.types import FileValue
from apps.districts.sources.layers import COUNTRY, code_number, district_slug, state_prefix

Record = dict[str, Any]
CHAMBERS: Final = {"upper": "sldu", "lower": "sldl", "legislature": "sldu"}
EXECUTIVES: Final = {"prez": "president", "viceprez": "vice_president"}
ACCOUNTS: Final = ("twitter", "facebook", "youtube", "instagram", "mastodon", "bluesky", "threads")
MAX_BYTES: Final = 2_000_000_000


@dataclass(frozen=True)
class Term:
    """A term in an office."""

    division: str
    role: str
    start: date | None
    end: date | None


@dataclass
class OfficialRecord:
    """An official and their terms; `scope` is the body, which the file replaces."""

    scope: str
    key: str
    name: str
    terms: list[Term]
    party: str = ""
    email: str = ""
    offices: list[Record] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    accounts: Record = field(default_factory=dict)


@dataclass(frozen=True)
class Addition:
    """District offices or accounts of an official from another file."""

    key: str
    offices: list[Record]
    accounts: Record


def read_records(path: Path) -> Iterator[Record]:
    """Yield the JSON objects of a plain or gzip file; raise BadInput that names the line."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == b"\x1f\x8b"
        with (
            gzip.open(path) if packed else path.open("rb") as source,
            io.TextIOWrapper(source, encoding="utf-8-sig") as lines,
        ):
            yield from _records(path, lines)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name} cannot be read: {error}") from error


def _records(path: Path, lines: FileValue) -> Iterator[Record]:
    first = lines.readline()
    if first.lstrip().startswith("["):
        rest = lines.read(MAX_BYTES)
        records = enumerate(_parse_json(path, 1, first + rest), 1)
    else:
        texts = ((number, text) for number, text in enumerate((first, *lines), 1) if text.strip())
        records = ((number, _parse_json(path, number, text)) for number, text in texts)  # type: ignore[assignment]
    for number_, record in records:
        if not isinstance(record, dict):
            raise BadInput(f"{path.name}, record {number_}: not a JSON object.")
        yield record


def _parse_json(path: Path, line: int, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(f"{path.name}, line {line}: not JSON ({error}).") from error


def detect_format(path: Path, record: Record) -> str:
    """Return `openstates`, `congress` or `addition` from the first record's keys; raise BadInput for others."""
    ids = record.get("id")
    if isinstance(ids, str) and ids.startswith("ocd-person/") and isinstance(record.get("roles"), list):
        return "openstates"
    if isinstance(ids, dict) and ("bioguide" in ids or "govtrack" in ids):
        if isinstance(record.get("terms"), list):
            return "congress"
        if "offices" in record or "social" in record:
            return "addition"
    raise BadInput(
        f"{path.name} is neither a file of Open States people nor of congress-legislators; its first record has "
        f"{', '.join(list(record)[:10]) or 'nothing'}."
    )


def parse_addition(record: Record) -> Addition:
    """Return the addition in a record of congress-legislators' separate files."""
    social = record.get("social") or {}
    offices = [
        {
            "kind": "district",
            "address": ", ".join(
                str(each[key]) for key in ("address", "suite", "building", "city", "state", "zip") if each.get(key)
            ),
            "phone": str(each.get("phone") or ""),
        }
        for each in record.get("offices") or []
    ]
    return Addition(_bioguide(record), offices, {name: social[name] for name in ACCOUNTS if social.get(name)})


def _bioguide(record: Record) -> str:
    ids = record["id"]
    # Presidents who never sat in Congress have no bioguide id.
    return f"bioguide/{ids['bioguide']}" if ids.get("bioguide") else f"govtrack/{ids['govtrack']}"


def parse_congress_person(record: Record, skipped: Counter[str]) -> OfficialRecord | None:
    """Return a member of Congress, president or vice president; None without a valid term."""
    terms = [term for term in (_congress_term(each, skipped) for each in record["terms"]) if term]
    if not terms:
        return None
    last = record["terms"][-1]
    name = record.get("name") or {}
    office = {"kind": "capitol", "address": str(last.get("address") or ""), "phone": str(last.get("phone") or "")}
    return OfficialRecord(
        scope=f"congress/{str(last.get('state', '')).lower()}" if last.get("state") else "congress/executive",
        key=_bioguide(record),
        name=str(name.get("official_full") or f"{name.get('first', '')} {name.get('last', '')}").strip(),
        terms=terms,
        party=str(last.get("party") or ""),
        offices=[office] if office["address"] or office["phone"] else [],
        links=[str(last[key]) for key in ("url", "contact_form") if last.get(key)],
    )


def _congress_term(term: Record, skipped: Counter[str]) -> Term | None:
    state = state_prefix("", str(term.get("state", "")))
    start, end = _parse_date(term.get("start")), _parse_date(term.get("end"))
    if term.get("type") in EXECUTIVES and start and end:
        return Term(COUNTRY, EXECUTIVES[term["type"]], start, end)
    if not state or term.get("type") not in ("rep", "sen") or start is None or end is None:
        skipped["a term without state, chamber or dates"] += 1
        return None
    if term["type"] == "sen":
        return Term(state, "sen", start, end)
    seat = str(term.get("district", ""))
    return Term(f"{state}/cd:{'at-large' if seat in ('0', '') else code_number(seat)}", "rep", start, end)


def parse_openstates_person(record: Record, skipped: Counter[str]) -> OfficialRecord | None:
    """Return a legislator, executive or mayor; None without a valid term."""
    roles = [role for role in record["roles"] if isinstance(role, dict)]
    terms = [term for term in (_openstates_term(role, skipped) for role in roles) if term]
    if not terms:
        return None
    place = re.sub(r"^ocd-jurisdiction/country:us/?|/?government$", "", str(roles[0].get("jurisdiction", "")))
    parties = [str(each.get("name", "")) for each in record.get("party") or [] if isinstance(each, dict)]
    links = [str(each["url"]) for each in record.get("links") or [] if isinstance(each, dict) and each.get("url")]
    return OfficialRecord(
        scope=f"openstates/{record.get('_jurisdiction') or place}/{record.get('_kind') or roles[0].get('type')}"[:120],
        key=str(record["id"]),
        name=str(record.get("name") or "").strip(),
        terms=terms,
        party=parties[-1] if parties else "",
        email=str(record.get("email") or ""),
        offices=[
            {
                "kind": str(each.get("classification") or ""),
                "address": str(each.get("address") or ""),
                "phone": str(each.get("voice") or ""),
            }
            for each in record.get("offices") or []
        ],
        links=links,
        accounts={name: value for name, value in (record.get("ids") or {}).items() if name in ACCOUNTS and value},
    )


def _openstates_term(role: Record, skipped: Counter[str]) -> Term | None:
    place = re.fullmatch(r"ocd-jurisdiction/(country:us.*?)/government", str(role.get("jurisdiction", "")))
    kind = str(role.get("type") or "")
    if not place or not kind:
        skipped["a role without jurisdiction or type"] += 1
        return None
    base = f"ocd-division/{place[1]}"
    if kind in CHAMBERS and base == COUNTRY:
        # Open States copies Congress from congress-legislators, which has the terms and should be loaded.
        skipped["a seat in Congress (load congress-legislators)"] += 1
        return None
    division = _district(base, CHAMBERS[kind], str(role.get("district") or "")) if kind in CHAMBERS else base
    return Term(division, kind, _parse_date(role.get("start_date")), _parse_date(role.get("end_date")))


def _district(base: str, layer: str, name: str) -> str:
    if base.endswith("district:dc"):  # the council is elected by ward, its chair and four members by the whole district
        ward = re.fullmatch(r"Ward (\d+)", name)
        return f"{base}/ward:{ward[1]}" if ward else base
    return f"{base}/{layer}:{district_slug(name).lstrip('0')}" if name else base


def _parse_date(value: FileValue) -> date | None:
    """Return a date; '2023' and '2023-01' mean their first day; None if it cannot be parsed."""
    text = str(value or "")
    try:
        return date.fromisoformat((text + "-01-01")[:10] if re.fullmatch(r"\d{4}(-\d\d)?", text) else text)
    except ValueError:
        return None
