"""Types that every parser returns, and the limits that every parser enforces."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.matching.normalize.person_names import EntryKind

MAX_FILE_BYTES = 100 * 1024 * 1024
MAX_TEXT_BYTES = 5 * 1024 * 1024
MAX_ROWS = 10_000
MAX_ROW_CHARACTERS = 64 * 1024
MAX_COLUMNS = 200
MAX_CARD_CHARACTERS = 256 * 1024
MAX_PARSE_SECONDS = 20.0
MAX_VALUES = 20
MAX_UNREAD_LINES = 5


class PostalPlace(NamedTuple):
    """Hold an address as the owner has it; any part may be empty. `state` is a two-letter code if known."""

    street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""

    @property
    def is_home_country(self) -> bool:
        """Return whether the address may be in the United States."""
        return self.country.casefold() in HOME_COUNTRY


HOME_COUNTRY = {
    *("", "us", "usa", "u.s.", "u.s.a.", "united states", "united states of america"),
    *("estados unidos", "etats-unis", "états-unis", "vereinigte staaten", "vereinigte staaten von amerika"),
}


@dataclass(frozen=True, slots=True)
class RawContact:
    """Hold one person of a source, values cleaned: emails in lower case, phones as E.164 if they parse.

    `line` is where the person begins in the source, from 1.
    """

    line: int = 0
    first: str = ""
    middle: str = ""
    last: str = ""
    suffix: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    places: tuple[PostalPlace, ...] = ()
    birth_year: str = ""

    @property
    def name(self) -> str:
        """Return the full name."""
        return " ".join(part for part in (self.first, self.middle, self.last, self.suffix) if part)

    @property
    def where(self) -> str:
        """Return the city of the first place, or its ZIP code."""
        return next((place.city or place.zip for place in self.places), "")

    @property
    def is_identifiable(self) -> bool:
        """Return whether there is a name, an email address or a phone number."""
        return bool(self.first or self.last or self.emails or self.phones)

    def to_data(self) -> dict[str, Any]:
        """Return a JSON dict for encrypted storage: short keys, empty values omitted."""
        pairs = {
            "n": [self.first, self.middle, self.last, self.suffix],
            "e": list(self.emails),
            "p": list(self.phones),
            "a": [list(place) for place in self.places],
            "y": self.birth_year,
            "l": self.line,
        }
        return {key: value for key, value in pairs.items() if value}

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> "RawContact":
        """Return the contact that `to_data` encoded."""
        first, middle, last, suffix = data.get("n", ("", "", "", ""))
        return cls(
            line=data.get("l", 0),
            first=first,
            middle=middle,
            last=last,
            suffix=suffix,
            emails=tuple(data.get("e", ())),
            phones=tuple(data.get("p", ())),
            places=tuple(PostalPlace(*place) for place in data.get("a", ())),
            birth_year=data.get("y", ""),
        )


@dataclass(frozen=True, slots=True)
class BadRow:
    """Hold an unreadable row: its line, the reason, how to fix it, and the beginning of its text."""

    line: int
    reason: str
    cure: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class SkippedEntry:
    """Hold an entry that is no person: its line, what it is, and its name."""

    line: int
    kind: str
    name: str = ""


@dataclass(slots=True)
class UnreadValues:
    """Count the values of one column that cannot be read, by their shape (`99/AAA`), with the first lines."""

    forms: Counter[str] = field(default_factory=Counter)
    lines: list[int] = field(default_factory=list)

    def add(self, form: str, line: int) -> None:
        """Count one value."""
        self.forms[form] += 1
        if len(self.lines) < MAX_UNREAD_LINES:
            self.lines.append(line)


@dataclass(frozen=True, slots=True)
class TableChoices:
    """Hold what the owner states about a table: fields by column number, its header row, the order of its dates.

    An empty field leaves a column out. `has_header` is None, and `date_order` empty, for what the table shows.
    """

    fields: Mapping[int, str] = field(default_factory=dict)
    has_header: bool | None = None
    date_order: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return a JSON dict."""
        return {"fields": dict(self.fields), "has_header": self.has_header, "date_order": self.date_order}

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "TableChoices":
        """Return the choices that `to_data` encoded."""
        fields = {int(number): text for number, text in data["fields"].items()}
        return cls(fields, data["has_header"], data["date_order"])


DEFAULT_CHOICES = TableChoices()


@dataclass(frozen=True, slots=True)
class TableColumn:
    """Describe a column of a table; `field` is empty if its header is unknown."""

    number: int
    header: str
    field: str = ""
    example: str = ""


@dataclass(slots=True)
class ParsedSource:
    """Hold the result of parsing. `kind` is csv, vcard or paste; only tables have columns.

    `date_orders` names the order of day and month by column, `unsettled_dates` the columns that do not show it though
    the year depends on it. `is_guessed` says that columns were recognized by their values, for want of a header.
    """

    kind: str
    contacts: list[RawContact] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    columns: list[TableColumn] = field(default_factory=list)
    dialect: str = ""
    skipped: list[SkippedEntry] = field(default_factory=list)
    unread: dict[str, UnreadValues] = field(default_factory=dict)
    date_orders: dict[str, str] = field(default_factory=dict)
    unsettled_dates: list[str] = field(default_factory=list)
    has_header: bool = True
    is_guessed: bool = False

    @property
    def read(self) -> int:
        """Return the number of entries read, bad and skipped ones included."""
        return len(self.contacts) + len(self.bad) + len(self.skipped)

    @property
    def needs_mapping(self) -> bool:
        """Return whether a table has no column that identifies people."""
        return bool(self.columns) and not any(c.field in IDENTIFYING_FIELDS for c in self.columns)

    @property
    def skipped_by_kind(self) -> dict[str, int]:
        """Return how many entries are no people, by kind."""
        return dict(Counter(entry.kind for entry in self.skipped))

    def count_unread(self, column: str, form: str, line: int) -> None:
        """Count a value of a column that cannot be read."""
        self.unread.setdefault(column, UnreadValues()).add(form, line)


IDENTIFYING_FIELDS = {"first", "last", "full", "name", "email", "phone", "nickname", "display"}


class RowCollector:
    """Collect rows and enforce the limits on number, size and CPU time."""

    def __init__(self, parsed: ParsedSource) -> None:
        self.parsed = parsed
        self.text_size = 0
        self.deadline = time.thread_time() + MAX_PARSE_SECONDS

    def add(self, contact: RawContact, text: str = "") -> bool:
        """Add a readable row and return True; one that identifies no person becomes a bad row."""
        if not contact.is_identifiable:
            self.bad(contact.line, _("No name, email or phone."), _("Add one of them, or leave the row out."), text)
            return False
        self.text_size += _text_size(contact)
        self.parsed.contacts.append(contact)
        self._check()
        return True

    def skip(self, line: int, kind: EntryKind, name: str) -> None:
        """Count an entry that is no person."""
        self.parsed.skipped.append(SkippedEntry(line, kind.value, name[:80]))
        self._check()

    def bad(self, line: int, reason: str, cure: str = "", text: str = "") -> None:
        """Add an unreadable row."""
        self.parsed.bad.append(BadRow(line, reason, cure, text[:2000]))
        self.text_size += min(len(text), 2000)
        self._check()

    def _check(self) -> None:
        if self.parsed.read > MAX_ROWS:
            raise Refused(_("The file has more than 10,000 people. Split it and bring the parts one by one."))
        if self.text_size > MAX_TEXT_BYTES:
            raise Refused(_("The file holds more than 5 MB of names and addresses. Split it in parts."))
        if time.thread_time() > self.deadline:
            raise Refused(_("The file takes too long to read. Split it in parts."))


def _text_size(contact: RawContact) -> int:
    values = (contact.name, *contact.emails, *contact.phones)
    return sum(map(len, values)) + sum(len(part) for place in contact.places for part in place)
