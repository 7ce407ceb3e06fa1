"""Parse rows into voters by a layout: which columns are read, what their values mean, which rows are dropped."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import itemgetter
from typing import Final, NamedTuple

from django.utils import timezone

from apps.core.errors import Refused
from apps.matching import VoterRecord
from apps.matching.normalize.places import state as state_code

from ..layout import LAYOUT_FIELDS, REQUIRED_FIELDS, Layout, Source, alternatives
from ..reading.rows import BadRow, Batch
from . import values

Columns = Sequence[Sequence[str]]
MAX_FIELD_LENGTH: Final = 300  # characters; a longer value is in the wrong column
MAX_ID_LENGTH: Final = 64
STATE_PATTERN: Final = re.compile(r"[A-Z0-9]{1,3}|\Z")
ADULT_YEARS: Final = 18
YEAR_LENGTH: Final = 4  # characters of a date of which only the year is known
OPT_IN_FIELDS = ("phone", "email")  # loaded only if the operator enabled each


class StoredVoter(NamedTuple):
    """A voter to store. `place` is the county and the district of each layer, as the file writes them."""

    record: VoterRecord
    registered: bool
    mailing_address: str
    place: tuple[str, ...]


@dataclass
class ParsedBatch:
    """The result of parsing one batch: voters with their lines and states, withheld rows, and bad rows."""

    lines: list[int] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    voters: list[StoredVoter] = field(default_factory=list)
    withheld: list[tuple[str, str, str]] = field(default_factory=list)  # reason, state, voter id
    bad: list[BadRow] = field(default_factory=list)


class ColumnPlan:
    """Reads the rows of one table by a layout. Raises Refused if a required column is missing."""

    def __init__(
        self,
        layout: Layout,
        header: Sequence[str],
        *,
        name: str,
        state: str,
        switched: Iterable[str] = (),
        as_of: date | None = None,
    ) -> None:
        self._adult_until = _eighteen_years_before(as_of or timezone.localdate())
        self.layout = layout
        self.name = name
        self.header = list(header)
        self.state = state or layout.state
        self._at = {column.strip().upper(): n for n, column in reversed(list(enumerate(header)))}
        self._needed: list[int] = []  # about 30 of 135 columns are read; only those are transposed
        self._read = {
            f: self._reader(f, s) for f, s in layout.columns.items() if f not in OPT_IN_FIELDS or f in switched
        }
        self._status = self._optional(layout.status.column)
        self._drops = [(r, self._reader_or_none(r.column)) for r in layout.drop]
        # Includes layers that this file lacks: the files of one roll may differ.
        self.layers = {n: self._optional(d.column) or _blank_column for n, d in layout.districts.items()}
        self._meaning = _status_verdicts(layout)
        self._dates: dict[str, str] = {}
        self._counties = {code.upper().lstrip("0"): name for code, name in layout.counties.items()}

    def _reader_or_none(self, source: Source) -> Callable[[Columns], Sequence[str]] | None:
        for columns in alternatives(source):
            places = [self._at[c] for c in columns if c in self._at]
            # Joined columns after the first are optional: not every form has a second address line.
            if places and columns[0] in self._at:
                return values.column_reader([self._column(place) for place in places])
        return None

    def _column(self, place: int) -> int:
        """Return a column's position among the columns read."""
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
        reader = self._reader_or_none(source)
        if reader is None and name in REQUIRED_FIELDS:
            expected = " or ".join(" + ".join(c.lower() for c in a) for a in alternatives(source))
            raise Refused(
                f"{self.name} line 1: the column {expected} ({name}) is missing. "
                f"Rename the file's column, or use another layout than {self.layout.name}."
            )
        return reader

    def unused_columns(self) -> list[str]:
        """Return the columns of the file that the layout does not name; they are never stored."""
        sources: list[Source] = [*self.layout.columns.values(), *(d.column for d in self.layout.drop)]
        sources += [d.column for d in self.layout.districts.values()]
        if self.layout.status.column:
            sources.append(self.layout.status.column)
        named = {c for s in sources for a in alternatives(s) for c in a}
        return [c for c in self.layout.stable_columns(self.header) if c.strip().upper() not in named]

    def raw_cells(self, rows: Sequence[Sequence[str]]) -> dict[str, Sequence[str]]:
        """Return the unparsed cells of each field."""
        columns = self._columns(rows)
        return {name: reader(columns) for name, reader in self._read.items() if reader}

    def parse(self, batch: Batch) -> ParsedBatch:
        """Parse rows into voters; a row that cannot be read is bad, a row that must not be stored is withheld."""
        result = ParsedBatch(bad=list(batch.bad))
        if not batch.rows:
            return result
        columns = self._columns(batch.rows)
        count = len(batch.rows)
        cells = {f: self._cells(f, columns, count) for f in LAYOUT_FIELDS}
        verdicts = self._verdicts(columns, cells, count)
        result.lines, result.states = list(batch.lines), list(cells["state"])
        result.voters = list(self._voters(columns, cells, verdicts))
        rejected = [n for n, verdict in enumerate(verdicts) if verdict.bad or verdict.drop]
        for n in rejected:
            line, verdict = result.lines[n], verdicts[n]
            if verdict.bad:
                result.bad.append(BadRow(line, verdict.bad, verdict.column))
            else:
                result.withheld.append((verdict.drop, result.states[n], cells["voter_id"][n]))
        if rejected:
            excluded = frozenset(rejected)
            accepted = [n for n in range(count) if n not in excluded]
            result.lines = [result.lines[n] for n in accepted]
            result.states = [result.states[n] for n in accepted]
            result.voters = [result.voters[n] for n in accepted]
        return result

    def _cells(self, name: str, columns: Columns, count: int) -> Sequence[str]:
        reader = self._read.get(name)
        texts = reader(columns) if reader else [""] * count
        if name == "state":
            return [(state_code(v) if v else "") or self.state for v in texts]
        if name == "dob":
            return self._iso_dates(texts)
        if name == "county" and self._counties:
            return [self._counties.get(v.upper().lstrip("0"), v) for v in texts]
        if name in ("zip", "mail_zip"):
            return [v if v.strip("0-") else "" for v in texts]
        return texts

    def _iso_dates(self, texts: Sequence[str]) -> list[str]:
        known = self._dates
        for text in set(texts).difference(known):
            known[text] = values.iso_date(text, self.layout.dates)
        dates = [known[text] for text in texts]
        if len(known) > 300_000:  # a roll has about 40,000 distinct birth dates; this column holds something else
            known.clear()
        return dates

    def _voters(
        self, columns: Columns, cells: dict[str, Sequence[str]], verdicts: Sequence["Verdict"]
    ) -> Iterable[StoredVoter]:
        layers = [reader(columns) for reader in self.layers.values()]
        places = zip(cells["county"], *layers, strict=True)
        years = [y or d[:4] for y, d in zip(cells["birth_year"], cells["dob"], strict=True)]
        dobs = [d if len(d) > YEAR_LENGTH else "" for d in cells["dob"]]
        statuses = [verdict.status for verdict in verdicts]
        record_columns = {**cells, "dob": dobs, "birth_year": years, "status": statuses}
        records = map(VoterRecord, *(record_columns[name] for name in VoterRecord._fields))
        mailing = values.mailing_addresses(cells, len(verdicts))
        return map(StoredVoter, records, map(itemgetter(1), verdicts), mailing, places)

    def _verdicts(self, columns: Columns, cells: dict[str, Sequence[str]], count: int) -> list["Verdict"]:
        verdicts = self._by_status(columns, count)
        for rule, reader in self._drops:
            if reader:
                dropped_values = frozenset(rule.values)
                for n, value in enumerate(reader(columns)):
                    if value and value.upper() in dropped_values:
                        verdicts[n] = Verdict(drop=rule.reason)
        self._withhold_minors(cells, verdicts)
        ids, states = cells["voter_id"], cells["state"]
        if all(ids) and max(map(len, ids)) <= MAX_ID_LENGTH and all(map(STATE_PATTERN.fullmatch, set(states))):
            return _reject_malformed(verdicts, cells)  # the common case needs no loop over rows
        for n, (voter_id, state) in enumerate(zip(ids, states, strict=True)):
            if verdicts[n].drop:
                continue
            if not voter_id or len(voter_id) > MAX_ID_LENGTH:
                reason = f"the id is longer than {MAX_ID_LENGTH} characters" if voter_id else "the id is empty"
                verdicts[n] = Verdict(bad=reason, column="voter_id")
            elif not STATE_PATTERN.fullmatch(state):
                verdicts[n] = Verdict(bad="not a state code", column="state")
        return _reject_malformed(verdicts, cells)

    def _withhold_minors(self, cells: dict[str, Sequence[str]], verdicts: list["Verdict"]) -> None:
        """Withhold voters under 18 at the date of the roll: pre-registered people are never matched or listed."""
        for name in ("dob", "birth_year"):
            minor = {text for text in set(cells[name]) if len(text) >= YEAR_LENGTH and self._is_minor(text)}
            if not minor:
                continue
            for n, text in enumerate(cells[name]):
                if text in minor and not verdicts[n].drop:
                    verdicts[n] = Verdict(drop="preregistered")

    def _is_minor(self, born: str) -> bool:
        """Return whether an ISO date, or a year, is that of a person who is certainly under 18."""
        return born > self._adult_until if len(born) > YEAR_LENGTH else born > self._adult_until[:YEAR_LENGTH]

    def _by_status(self, columns: Columns, count: int) -> list["Verdict"]:
        blank = self._meaning.get("", Verdict(bad="the status is empty", column="status"))
        if self._status is None:
            return [ACTIVE] * count
        meaning = self._meaning
        return [(meaning.get(v.upper()) or _unknown_status(v)) if v else blank for v in self._status(columns)]


def _eighteen_years_before(day: date) -> str:
    """Return the ISO date 18 years before a day, for comparison only: it may be a February 29 that never was."""
    return f"{day.year - ADULT_YEARS:04}{day.isoformat()[4:]}"


def _blank_column(columns: Columns) -> Sequence[str]:
    return [""] * len(columns[0])


class Verdict(NamedTuple):
    """The decision about a row: stored with a status, dropped for a reason, or bad."""

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
    """Mark as bad the rows without a name and the rows with an overlong field."""
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
