"""Voter ids as files write them: remove a spreadsheet's marks, and detect ids that a program damaged.

A damaged id is never stored: it would hide a person from the list of suppressed voters, which is kept by id.
"""

import re
from collections.abc import Sequence
from typing import Final

_WORDS: Final = (
    "NULL (NULL) NONE NIL NAN N/A #N/A NA N.A. #NULL! #REF! #VALUE! #NAME? #NUM! #DIV/0! UNKNOWN UNK MISSING BLANK "
    "(BLANK) UNDEFINED TBD \\N - -- --- . ? ?? X XX XXX"
).split()
NOT_IDS: Final = frozenset([*_WORDS, *(word.lower() for word in _WORDS), *(word.title() for word in _WORDS)])
# 1.23457E+11 lost digits and 123.0 may have lost zeros in front; ##### is a cell that was too narrow.
_NUMBER: Final = re.compile(r"\d+[.,]\d*E[+-]?\d+|\d+E\+\d+|\d+[.,]0+|#+", re.IGNORECASE)
_MARKED: Final = re.compile(r"=\"(.*)\"|'(.*)")
_SIGNS: Final = (".", ",", "E+", "e+", "#")


def without_marks(ids: Sequence[str]) -> Sequence[str]:
    """Return ids without the marks by which spreadsheets keep a number as text: '00042 and ="00042"."""
    joined = "\n".join(ids)
    if "'" not in joined and '="' not in joined:
        return ids
    return [_unmarked(voter_id) for voter_id in ids]


def _unmarked(voter_id: str) -> str:
    match = _MARKED.fullmatch(voter_id)
    return (match[1] or match[2] or "").strip() if match else voter_id


def are_sound(ids: Sequence[str]) -> bool:
    """Return whether no id of a batch can be damaged; a scan of the joined ids, which is faster than each."""
    joined = "\n".join(ids)
    return NOT_IDS.isdisjoint(ids) and not any(sign in joined for sign in _SIGNS)


def describe_damage(voter_id: str) -> str:
    """Return why an id must not be stored; empty for a sound one."""
    if voter_id in NOT_IDS or voter_id.upper() in NOT_IDS:
        return f"the id {voter_id!r} is no id"
    if _NUMBER.fullmatch(voter_id):
        return f"the id {voter_id!r} was damaged by a spreadsheet; export the column as text"
    return ""
