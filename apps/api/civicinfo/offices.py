"""Convert offices and officials into Google's format: levels of government, roles, names, and addresses."""

import re
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings

from apps.officials.representation import Holder, Seat

from .division_names import division_name

COUNTRY_OFFICES: Final = frozenset({"president", "vice_president", "sen", "rep"})
ROLES: Final[dict[str, tuple[str, ...]]] = {
    "president": ("headOfState", "headOfGovernment"),
    "vice_president": ("deputyHeadOfGovernment",),
    "sen": ("legislatorUpperBody",),
    "rep": ("legislatorLowerBody",),
    "governor": ("headOfGovernment",),
    "lt_governor": ("deputyHeadOfGovernment",),
    "upper": ("legislatorUpperBody",),
    "lower": ("legislatorLowerBody",),
    "legislature": ("legislatorUpperBody",),
    "mayor": ("headOfGovernment",),
}
OFFICERS: Final = frozenset(
    {"secretary of state", "attorney general", "treasurer", "auditor", "chief election officer"}
)
OFFICE_NAMES: Final = {
    "president": "President of the United States",
    "vice_president": "Vice President of the United States",
    "sen": "U.S. Senator",
    "rep": "U.S. Representative",
    "governor": "Governor of {place}",
    "lt_governor": "Lieutenant Governor of {place}",
    "upper": "{state} State Senator",
    "lower": "{state} State Representative",
    "legislature": "{state} Legislator",
    "mayor": "Mayor of {place}",
}
# Division type, the last part of an OCD id, to level of government.
LEVELS: Final = {
    "country": "country",
    **dict.fromkeys(("state", "district", "territory", "sldu", "sldl"), "administrativeArea1"),
    **dict.fromkeys(("county", "parish", "borough", "census_area", "municipio", "planning_region"),
                    "administrativeArea2"),
    **dict.fromkeys(("place", "municipality", "council_district", "ward"), "locality"),
    "precinct": "subLocality1",
}  # fmt: skip
CHANNELS: Final = {"twitter": "Twitter", "facebook": "Facebook", "youtube": "YouTube"}
ADDRESS_PATTERN: Final = re.compile(r"(?P<line1>.+)[,;]\s*(?P<city>[^,;\d]+?)[,;\s]+(?P<state>[A-Z]{2})[,;\s]+(?P<zip>\d{5}(?:-\d{4})?)$")  # noqa: E501  # fmt: skip
CAPITAL_ADDRESS_PATTERN: Final = re.compile(r"(?P<line1>.+?)[,;\s]+(?P<city>Washington)[,;\s]+(?P<state>DC)[,;\s]+(?P<zip>\d{5}(?:-\d{4})?)$", re.I)  # noqa: E501  # fmt: skip
VACANT: Final = {"name": "VACANT"}


def seat_levels(seat: Seat) -> tuple[str, ...]:
    """Return Google's levels of government of an office."""
    role, division = seat.office.role, seat.office.division
    if role in COUNTRY_OFFICES:
        return ("country",)
    if division.endswith("/district:dc"):
        return ("administrativeArea1", "locality")
    kind = division.rpartition("/")[2].partition(":")[0]
    return (LEVELS.get(kind, "special"),)


def seat_roles(seat: Seat) -> tuple[str, ...]:
    """Return Google's roles of an office."""
    role = seat.office.role
    return ROLES.get(role) or (("governmentOfficer",) if role in OFFICERS else ("otherRole",))


@dataclass(frozen=True)
class CivicSeat:
    """A seat in Google's format: its office without name and indices, and its holders with our primary keys."""

    levels: frozenset[str]
    roles: frozenset[str]
    office: dict[str, Any]
    officials: list[tuple[int, dict[str, Any]]]


# Entries live as long as their seats, which apps.officials.cache keeps until officials are loaded.
_civic_seats: WeakKeyDictionary[Seat, CivicSeat] = WeakKeyDictionary()


def civic_seat(seat: Seat) -> CivicSeat:
    """Return a seat in Google's format, cached."""
    converted = _civic_seats.get(seat)
    if converted is None:
        levels, roles = seat_levels(seat), seat_roles(seat)
        sources = sorted({_source(holder) for holder in seat.holders})
        office = {
            "divisionId": seat.office.division,
            "levels": list(levels),
            "roles": list(roles),
            "sources": [{"name": name, "official": False} for name in sources],
        }
        officials = [(holder.official.pk, civic_official(holder)) for holder in seat.holders]
        converted = _civic_seats[seat] = CivicSeat(frozenset(levels), frozenset(roles), office, officials)
    return converted


def office_name(seat: Seat) -> str:
    """Return the name of an office; not cached, because its division's name may change without the seat."""
    division, role = seat.office.division, seat.office.role
    words = OFFICE_NAMES.get(role, "{place} " + role.replace("_", " ").title())
    where = division if "{place}" in words else "/".join(division.split("/")[:3])
    name = division_name(where) if "{" in words else ""
    return words.format(place=name, state=name)


def _source(holder: Holder) -> str:
    return f"{holder.official.source.name}, {holder.as_of}"


def civic_official(holder: Holder) -> dict[str, Any]:
    """Return an Official without unknown fields, as Google does."""
    person = holder.official
    phones = [str(office["phone"]) for office in person.offices if office.get("phone")]
    fields = {
        "name": person.name,
        "party": "" if settings.NONPARTISAN else person.party,
        "address": [parse_address(str(office["address"])) for office in person.offices if office.get("address")],
        "phones": list(dict.fromkeys(phones)),
        "urls": person.links,
        "emails": [person.email] if person.email else [],
        "channels": [
            {"type": CHANNELS.get(name, name.capitalize()), "id": str(account)}
            for name, account in person.accounts.items()
        ],
    }
    return {key: value for key, value in fields.items() if value}


def parse_address(text: str) -> dict[str, str]:
    """Parse an office's address; one without city, state and ZIP code is returned whole as line1."""
    text = " ".join(text.split())
    match = ADDRESS_PATTERN.fullmatch(text) or CAPITAL_ADDRESS_PATTERN.fullmatch(text)
    if not match:
        return {"line1": text}
    parts = match.groupdict()
    lines = [line.strip() for line in re.split(r";", parts.pop("line1")) if line.strip()]
    return {f"line{number}": line for number, line in enumerate(lines[:3], 1)} | parts
