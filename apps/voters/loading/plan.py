"""A layout and a header become a plan: which cells of a row are kept, and what they mean. Columns at a time."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final, NamedTuple

from apps.core.errors import Refused
from apps.matching.normalize.places import state as state_code

from ..layout import LAYOUT_FIELDS, Layout, Source, alternatives
from ..reading.rows import BadRow, Batch
from . import values

Columns = Sequence[Sequence[str]]
MAX_FIELD_LENGTH: Final = 300  # characters of one field: longer is not what the column says it is
MAX_ID_LENGTH: Final = 64
STATE_PATTERN: Final = re.compile(r"[A-Z0-9]{1,3}|\Z")
OPT_IN_FIELDS = ("phone", "email")  # loaded only where an operator switched each on


class StoredVoter(NamedTuple):
    """A voter to be stored: what the snapshot's SQLite file holds of them, the place by its raw values."""

    voter_id: str
    status: str
    registered: bool
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    dob: str
    birth_year: str
    sex: str
    address: str
    city: str
    zip: str
    mail: str
    phone: str
    email: str
    place: tuple[str, ...]


# The same voter as the matching engine takes it: the fields of a VoterRecord but its last, the status.
RECORD_POSITIONS: Final = tuple(
    StoredVoter._fields.index(name)
    for name in (
        "voter_id first_name middle_name last_name suffix dob birth_year sex address city zip phone email"
    ).split()
)


@dataclass
class ParsedBatch:
    """What one batch of rows came to."""

    lines: list[int] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    kept: list[StoredVoter] = field(default_factory=list)
    withheld: list[tuple[str, str, str]] = field(default_factory=list)  # reason, state, voter id
    bad: list[BadRow] = field(default_factory=list)


class ColumnPlan:
    """How one table of a file is read. Raises Refused where a required column is missing."""

    def __init__(
        self, layout: Layout, header: Sequence[str], *, name: str, state: str, switched: Iterable[str] = ()
    ) -> None:
        self.layout = layout
        self.name = name
        self.header = list(header)
        self.state = state or layout.state
        self._at = {column.strip().upper(): n for n, column in reversed(list(enumerate(header)))}
        self._needed: list[int] = []  # of 135 columns some 30 are read: only those are turned into columns
        self._read = {
            f: self._reader(f, s) for f, s in layout.columns.items() if f not in OPT_IN_FIELDS or f in switched
        }
        self._status = self._optional(layout.status.column)
        self._drops = [(r, self._reader_or_none(r.column)) for r in layout.drop]
        # Every layer of the layout, whether the file has it or not: the files of one roll may differ.
        self.layers = {n: self._optional(d.column) or _blank_column for n, d in layout.districts.items()}
        self._meaning = _status_verdicts(layout)
        self._dates: dict[str, str] = {}
        self._counties = {code.upper().lstrip("0"): name for code, name in layout.counties.items()}

    def _reader_or_none(self, source: Source) -> Callable[[Columns], Sequence[str]] | None:
        for columns in alternatives(source):
            places = [self._at[c] for c in columns if c in self._at]
            # Of joined columns some may be missing: a second address line is not in every form.
            if places and columns[0] in self._at:
                return values.column_reader([self._column(place) for place in places])
        return None

    def _column(self, place: int) -> int:
        """Return where a column of the file stands among the columns that are read."""
        if place not in self._needed:
            self._needed.append(place)
        return self._needed.index(place)

    def _columns(self, rows: Sequence[Sequence[str]]) -> Columns:
        if len(self._needed) == 1:
            return [[row[self._needed[0]] for row in rows]]
        return list(zip(*map(itemgetter(*self._needed), rows), strict=True))

    def _optional(self, source: Source | None) -> Callable[[Columns], Sequence[str]] | None:
        return self._reader_or_none(source) if source else None

    def _reader(self, name: str, source: Source) -> Callable[[Columns], Sequence[str]] | None:
        found = self._reader_or_none(source)
        if found is None and name in ("voter_id", "last_name"):
            wanted = " or ".join(" + ".join(c.lower() for c in a) for a in alternatives(source))
            raise Refused(
                f"{self.name} line 1: the column {wanted} ({name}) is missing. "
                f"Rename the file's column, or take another layout than {self.layout.name}."
            )
        return found

    def unused(self) -> list[str]:
        """The columns of the file that no part of the layout names; they are never stored."""
        sources: list[Source] = [*self.layout.columns.values(), *(d.column for d in self.layout.drop)]
        sources += [d.column for d in self.layout.districts.values()]
        if self.layout.status.column:
            sources.append(self.layout.status.column)
        named = {c for s in sources for a in alternatives(s) for c in a}
        return [c for c in self.layout.lasting(self.header) if c.strip().upper() not in named]

    def raw(self, rows: Sequence[Sequence[str]]) -> dict[str, Sequence[str]]:
        """Return the cells of each field as the file has them."""
        columns = self._columns(rows)
        return {name: reader(columns) for name, reader in self._read.items() if reader}

    def voters(self, batch: Batch) -> ParsedBatch:
        """Turn rows into voters; a row that cannot serve is bad, one that may not be stored is withheld."""
        result = ParsedBatch(bad=list(batch.bad))
        if not batch.rows:
            return result
        columns = self._columns(batch.rows)
        count = len(batch.rows)
        cells = {f: self._cells(f, columns, count) for f in LAYOUT_FIELDS}
        verdicts = self._verdicts(columns, cells, count)
        result.lines, result.states = list(batch.lines), list(cells["state"])
        result.kept = list(self._kept(columns, cells, verdicts))
        odd = [n for n, verdict in enumerate(verdicts) if verdict.bad or verdict.drop]
        for n in odd:
            line, verdict = result.lines[n], verdicts[n]
            if verdict.bad:
                result.bad.append(BadRow(line, verdict.bad, verdict.column))
            else:
                result.withheld.append((verdict.drop, result.states[n], result.kept[n].voter_id))
        if odd:
            out = frozenset(odd)
            stays = [n for n in range(count) if n not in out]
            result.lines = [result.lines[n] for n in stays]
            result.states = [result.states[n] for n in stays]
            result.kept = [result.kept[n] for n in stays]
        return result

    def _cells(self, name: str, columns: Columns, count: int) -> Sequence[str]:
        reader = self._read.get(name)
        found = reader(columns) if reader else [""] * count
        if name == "state":
            return [(state_code(v) if v else "") or self.state for v in found]
        if name == "dob":
            return self._iso(found)
        if name == "county" and self._counties:
            return [self._counties.get(v.upper().lstrip("0"), v) for v in found]
        if name in ("zip", "mail_zip"):
            return [v if v.strip("0-") else "" for v in found]
        return found

    def _iso(self, found: Sequence[str]) -> list[str]:
        known = self._dates
        for text in set(found).difference(known):
            known[text] = values.iso_date(text, self.layout.dates)
        result = [known[text] for text in found]
        if len(known) > 300_000:  # a roll has some 40,000 birth dates; this column holds something else
            known.clear()
        return result

    def _kept(
        self, columns: Columns, cells: dict[str, Sequence[str]], verdicts: Sequence["Verdict"]
    ) -> Iterable[StoredVoter]:
        layers = [reader(columns) for reader in self.layers.values()]
        places = zip(cells["county"], *layers, strict=True)
        years = [y or d[:4] for y, d in zip(cells["birth_year"], cells["dob"], strict=True)]
        return map(
            StoredVoter,
            cells["voter_id"], map(itemgetter(0), verdicts), map(itemgetter(1), verdicts),
            cells["first_name"], cells["middle_name"], cells["last_name"], cells["suffix"], cells["dob"], years,
            cells["sex"], cells["address"], cells["city"], cells["zip"], values.mailing_addresses(cells, len(verdicts)),
            cells["phone"], cells["email"], places,
        )  # fmt: skip

    def _verdicts(self, columns: Columns, cells: dict[str, Sequence[str]], count: int) -> list["Verdict"]:
        verdicts = self._by_status(columns, count)
        for rule, reader in self._drops:
            if reader:
                wanted = frozenset(rule.values)
                for n, value in enumerate(reader(columns)):
                    if value and value.upper() in wanted:
                        verdicts[n] = Verdict(drop=rule.reason)
        ids, states = cells["voter_id"], cells["state"]
        if all(ids) and max(map(len, ids)) <= MAX_ID_LENGTH and all(map(STATE_PATTERN.fullmatch, set(states))):
            return _reject_malformed(verdicts, cells)  # as nearly always: no row has to be looked at by itself
        for n, (voter_id, state) in enumerate(zip(ids, states, strict=True)):
            if verdicts[n].drop:
                continue
            if not voter_id or len(voter_id) > MAX_ID_LENGTH:
                reason = f"the id is longer than {MAX_ID_LENGTH} characters" if voter_id else "the id is empty"
                verdicts[n] = Verdict(bad=reason, column="voter_id")
            elif not STATE_PATTERN.fullmatch(state):
                verdicts[n] = Verdict(bad="this is no code of a state", column="state")
        return _reject_malformed(verdicts, cells)

    def _by_status(self, columns: Columns, count: int) -> list["Verdict"]:
        blank = self._meaning.get("", Verdict(bad="the status is empty", column="status"))
        if self._status is None:
            return [ACTIVE] * count
        meaning = self._meaning
        return [(meaning.get(v.upper()) or _unknown_status(v)) if v else blank for v in self._status(columns)]


def _blank_column(columns: Columns) -> Sequence[str]:
    return [""] * len(columns[0])


class Verdict(NamedTuple):
    """What becomes of a row."""

    status: str = ""
    registered: bool = True
    drop: str = ""
    bad: str = ""
    column: str = ""


ACTIVE = Verdict("active")


def _status_verdicts(layout: Layout) -> dict[str, Verdict]:
    status = layout.status
    meaning = {value.upper(): Verdict(word) for value, word in status.registered.items()}
    meaning |= {value.upper(): Verdict(word, registered=False) for value, word in status.not_registered.items()}
    meaning |= {value.upper(): Verdict(drop=reason) for value, reason in status.drop.items()}
    if status.blank:
        meaning[""] = Verdict(status.blank)
    return meaning


def _unknown_status(value: str) -> Verdict:
    return Verdict(bad=f"the status {value[:12]!r} is not in the layout", column="status")


def _reject_malformed(verdicts: list[Verdict], cells: dict[str, Sequence[str]]) -> list[Verdict]:
    """Refuse rows without any name, and rows with a field too long to be what it says."""
    if not all(cells["last_name"]):
        for n, (first, last) in enumerate(zip(cells["first_name"], cells["last_name"], strict=True)):
            if not last and not first and not verdicts[n].drop:
                verdicts[n] = Verdict(bad="there is no name", column="last_name")
    for name, column in cells.items():
        if column and max(map(len, column)) > MAX_FIELD_LENGTH:
            for n, value in enumerate(column):
                if len(value) > MAX_FIELD_LENGTH and not verdicts[n].drop:
                    verdicts[n] = Verdict(bad=f"longer than {MAX_FIELD_LENGTH} characters", column=name)
    return verdicts
