"""The rule of disclosure: whether the result of a query is "registered at the address you typed".

Pure functions of the query and of rows of the roll. This module does not read a database, count or write. The
contract is in docs/privacy.md: name, registered address (or registration number) and birth date agree, or nothing is
disclosed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from apps.matching.fields import First, Last, Middle
from apps.matching.normalize import dates, names, places
from apps.matching.normalize.address import Address, Door, parse_address, same_door
from apps.matching.normalize.address.door import is_slip
from apps.matching.similarity import first_level, last_level, middle_level

from .query import NO_SUFFIX, VoterQuery

if TYPE_CHECKING:
    from apps.matching import VoterRecord
    from apps.voters.rolls import VoterRow

# The matcher's tolerance: levels that count as agreement (apps/matching/explain.py).
FIRST_AGREES: Final = frozenset({First.SAME, First.NICKNAME, First.CLOSE, First.INITIAL, First.MIDDLE_NAME})
LAST_AGREES: Final = frozenset({Last.SAME, Last.PART, Last.CLOSE, Last.SOUNDS})
MIDDLE_AGREES: Final = frozenset({Middle.SAME, Middle.INITIAL, Middle.CLOSE})


class NameFit(IntEnum):
    """How well a query's name fits a row's."""

    NO, TOLERATED, EXACT = range(3)


class DateFit(IntEnum):
    """How well a query's birth date fits a row's, as far as the roll has one."""

    NO, SWAPPED, EXACT = range(3)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The comparison of one row with the query."""

    row: VoterRow
    name: NameFit
    date: DateFit
    door: bool

    @property
    def voter(self) -> tuple[str, str]:
        """Return the state and the voter id."""
        return self.row.state, self.row.record.voter_id


@dataclass(frozen=True, slots=True)
class Evidence:
    """The rows that a lookup concerns: all agrees, all but the address, all but the birth date.

    If a row agrees in everything, the others do not count: they are namesakes of an honest voter.
    """

    matched: Sequence[Comparison]
    wrong_door: Sequence[Comparison]
    wrong_date: Sequence[Comparison]


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What may be disclosed: `row` is registered at the entered address, or `detail` would distinguish voters, or
    nothing.
    """

    row: VoterRow | None = None
    detail: str = ""


def weigh(query: VoterQuery, rows: Iterable[VoterRow]) -> Evidence:
    """Compare a query with candidate rows."""
    entered = _NormalQuery(query)
    compared = [comparison for row in rows if (comparison := entered.compare(row)).name]
    matched = [one for one in compared if one.door and one.date]
    if matched:
        return Evidence(matched, (), ())
    return Evidence(
        (),
        [one for one in compared if one.date and not one.door],
        [one for one in compared if one.door and not one.date],
    )


def decide(query: VoterQuery, evidence: Evidence, *, has_room: bool, followed_up: bool) -> Disclosed:
    """Return what may be disclosed; `has_room` is false if a counter of a matched voter is used up."""
    if not evidence.matched or not has_room:
        return Disclosed()
    remaining = _narrowed(query, evidence.matched)
    if len(remaining) == 1:
        return Disclosed(remaining[0].row)
    if followed_up:
        return Disclosed()
    return Disclosed(detail=_telling_detail(query, [one.row.record for one in remaining]))


def recipient(query: VoterQuery, rows: Iterable[VoterRow]) -> VoterRow | None:
    """Return the one voter with the query's name and birth date, who gets a letter; None if there are several."""
    entered = _NormalQuery(query)
    compared = [one for row in rows if (one := entered.compare(row)).name and one.date and row.registered]
    remaining = _narrowed(query, compared)
    return remaining[0].row if len(remaining) == 1 else None


class _NormalQuery:
    """A query in normal form."""

    def __init__(self, query: VoterQuery) -> None:
        suffix = "" if query.suffix == NO_SUFFIX else query.suffix
        self.name = names.separate(query.first_name, query.middle_name, query.last_name, suffix)
        self.birth = dates.lenient(query.dob)
        self.address = parse_address(query.address)
        self.city = places.city(query.city) if query.city else ""
        self.zip = places.zip_code(query.zip) if query.zip else 0
        self.number = normal_number(query.voter_number)

    def compare(self, row: VoterRow) -> Comparison:
        voter = row.record
        door = self.number == normal_number(voter.voter_id) if self.number else self._door_agrees(voter)
        return Comparison(row, self._name_fit(voter), self._date_fit(voter), door)

    def _name_fit(self, voter: VoterRecord) -> NameFit:
        recorded = names.separate(voter.first_name, voter.middle_name, voter.last_name, voter.suffix)
        entered = self.name
        if _suffixes_differ(entered.suffix, recorded.suffix):
            return NameFit.NO
        if (entered.first, entered.last) == (recorded.last, recorded.first):
            return NameFit.TOLERATED
        first, last = first_level(entered.first, recorded.first), last_level(entered.last, recorded.last)
        if first == First.SAME and last == Last.SAME:
            return NameFit.EXACT
        if (first == First.SIMILAR) != (last == Last.SIMILAR) and (first == First.SAME or last == Last.SAME):
            return NameFit.TOLERATED
        first_agrees = (
            first in FIRST_AGREES or entered.first == recorded.middle or entered.middle == recorded.first != ""
        )
        last_agrees = last in LAST_AGREES or entered.last == recorded.middle or entered.middle == recorded.last
        return NameFit.TOLERATED if first_agrees and last_agrees else NameFit.NO

    def _date_fit(self, voter: VoterRecord) -> DateFit:
        recorded, entered = dates.lenient(voter.dob, voter.birth_year), self.birth
        if not recorded.year or (not recorded.day and recorded.year == entered.year):
            return DateFit.EXACT
        if not recorded.day or not entered.day:
            return DateFit.NO
        if recorded == entered:
            return DateFit.EXACT
        is_swapped = (recorded.year, recorded.month, recorded.day) == (entered.year, entered.day, entered.month)
        return DateFit.SWAPPED if is_swapped else DateFit.NO

    def _door_agrees(self, voter: VoterRecord) -> bool:
        return self._is_same_place(voter) and is_registered_door(self.address, parse_address(voter.address))

    def _is_same_place(self, voter: VoterRecord) -> bool:
        """Return whether city or ZIP code agree; a row without both has no place to compare."""
        filed_city = places.city(voter.city) if voter.city else ""
        filed_zip = places.zip_code(voter.zip) if voter.zip else 0
        if not filed_city and not filed_zip:
            return True
        return (filed_city != "" and filed_city == self.city) or (filed_zip != 0 and filed_zip == self.zip)


def is_registered_door(entered: Address, recorded: Address) -> bool:
    """Return whether the entered address is the registered one: number, street, and the unit if the roll has one.

    A direction or a type of road may be missing, and one misspelling of the street is tolerated; no part may
    conflict. A unit that the roll lacks is ignored.
    """
    if not entered.number or (recorded.unit and not entered.unit and not entered.letter):
        return False
    same_number = entered.number.replace("-", "") == recorded.number.replace("-", "")
    one, two = entered.street.core, recorded.street.core
    if not same_number or not one or not (one == two or is_slip(one, two)):
        return False
    return same_door(entered, recorded) is not Door.OTHER


def normal_number(text: str) -> str:
    """Return a registration number in the form compared: letters and digits, without leading zeros."""
    return "".join(character for character in text.upper() if character.isalnum()).lstrip("0")


def _suffixes_differ(entered: str, recorded: str) -> bool:
    """Return whether two suffixes denote two people; JR and II may be the same."""
    one, two = ("JR" if suffix == "II" else suffix for suffix in (entered, recorded))
    return bool(one and two and one != two)


def _narrowed(query: VoterQuery, compared: Sequence[Comparison]) -> Sequence[Comparison]:
    """Return the rows that fit best. Each step applies only if it leaves some."""
    steps: tuple[Callable[[Comparison], bool], ...] = (
        lambda one: one.row.registered,
        lambda one: not query.suffix or _fits_suffix(query, one.row.record),
        lambda one: not query.middle_name or _fits_middle_name(query, one.row.record),
        lambda one: one.name is NameFit.EXACT,
        lambda one: one.date is DateFit.EXACT,
    )
    remaining = list(compared)
    for step in steps:
        remaining = [one for one in remaining if step(one)] or remaining
    return remaining


def _fits_suffix(query: VoterQuery, voter: VoterRecord) -> bool:
    recorded = names.separate("", "", voter.last_name, voter.suffix).suffix
    return not recorded if query.suffix == NO_SUFFIX else names.suffix(query.suffix) == recorded


def _fits_middle_name(query: VoterQuery, voter: VoterRecord) -> bool:
    entered, recorded = names.given(query.middle_name), names.given(voter.middle_name)
    return bool(entered and recorded) and middle_level(entered, recorded) in MIDDLE_AGREES


def _telling_detail(query: VoterQuery, voters: Sequence[VoterRecord]) -> str:
    """Return the missing detail that would distinguish the voters, or an empty string."""
    suffixes = {names.separate("", "", voter.last_name, voter.suffix).suffix for voter in voters}
    if len(suffixes) > 1 and not query.suffix:
        return "suffix"
    middles = {names.given(voter.middle_name) for voter in voters}
    return "middle_name" if len(middles) > 1 and not query.middle_name else ""
