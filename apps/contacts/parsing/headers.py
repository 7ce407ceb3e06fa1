"""Maps headers of contact files to fields.

A header is normalized (no accents or punctuation, lower case) and looked up, then looked up again without its number,
group ("home", "privat") and filler words; the group keeps the parts of one address together.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from .header_words import FIELD_BY_SYNONYM, FILLER_WORDS, GROUP_BY_SYNONYM

# Address groups from most to least likely home.
GROUP_ORDER = {"home": 0, "": 1, "registered": 2, "mail": 4, "other": 5, "work": 6}
# Fields that an owner may assign to a column.
MAPPABLE_FIELDS = (*("full", "first", "middle", "last", "suffix", "nickname", "email", "phone"),
          *("street", "street2", "street_part", "city", "state", "zip", "zip4", "country", "formatted"),
          *("birthday", "birth_year", "phone_country", "kind", "organization"))  # fmt: skip


class HeaderMeaning(NamedTuple):
    """Hold the field of a header, empty if unknown, and the group it belongs to."""

    field: str = ""
    group: str = ""


def normalize_header(text: str) -> str:
    """Return a header without accents, punctuation and case: "E-mail 1 - Value" becomes "e mail 1 value"."""
    # HomePhone, mZip5, VANID; the fields of Action Network begin with "can2_".
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[a-z]{3})(?=[A-Z])", " ", text.replace("ß", "ss"))
    folded = unicodedata.normalize("NFKD", spaced).casefold().removeprefix("can2_")
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign)).replace("+4", " plus 4")
    return " ".join(re.findall(r"[a-z]+|\d+", re.sub(r"([a-z])(\d)", r"\1 \2", plain)))


@lru_cache(4096)
def header_meaning(text: str) -> HeaderMeaning:
    """Return the meaning of one header."""
    key = normalize_header(text)
    words = key.split()
    significant = [word for word in words if not word.isdigit() and word not in FILLER_WORDS]
    if key in FIELD_BY_SYNONYM:
        return HeaderMeaning(FIELD_BY_SYNONYM[key])
    without_group = [word for word in significant if word not in GROUP_BY_SYNONYM]
    field = _zip4(words) or next(
        (found for key in (significant, without_group) if (found := FIELD_BY_SYNONYM.get(" ".join(key)))), ""
    )
    group = next((GROUP_BY_SYNONYM[word] for word in significant if word in GROUP_BY_SYNONYM), "")
    if not field:
        return HeaderMeaning("", group)
    if field == "street" and words[-1].isdigit() and words[-1] != "1":
        return HeaderMeaning("street2", group)
    number = next((word for word in words[:-1] if word.isdigit()), "")
    return HeaderMeaning(field, group + number)


def _zip4(words: Sequence[str]) -> str:
    """Return the field of mZip4 and "Home Zip 4", whose number is no number of a column."""
    return "zip4" if list(words[-2:]) in (["zip", "4"], ["plus", "4"], ["code", "4"]) else ""


NUMBER_WORDS = frozenset({"number", "numbers", "no", "numero", "nummer"})


def is_group_alone(header: str) -> bool:
    """Return whether a header names nothing but a group or a device: Yahoo heads phones with "Home" and "Other"."""
    words = [word for word in normalize_header(header).split() if not word.isdigit()]
    return bool(words) and all(
        word in GROUP_BY_SYNONYM or word in FILLER_WORDS or word in NUMBER_WORDS for word in words
    )


def header_meanings(headers: Sequence[str], fields: Mapping[int, str] | None = None) -> list[HeaderMeaning]:
    """Return the meanings of a table's headers, each in the context of the others; `fields` by column number win."""
    meanings = [header_meaning(header) for header in headers]
    for number, field in (fields or {}).items():
        if 0 <= number < len(meanings) and field != meanings[number].field:
            meanings[number] = HeaderMeaning(field, meanings[number].group)
    meanings = _unify_address(meanings)
    known = {header.field for header in meanings}
    return [header._replace(field=_name_field(known)) if header.field == "name" else header for header in meanings]


PLACE_FIELDS = {"street", "street2", "street_part", "city", "state", "zip", "zip4", "country"}


def _unify_address(meanings: list[HeaderMeaning]) -> list[HeaderMeaning]:
    """Merge "Home address" with plain "City" and "ZIP": two groups without overlap are one address."""
    groups: dict[str, list[str]] = {}
    for header in meanings:
        if header.field in PLACE_FIELDS:
            groups.setdefault(header.group, []).append(header.field)
    if len(groups) != 2 or "" not in groups or set.intersection(*map(set, groups.values())):
        return meanings
    return [header._replace(group="") if header.field in PLACE_FIELDS else header for header in meanings]


def _name_field(fields: set[str]) -> str:
    """Return what a "Name", "Nombre" or "Nom" column holds beside the others: last name, first name or full name."""
    if "first" in fields and "last" not in fields:
        return "last"
    if "last" in fields and "first" not in fields:
        return "first"
    return "full"


def headers_key(headers: Sequence[str]) -> str:
    """Return a key that is equal for tables with the same columns."""
    return "\n".join(normalize_header(header) for header in headers)


def group_rank(group: str) -> tuple[int, str]:
    """Return the sort key of an address group: home first, work last, then by number."""
    word = group.rstrip("0123456789")
    return GROUP_ORDER.get(word, 3), group[len(word) :].zfill(4)
