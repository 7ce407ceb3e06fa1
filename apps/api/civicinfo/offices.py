"""Our offices in Google's words: levels of government, roles, names; and people as its `officials`."""

import re
from typing import Any, Final

from django.conf import settings

from apps.officials.represent import Holder, Seat

from .named import name_of

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


def office_of(seat: Seat, indices: list[int]) -> dict[str, Any]:
    """Return an Office; `indices` are the places of its holders among the officials."""
    division = seat.office.division
    state = "/".join(division.split("/")[:3])
    words = NAMES.get(seat.office.role, "{place} " + seat.office.role.replace("_", " ").title())
    return {
        "name": words.format(place=name_of(division), state=name_of(state)),
        "divisionId": division,
        "levels": list(levels_of(seat)),
        "roles": list(roles_of(seat)),
        "officialIndices": indices,
        "sources": [{"name": name, "official": False} for name in sorted({_source(each) for each in seat.holders})],
    }


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
