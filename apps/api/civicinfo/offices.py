"""Our offices in Google's words: levels of government, roles, names; and people as its `officials`."""

import re
from dataclasses import dataclass
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.conf import settings

from apps.officials.representation import Holder, Seat

from .division_names import name_of

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
NAMES: Final = {
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
# The kind of a division, as its id's last part names it.
LEVELS: Final = {
    "country": "country",
    **dict.fromkeys(("state", "district", "territory", "sldu", "sldl"), "administrativeArea1"),
    **dict.fromkeys(("county", "parish", "borough", "census_area", "municipio", "planning_region"),
                    "administrativeArea2"),
    **dict.fromkeys(("place", "municipality", "council_district", "ward"), "locality"),
    "precinct": "subLocality1",
}  # fmt: skip
CHANNELS: Final = {"twitter": "Twitter", "facebook": "Facebook", "youtube": "YouTube"}
SEPARATED: Final = re.compile(r"(?P<line1>.+)[,;]\s*(?P<city>[^,;\d]+?)[,;\s]+(?P<state>[A-Z]{2})[,;\s]+(?P<zip>\d{5}(?:-\d{4})?)$")  # noqa: E501  # fmt: skip
CAPITAL: Final = re.compile(r"(?P<line1>.+?)[,;\s]+(?P<city>Washington)[,;\s]+(?P<state>DC)[,;\s]+(?P<zip>\d{5}(?:-\d{4})?)$", re.I)  # noqa: E501  # fmt: skip
VACANT: Final = {"name": "VACANT"}


def levels_of(seat: Seat) -> tuple[str, ...]:
    """Return the levels of government of an office."""
    role, division = seat.office.role, seat.office.division
    if role in COUNTRY_OFFICES:
        return ("country",)
    if division.endswith("/district:dc"):
        return ("administrativeArea1", "locality")
    kind = division.rpartition("/")[2].partition(":")[0]
    return (LEVELS.get(kind, "special"),)


def roles_of(seat: Seat) -> tuple[str, ...]:
    """Return the roles that an office fulfils."""
    role = seat.office.role
    return ROLES.get(role) or (("governmentOfficer",) if role in OFFICERS else ("otherRole",))


@dataclass(frozen=True)
class Drawn:
    """A seat in Google's words: its office without name and indices, and its holders by their number with us."""

    levels: frozenset[str]
    roles: frozenset[str]
    office: dict[str, Any]
    officials: list[tuple[int, dict[str, Any]]]


# Seats are kept until officials are loaded (apps.officials.cache), and what is drawn of them goes with them.
_drawn: WeakKeyDictionary[Seat, Drawn] = WeakKeyDictionary()


def drawn(seat: Seat) -> Drawn:
    """Return what an answer needs of a seat."""
    found = _drawn.get(seat)
    if found is None:
        levels, roles = levels_of(seat), roles_of(seat)
        sources = sorted({_source(each) for each in seat.holders})
        office = {
            "divisionId": seat.office.division,
            "levels": list(levels),
            "roles": list(roles),
            "sources": [{"name": name, "official": False} for name in sources],
        }
        officials = [(holder.official.pk, official_of(holder)) for holder in seat.holders]
        found = _drawn[seat] = Drawn(frozenset(levels), frozenset(roles), office, officials)
    return found


def office_name(seat: Seat) -> str:
    """Return the name of an office; it follows the name of its division, which may change without the seat."""
    division, role = seat.office.division, seat.office.role
    words = NAMES.get(role, "{place} " + role.replace("_", " ").title())
    where = division if "{place}" in words else "/".join(division.split("/")[:3])
    name = name_of(where) if "{" in words else ""
    return words.format(place=name, state=name)


def _source(holder: Holder) -> str:
    return f"{holder.official.source.name}, {holder.as_of}"


def official_of(holder: Holder) -> dict[str, Any]:
    """Return an Official; what is not known is left out, as Google does."""
    person = holder.official
    phones = [str(each["phone"]) for each in person.offices if each.get("phone")]
    found = {
        "name": person.name,
        "party": "" if settings.NONPARTISAN else person.party,
        "address": [address_of(str(each["address"])) for each in person.offices if each.get("address")],
        "phones": list(dict.fromkeys(phones)),
        "urls": person.links,
        "emails": [person.email] if person.email else [],
        "channels": [
            {"type": CHANNELS.get(name, name.capitalize()), "id": str(account)}
            for name, account in person.accounts.items()
        ],
    }
    return {key: value for key, value in found.items() if value}


def address_of(text: str) -> dict[str, str]:
    """Take an office's address apart; one that does not end like an address stays whole, as line1."""
    text = " ".join(text.split())
    match = SEPARATED.fullmatch(text) or CAPITAL.fullmatch(text)
    if not match:
        return {"line1": text}
    found = match.groupdict()
    lines = [line.strip() for line in re.split(r";", found.pop("line1")) if line.strip()]
    return {f"line{number}": line for number, line in enumerate(lines[:3], 1)} | found
