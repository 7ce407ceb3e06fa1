"""Parse cells: joined columns, mailing addresses, and district values to Open Civic Data (OCD) ids."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

Columns = Sequence[Sequence[str]]
_NOT_OCD_CHARACTERS: Final = re.compile(r"[^a-z0-9_.~-]+")
OCD_PREFIX: Final = "ocd-division/"


def column_reader(positions: Sequence[int]) -> Callable[[Columns], Sequence[str]]:
    """Return a function that reads one column, or several joined by a space, without padding."""
    if len(positions) == 1:
        position = positions[0]
        return lambda columns: strip_column(columns[position])
    return lambda columns: [
        " ".join(" ".join(cells).split()) for cells in zip(*(columns[p] for p in positions), strict=True)
    ]


def strip_column(column: Sequence[str]) -> list[str]:
    """Return cells without padding and repeated spaces; scans the joined column first, which is faster."""
    cells = list(map(str.strip, column))
    if "  " in "\0".join(cells):
        return [" ".join(cell.split()) if "  " in cell else cell for cell in cells]
    return cells


def mailing_addresses(cells: Mapping[str, Sequence[str]], count: int) -> Sequence[str]:
    """Return mailing addresses, lines separated by newlines; empty if absent or equal to the residence."""
    if not any(cells["mail_1"]):
        return [""] * count
    parts = zip(
        *(cells[f"mail_{n}"] for n in range(1, 5)), cells["mail_city"], cells["mail_state"], cells["mail_zip"],
        cells["address"], strict=True,
    )  # fmt: skip
    return [_mailing_address(*row) if row[0] else "" for row in parts]


def _mailing_address(
    line_1: str, line_2: str, line_3: str, line_4: str, city: str, state: str, zip_code: str, residence: str
) -> str:
    if line_1.upper() == residence.upper() and not line_2:
        return ""
    lines = [line for line in (line_1, line_2, line_3, line_4) if line]
    last = " ".join(part for part in (city + "," if city and state else city, state, zip_code) if part)
    return "\n".join([*lines, last] if last else lines)


def slug(value: str) -> str:
    """Return a value as OCD ids write it: lower case, no leading zeros, underscores for spaces."""
    text = _NOT_OCD_CHARACTERS.sub("_", value.lower().replace("'", "").replace(".", "")).strip("_")
    return text.lstrip("0") if text[:1] == "0" and text.strip("0") else text


def ocd_id(template: str, value: str, *, state: str, county: str) -> str:
    """Return a district's OCD id, or an empty text if a part of it is unknown."""
    if value.startswith(OCD_PREFIX):
        return value
    value_slug = slug(value)
    if not value_slug or not state or ("{county}" in template and not county) or not value_slug.strip("0"):
        return ""
    district = "district:" if state.lower() == "dc" else "state:"
    tail = template.replace("{value}", value_slug).replace("{county}", county)
    return f"{OCD_PREFIX}country:us/{district}{state.lower()}/{tail}"


def county_slug(value: str) -> str:
    """Return the slug of a county from its name or its OCD id."""
    return value.rpartition(":")[2] if value.startswith(OCD_PREFIX) else slug(re.sub(r"(?i)\s+county$", "", value))
