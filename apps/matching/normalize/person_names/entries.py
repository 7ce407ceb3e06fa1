"""Classify entries of an address book: person, group, organization, household or place.

Only a person can be registered to vote. Imports skip and count the others.
"""

import re
from collections.abc import Sequence
from enum import Enum
from typing import Final

from apps.matching.normalize.characters import fold


class EntryKind(Enum):
    """The kind of an entry."""

    PERSON = "person"
    ORGANIZATION = "organization"
    HOUSEHOLD = "household"
    GROUP = "group"
    PLACE = "place"


# vCard KIND (RFC 6350), X-ADDRESSBOOKSERVER-KIND, X-ABShowAs, contact types of CiviCRM, NationBuilder and EveryAction.
_LABELS: Final = {
    **dict.fromkeys(("INDIVIDUAL", "PERSON", "CONTACT", "PEOPLE", "MEMBER", "VOTER"), EntryKind.PERSON),
    **dict.fromkeys(
        ("ORG", "ORGANIZATION", "ORGANISATION", "COMPANY", "BUSINESS", "EMPLOYER", "VENDOR"), EntryKind.ORGANIZATION
    ),
    **dict.fromkeys(("HOUSEHOLD", "FAMILY"), EntryKind.HOUSEHOLD),
    **dict.fromkeys(("GROUP", "LIST", "DISTRIBUTIONLIST", "MAILINGLIST", "TEAM", "DISTLIST"), EntryKind.GROUP),
    **dict.fromkeys(("LOCATION", "RESOURCE", "ROOM", "PLACE", "DEVICE", "EQUIPMENT", "APPLICATION"), EntryKind.PLACE),
}
_WORD: Final = re.compile(r"[A-Z0-9&]+")
# Words that are not names of persons.
_ORGANIZATION: Final = frozenset(
    "INC INCORPORATED LLC LLP PLLC LTD CORP CORPORATION GMBH COMPANY FOUNDATION ASSOCIATION ASSN ASSOC COMMITTEE "
    "UNIVERSITY HOSPITAL CLINIC PHARMACY RESTAURANT PIZZA PIZZERIA PLUMBING SERVICES DEPARTMENT DEPT LIBRARY "
    "AGENCY INSURANCE REALTY DENTAL DENTISTRY VETERINARY AUTO REPAIR LANDSCAPING ROOFING HVAC MINISTRIES "
    "CONSULTING SOLUTIONS ENTERPRISES INDUSTRIES HOLDINGS PARTNERS ASSOCIATES SALON BAKERY CAFE DELI AIRLINES "
    "MOTORS GARAGE CENTRO IGLESIA ESCUELA FUNDACION MUSEUM UNITED SYSTEMS CREDIT NONPROFIT COALITION ALLIANCE "
    "SOCIETY INSTITUTE ACADEMY FITNESS YMCA YWCA NAACP".split()
)
# Also surnames: an organization only together with another word of its kind.
_ALSO_NAMES: Final = frozenset(
    "CHURCH SCHOOL TEMPLE COLLEGE HOTEL STORE SHOP UNION BANK CENTER CENTRE POLICE SYNAGOGUE".split()
)
_BESIDE: Final = frozenset(
    "THE OF FOR AND & BAPTIST METHODIST LUTHERAN CATHOLIC PRESBYTERIAN EPISCOPAL COMMUNITY PUBLIC HIGH ELEMENTARY "
    "MIDDLE STATE CITY COUNTY NATIONAL AMERICAN FIRST LOCAL CENTRAL GRADE DAY LAW MEDICAL".split()
)
_FIRM: Final = re.compile(r"(?:AND|&|Y) (?:SONS?|DAUGHTERS|BROTHERS|BROS|CO|COMPANY|HIJOS)$|\bBROS$")
_GROUP: Final = frozenset(
    "TEAM GROUP COUNCIL CLUB LIST STAFF PARENTS EVERYONE EVERYBODY VOLUNTEERS MEMBERS FRIENDS NEIGHBORS COWORKERS "
    "BOARD CREW TROOP CHOIR PTA PTO CAUCUS LEAGUE GRUPO EQUIPO VECINOS AMIGOS".split()
)
_PLACE: Final = re.compile(
    r"(?:(?:THE )?(?:CONFERENCE|MEETING|BOARD|BREAK|WAITING) ?ROOM\b.*|ROOM [A-Z0-9-]+|FRONT DESK|RECEPTION(?: DESK)?|"
    r"LOBBY|VOICE ?MAIL|(?:MY )?(?:HOME|HOUSE|OFFICE|WORK|CASA|OFICINA)(?: PHONE)?|FAX|PRINTER|CONFERENCE LINE|ALARM)"
)
_HOUSEHOLD: Final = re.compile(
    r"(?:THE )?[A-Z'-]+(?: [A-Z'-]+)? (?:FAMILY|HOUSEHOLD)|(?:LA )?FAMILIA [A-Z' -]+|THE [A-Z'-]+S|LOS [A-Z'-]+|"
    r"(?:MR|SR)\.? (?:AND|&|Y|E) (?:MRS|SRA)\.? .+|(?:[A-Z'.-]+ ){1,3}(?:AND|&|Y) (?:[A-Z'.-]+ ?){1,3}"
)
_SURNAME_Y: Final = re.compile(r"[A-Z'-]+(?: [A-Z'-]+)+ Y [A-Z'-]+")


def kind_of_label(label: str) -> EntryKind | None:
    """Return the kind that a file states (`KIND:org`, `Contact Type`); None for an unknown or empty label."""
    return _LABELS.get("".join(sign for sign in fold(label) if sign.isalpha()))


def kind_of_entry(name: str, *, label: str = "") -> EntryKind:
    """Return the kind of an entry of that name; a label of the file takes precedence over the name.

    In doubt it is a person: omitting a person is worse than looking up a company.
    """
    if stated := kind_of_label(label):
        return stated
    text = " ".join(fold(name).replace(",", " ").split()).strip(" .")
    words = _WORD.findall(text)
    return next((kind for kind, fits in _RULES if words and fits(text, words)), EntryKind.PERSON)


def _is_place(text: str, words: Sequence[str]) -> bool:
    return _PLACE.fullmatch(text) is not None


def _is_organization(text: str, words: Sequence[str]) -> bool:
    if _FIRM.search(text) or not _ORGANIZATION.isdisjoint(words):
        return True
    return not _ALSO_NAMES.isdisjoint(words) and not _BESIDE.isdisjoint(words)


def _is_group(text: str, words: Sequence[str]) -> bool:
    return words[-1] in _GROUP or words[0] in ("EVERYONE", "EVERYBODY", "ALL")


def _is_household(text: str, words: Sequence[str]) -> bool:
    return _HOUSEHOLD.fullmatch(text) is not None and not _SURNAME_Y.fullmatch(text)


_RULES: Final = (
    (EntryKind.PLACE, _is_place),
    (EntryKind.ORGANIZATION, _is_organization),
    (EntryKind.GROUP, _is_group),
    (EntryKind.HOUSEHOLD, _is_household),
)
