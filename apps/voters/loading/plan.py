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
from . import ids, values
from .dates import DateFields
from .protected import protected_rows
from .verdicts import ACTIVE, Verdict, reject_damaged_ids, reject_malformed, status_verdicts, unknown_status

Columns = Sequence[Sequence[str]]
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
    repeated_headers: int = 0  # lines that are the header again, as in files that were put together


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
        dates: DateFields | None = None,
    ) -> None:
        """Prepare the readers; `dates` are those of the whole load if it has several files."""
        self._adult_until = _eighteen_years_before(as_of or timezone.localdate())
        self.dates = dates or DateFields(layout.dates, timezone.localdate())
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
        self._meaning = status_verdicts(layout)
        self._repeated = [pair for pair in _repeated_columns(header) if pair[0] in self._needed]
        self._id_names = self._header_cells("voter_id")
        self._conversions: dict[str, Callable[[Sequence[str]], Sequence[str]]] = {
            "voter_id": ids.without_marks,
            "state": lambda texts: _mapped(texts, lambda value: (state_code(value) if value else "") or self.state),
            "county": lambda texts: _mapped(texts, self._county_name) if self._counties else texts,
            "zip": lambda texts: _mapped(texts, _known_zip),
            "mail_zip": lambda texts: _mapped(texts, _known_zip),
        }
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

    def _header_cells(self, field: str) -> frozenset[str]:
        """Return what a field's cell holds in a line that repeats the header; empty for a file without one."""
        if not self.layout.header or self.layout.format == "fixed":
            return frozenset()
        names = [" ".join(columns) for columns in alternatives(self.layout.columns[field]) if columns[0] in self._at]
        spellings = [spelling for name in names for spelling in (name, name.lower(), name.title())]
        spellings += [column.strip() for column in self.header if column.strip().upper() in names]
        return frozenset([*spellings, *(f"\ufeff{spelling}" for spelling in spellings)])

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
        self._refuse_contradictions(batch)
        columns = self._columns(batch.rows)
        voter_ids = self._cells("voter_id", columns, batch.lines)
        if not self._id_names.isdisjoint(voter_ids):
            return self._parse_without_headers(batch, voter_ids)
        count = len(batch.rows)
        cells = {f: voter_ids if f == "voter_id" else self._cells(f, columns, batch.lines) for f in LAYOUT_FIELDS}
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

    def _parse_without_headers(self, batch: Batch, voter_ids: Sequence[str]) -> ParsedBatch:
        kept = [n for n, voter_id in enumerate(voter_ids) if voter_id not in self._id_names]
        result = self.parse(Batch([batch.lines[n] for n in kept], [batch.rows[n] for n in kept], batch.bad))
        result.repeated_headers = len(voter_ids) - len(kept)
        return result

    def _refuse_contradictions(self, batch: Batch) -> None:
        """Refuse a column that occurs twice with different values: neither is known to be the right one."""
        for first, second in self._repeated:
            for line, row in zip(batch.lines, batch.rows, strict=True):
                if row[first].strip() != row[second].strip():
                    raise Refused(
                        f"{self.name} line 1: the column {self.header[second][:60]!r} occurs twice, with different "
                        f"values on line {line}. Rename or remove one."
                    )

    def _cells(self, name: str, columns: Columns, lines: Sequence[int]) -> Sequence[str]:
        reader = self._read.get(name)
        if reader is None:
            return [self.state if name == "state" else ""] * len(lines)
        texts = reader(columns)
        if name in ("dob", "birth_year"):
            return self.dates.read(name, texts, lines)
        convert = self._conversions.get(name)
        return convert(texts) if convert else texts

    def _county_name(self, value: str) -> str:
        return self._counties.get(value.upper().lstrip("0"), value)

    def _voters(
        self, columns: Columns, cells: dict[str, Sequence[str]], verdicts: Sequence[Verdict]
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

    def _verdicts(self, columns: Columns, cells: dict[str, Sequence[str]], count: int) -> list[Verdict]:
        verdicts = self._by_status(columns, count)
        self._drop_by_rule(columns, verdicts)
        for n in protected_rows(cells):
            verdicts[n] = Verdict(drop="confidential")
        self._withhold_minors(cells, verdicts)
        reject_damaged_ids(verdicts, cells["voter_id"])
        if not all(map(STATE_PATTERN.fullmatch, set(cells["state"]))):
            for n, state in enumerate(cells["state"]):
                if not STATE_PATTERN.fullmatch(state) and not verdicts[n].drop and not verdicts[n].bad:
                    verdicts[n] = Verdict(bad="not a state code", column="state")
        return reject_malformed(verdicts, cells)

    def _drop_by_rule(self, columns: Columns, verdicts: list[Verdict]) -> None:
        for rule, reader in self._drops:
            if reader:
                dropped_values = frozenset(rule.values)
                for n, value in enumerate(reader(columns)):
                    if value and value.upper() in dropped_values:
                        verdicts[n] = Verdict(drop=rule.reason)

    def _withhold_minors(self, cells: dict[str, Sequence[str]], verdicts: list[Verdict]) -> None:
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

    def _by_status(self, columns: Columns, count: int) -> list[Verdict]:
        blank = self._meaning.get("", Verdict(bad="the status is empty", column="status"))
        if self._status is None:
            return [ACTIVE] * count
        meaning = self._meaning
        return [(meaning.get(v.upper()) or unknown_status(v)) if v else blank for v in self._status(columns)]


def _known_zip(value: str) -> str:
    return value if value.strip("0-") else ""


def _mapped(texts: Sequence[str], convert: Callable[[str], str]) -> Sequence[str]:
    """Return converted values; each distinct one is converted once."""
    converted = {text: convert(text) for text in set(texts)}
    if all(text == value for text, value in converted.items()):
        return texts
    return [converted[text] for text in texts]


def _repeated_columns(header: Sequence[str]) -> list[tuple[int, int]]:
    """Return the positions of columns whose names occur twice, as (first, later)."""
    first: dict[str, int] = {}
    names = [(n, column.strip().upper()) for n, column in enumerate(header)]
    return [(first[name], n) for n, name in names if name and first.setdefault(name, n) != n]


def _eighteen_years_before(day: date) -> str:
    """Return the ISO date 18 years before a day, for comparison only: it may be a February 29 that never was."""
    return f"{day.year - ADULT_YEARS:04}{day.isoformat()[4:]}"


def _blank_column(columns: Columns) -> Sequence[str]:
    return [""] * len(columns[0])


def positions_by_state(parsed: ParsedBatch) -> dict[str, list[int]]:
    """Return the positions of the voters of each state."""
    states = set(parsed.states)
    if len(states) == 1:
        return {states.pop(): list(range(len(parsed.voters)))}
    positions: dict[str, list[int]] = {}
    for n, state in enumerate(parsed.states):
        positions.setdefault(state, []).append(n)
    return positions


def matching_records(voters: list[StoredVoter]) -> list[tuple[str, ...]]:
    """Return the records of registered voters as plain tuples without the status; no one else can be matched."""
    return [voter.record[:-1] for voter in voters if voter.registered]
