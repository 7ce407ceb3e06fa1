"""Rows whose own text says that the address is protected, such as CONFIDENTIAL or an address program's name."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from apps.matching.normalize.text import fold

ADDRESSES: Final = ("address", "mail_1", "mail_2", "mail_3", "mail_4")
CITIES: Final = ("city", "mail_city")
# One of these words makes a protected address, if the address has no other words than those below.
_MARKS: Final = frozenset(
    "CONFIDENTIAL CONFIDENCIAL CONFIDENTIALITY CONF PROTECTED PROTEGIDO PROTEGIDA WITHHELD SUPPRESSED REDACTED ACP "
    "SEALED SHIELDED UNDISCLOSED NONDISCLOSED NONDISCLOSURE EXEMPT".split()
)
_OTHER_WORDS: Final = frozenset(
    "ADDRESS ADDRESSES ADDR ADR STREET DIRECCION VOTER VOTERS RECORD RECORDS INFORMATION INFO DATA PROGRAM PARTICIPANT "
    "PARTICIPANTS RESIDENCE RESIDENTIAL RES MAILING MAIL PHYSICAL IS HAS BEEN BY LAW COURT ORDER PER STATUTE STATE "
    "STATUS FROM PUBLIC THE OF AND FOR UNDER TO IN CARE CO C O PO P BOX POB LOCATION NUMBER NO NOT SAFE CASE SECRETARY "
    "REQUEST REQUESTED FLAG CODE ONLY".split()
)
# Whole phrases, wherever they are: the programs' mailing addresses have more around them.
_PHRASES: Final = re.compile(
    r"\b(?:CONFIDENTIALITY PROGRAM|SAFE AT HOME|NOT DISCLOSED|DIRECCION (?:CONFIDENCIAL|PROTEGIDA)"
    r"|(?:ADDRESS|ADDR|VOTER|RECORD) (?:IS )?(?:CONFIDENTIAL|PROTECTED|WITHHELD|SUPPRESSED|REDACTED|SEALED)"
    r"|(?:CONFIDENTIAL|PROTECTED|SEALED) (?:ADDRESS|VOTER|RECORD))\b"
)
_WORDS: Final = "CONFIDENTIAL CONFIDENCIAL PROTECTED REDACTED WITHHELD SUPPRESSED".split()
_NAMES: Final = frozenset([*_WORDS, *map(str.title, _WORDS), *map(str.lower, _WORDS)])
_MASK: Final = re.compile(r"(?=.*[*#]|X{3})[*#X ./-]+")
# Parts of every mark: a row without one of them is not looked at. The last ones begin a masked cell.
_END: Final = "\0"  # no cell of a decoded text has one
_HINTS: Final = (
    "CONF", "PROTE", "WITHH", "SUPPRESS", "REDACT", "ACP", "A.C.P", "SEALED", "SHIELD", "DISCLOS", "EXEMPT", "SAFE AT",
    f"{_END}*", f"{_END}#", f"{_END}XXX",
)  # fmt: skip
_MOST_HINTS: Final = 500  # in one batch; beyond, every row is looked at


def protected_rows(cells: Mapping[str, Sequence[str]]) -> set[int]:
    """Return the positions of rows that say, in an address or a last name, that they are protected."""
    protected = {n for name in ADDRESSES for n in _hinted(cells[name]) if says_protected(cells[name][n])}
    for name in CITIES:
        if cities := {city for city in set(cells[name]) if says_protected(city)}:
            protected |= {n for n, city in enumerate(cells[name]) if city in cities}
    if not _NAMES.isdisjoint(cells["last_name"]):
        protected |= {n for n, last in enumerate(cells["last_name"]) if last in _NAMES}
    return protected


def _hinted(column: Sequence[str]) -> Iterable[int]:
    """Return the positions of cells with a hint, found in the joined column, which is faster than cell by cell."""
    joined = (_END + _END.join(column)).upper()
    positions: set[int] = set()
    for hint in _HINTS:
        at = joined.find(hint)
        while at >= 0:
            positions.add(joined.count(_END, 0, at + 1) - 1)
            if len(positions) > _MOST_HINTS:
                return range(len(column))
            at = joined.find(hint, at + 1)
    return positions


@lru_cache(10_000)
def says_protected(text: str) -> bool:
    """Return whether an address, or a city, says that it is protected, or is masked."""
    plain = text.upper()
    if _MASK.fullmatch(plain):
        return True
    words = re.findall(r"[A-Z]+|\d+", fold(plain).replace("A.C.P", "ACP"))
    if _PHRASES.search(" ".join(words)):
        return True
    letters = {word for word in words if word.isalpha()}
    return not letters.isdisjoint(_MARKS) and letters <= _MARKS | _OTHER_WORDS
