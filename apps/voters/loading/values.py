"""What cells hold: joined columns, dates, mailing addresses, and district values as Open Civic Data ids."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from apps.matching.normalize import dates

Columns = Sequence[Sequence[str]]
_DATE_ORDERS: Final = {
    "DD/MM/YYYY": re.compile(r"(?P<d>\d{1,2})\D(?P<m>\d{1,2})\D(?P<y>\d{4})\Z"),
    "MMDDYYYY": re.compile(r"(?P<m>\d{2})(?P<d>\d{2})(?P<y>\d{4})\Z"),
}
_NOT_OCD_CHARACTERS: Final = re.compile(r"[^a-z0-9_.~-]+")
OCD_PREFIX: Final = "ocd-division/"


def column_reader(places: Sequence[int]) -> Callable[[Columns], Sequence[str]]:
    """Return a reader of one column, or of several joined by a space; cells come without padding."""
    if len(places) == 1:
        at = places[0]
        return lambda columns: strip_column(columns[at])
    return lambda columns: [
        " ".join(" ".join(cells).split()) for cells in zip(*(columns[p] for p in places), strict=True)
    ]


def strip_column(column: Sequence[str]) -> list[str]:
    """Return cells without padding and double blanks; one look at the whole column finds out if there are any."""
    cells = list(map(str.strip, column))
    if "  " in "\0".join(cells):
        return [" ".join(cell.split()) if "  " in cell else cell for cell in cells]
    return cells


def iso_date(text: str, forms: Sequence[str]) -> str:
    """Return a whole date as ISO text; nothing for a placeholder, a mask, a year alone or what is no date."""
    for form in forms:
        order = _DATE_ORDERS.get(form)
        found = order.match(text) if order else None
        if order and not found:
            continue
        stated = f"{found['y']}-{int(found['m']):02}-{int(found['d']):02}" if found else text
        birth = dates.lenient(stated)
        if birth.day:
            return f"{birth.year:04}-{birth.month:02}-{birth.day:02}"
    return ""


def mailing_addresses(cells: Mapping[str, Sequence[str]], count: int) -> Sequence[str]:
    """Return mailing addresses as lines; empty where a row has none, or the residence itself."""
    if not any(cells["mail_1"]):
        return [""] * count
    parts = zip(
        *(cells[f"mail_{n}"] for n in range(1, 5)), cells["mail_city"], cells["mail_state"], cells["mail_zip"],
        cells["address"], strict=True,
    )  # fmt: skip
    return [_mailing_address(*row) if row[0] else "" for row in parts]


def _mailing_address(one: str, two: str, three: str, four: str, city: str, state: str, zip_code: str, home: str) -> str:
    if one.upper() == home.upper() and not two:
        return ""
    lines = [line for line in (one, two, three, four) if line]
    last = " ".join(part for part in (city + "," if city and state else city, state, zip_code) if part)
    return "\n".join([*lines, last] if last else lines)


def slug(value: str) -> str:
    """Return a value as Open Civic Data writes it: lower case, no leading zeros, underscores for spaces."""
    text = _NOT_OCD_CHARACTERS.sub("_", value.lower().replace("'", "").replace(".", "")).strip("_")
    return text.lstrip("0") if text[:1] == "0" and text.strip("0") else text


def ocd_id(template: str, value: str, *, state: str, county: str) -> str:
    """Return the id of a district, or nothing where a part of it is not known."""
    if value.startswith(OCD_PREFIX):
        return value
    made = slug(value)
    if not made or not state or ("{county}" in template and not county) or not made.strip("0"):
        return ""
    district = "district:" if state.lower() == "dc" else "state:"
    tail = template.replace("{value}", made).replace("{county}", county)
    return f"{OCD_PREFIX}country:us/{district}{state.lower()}/{tail}"


def county_slug(value: str) -> str:
    """Return the slug of a county given by its name or by its id."""
    return value.rpartition(":")[2] if value.startswith(OCD_PREFIX) else slug(re.sub(r"(?i)\s+county$", "", value))
