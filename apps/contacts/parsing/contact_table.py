"""Converts the rows of a table to contacts by its columns."""

from collections.abc import Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from apps.core.errors import Refused
from apps.matching.normalize.person_names import EntryKind, kind_of_entry, kind_of_label

from . import cleaning
from .birth_years import BirthYears
from .contact_names import read_contact_name
from .headers import PLACE_FIELDS, group_rank, header_meanings, normalize_header
from .phones import PhoneReader
from .text import clean_text
from .types import MAX_COLUMNS, MAX_VALUES, ParsedSource, PostalPlace, RawContact, RowCollector

VALUE_SEPARATOR = " ::: "
# A column "Type" says "Family" or "List" of a person, too.
CERTAIN_LABELS = (EntryKind.ORGANIZATION, EntryKind.HOUSEHOLD)
_TRUE = frozenset({"1", "true", "yes", "y", "t", "x", "si", "sí"})
Cells = Sequence[str]


class ContactTable:
    """Convert rows of a table to contacts by its columns."""

    def __init__(self, headers: Cells, fields: Mapping[int, str], date_order: str = "") -> None:
        if len(headers) > MAX_COLUMNS:
            raise Refused(
                _("The file has %(count)d columns; at most 200 can be read. Leave out what is not a name, "
                  "email, phone or address.") % {"count": len(headers)}
            )  # fmt: skip
        self.headers = [clean_text(header, 80) for header in headers]
        self.meanings = header_meanings(self.headers, fields)
        self.by_field: dict[str, list[int]] = {}
        for number, meaning in enumerate(self.meanings):
            self.by_field.setdefault(meaning.field, []).append(number)
        self.place_columns = self._place_columns()
        self.years = BirthYears(date_order)

    def _columns(self, *fields: str) -> list[int]:
        if len(fields) == 1:
            return self.by_field.get(fields[0], [])
        return [number for field in fields for number in self.by_field.get(field, ())]

    def _place_columns(self) -> list[dict[str, list[int]]]:
        groups: dict[str, dict[str, list[int]]] = {}
        for number in self._columns(*sorted(PLACE_FIELDS), "formatted"):
            meaning = self.meanings[number]
            groups.setdefault(meaning.group, {}).setdefault(meaning.field, []).append(number)
        return [groups[group] for group in sorted(groups, key=group_rank)]

    def add_row(self, line: int, cells: Cells, collector: RowCollector, text: str) -> None:
        """Add the contact of a row; skip an entry that is no person."""
        kind = self._kind(cells)
        if kind is not EntryKind.PERSON:
            name = self._first(cells, "full", "display", "organization", "household", "first", "last")
            collector.skip(line, kind, clean_text(name))
            return
        if collector.add(self._contact(line, cells, collector.parsed), text):
            for number in self._columns("birth_year", "birthday"):
                if cells[number].strip():
                    self.years.add(collector.parsed, self.headers[number], cells[number])
                    break

    def _contact(self, line: int, cells: Cells, parsed: ParsedSource) -> RawContact:
        """Return the contact of a row, its birth year still unread."""
        first = self._first(cells, "first")
        last = " ".join(part for part in (self._first(cells, "last"), self._first(cells, "last2")) if part)
        whole = self._first(cells, "full", "display")
        name = read_contact_name(first, self._first(cells, "middle"), last, self._first(cells, "suffix"), whole)
        if not name.first:
            nickname = self._first(cells, "nickname")
            name = name._replace(first=clean_text(nickname)) if name.last else read_contact_name(nickname, "", "")
        country_code = self._first(cells, "phone_country").strip("+ ").removesuffix(".0")
        return RawContact(
            line=line,
            first=name.first,
            middle=name.middle,
            last=name.last,
            suffix=name.suffix,
            emails=cleaning.clean_emails(cells[number] for number in self._columns("email") if cells[number]),
            phones=PhoneReader(parsed, line).read_all(
                ((cells[number], self.headers[number]) for number in self._columns("phone") if cells[number]),
                country_code if country_code.isdigit() and len(country_code) < 4 else "",
            ),
            places=tuple(dict.fromkeys(self._places(cells)))[:MAX_VALUES],
        )

    def _kind(self, cells: Cells) -> EntryKind:
        """Return what a row stands for: by its type, else by a name that is not in parts."""
        first, last, whole = self._first(cells, "first"), self._first(cells, "last"), self._first(cells, "full")
        for number in self._columns("kind"):
            if stated := _stated_kind(normalize_header(self.headers[number]), cells[number].strip()):
                return stated
        if first and last:
            return EntryKind.PERSON
        organization, household = self._first(cells, "organization"), self._first(cells, "household")
        name = whole or f"{first} {last}".strip() or self._first(cells, "display")
        if organization and not (first or last) and name.casefold() in ("", organization.casefold()):
            # An email address beside a mere company is more often a person's.
            has_email = any(cells[number].strip() for number in self._columns("email"))
            return EntryKind.PERSON if not name and has_email else EntryKind.ORGANIZATION
        if household and not (first or last) and name.casefold() in ("", household.casefold()):
            return EntryKind.HOUSEHOLD
        return kind_of_entry(name)

    def is_shifted(self, cells: Cells) -> bool:
        """Return whether an email column holds other text, as after a stray comma."""
        return any(cells[number].strip() and "@" not in cells[number] for number in self._columns("email"))

    def _first(self, cells: Cells, *fields: str) -> str:
        return next((cells[number].strip() for number in self._columns(*fields) if cells[number].strip()), "")

    def _places(self, cells: Cells) -> Iterator[PostalPlace]:
        for group in self.place_columns:
            parts = {field: _join_cells(cells, numbers, field) for field, numbers in group.items()}
            yield from _group_places(parts)


def _stated_kind(header: str, text: str) -> EntryKind | None:
    """Return the kind that a column states: "Contact Type", "signup_type" of NationBuilder, "Is organization"."""
    if header.startswith("is "):
        return kind_of_label(header.removeprefix("is ")) if text.casefold() in _TRUE else None
    if header == "signup type" and text == "1":
        return EntryKind.ORGANIZATION
    if text.casefold() == "family":
        return None  # a relative, in an address book
    stated = kind_of_label(text)
    return stated if stated in CERTAIN_LABELS or len(header.split()) > 1 else None


def _join_cells(cells: Cells, numbers: list[int], field: str) -> str:
    """Return the cells of one field: parts of a street side by side, of several states or ZIP codes the first."""
    filled = [cells[number].strip() for number in numbers if cells[number].strip()]
    if field == "street_part":
        return " ".join(filled)
    if field == "street" and filled and filled[0][0].isdigit():
        # A second whole address is another one, not the rest of the first.
        filled = [filled[0], *(cell for cell in filled[1:] if not cell[0].isdigit())]
    return ", ".join(filled) if field in ("street", "street2", "formatted") else next(iter(filled), "")


def split_values(cell: str) -> list[str]:
    """Return the values of a cell; Google joins several with " ::: "."""
    return cell.split(VALUE_SEPARATOR) if VALUE_SEPARATOR in cell else [cell]


def _group_places(parts: Mapping[str, str]) -> Iterator[PostalPlace]:
    if not parts.get("street") and parts.get("street_part"):
        parts = {**parts, "street": parts["street_part"]}
    if parts.get("zip4") and parts.get("zip"):
        parts = {**parts, "zip": f"{cleaning.clean_zip(parts['zip'])[:5]}-{parts['zip4'].removesuffix('.0').zfill(4)}"}
    written = [part for part in ("street", "city", "state", "zip") if parts.get(part)]
    if not written:
        yield from (cleaning.place_from_text(text) for text in split_values(parts.get("formatted", "")) if text.strip())
        return
    split = {field: split_values(text) for field, text in parts.items()}
    for number in range(max(len(split[field]) for field in written)):
        values = {field: texts[number] if number < len(texts) else "" for field, texts in split.items()}
        street = " ".join(text for text in (values.get("street", ""), values.get("street2", "")) if text)
        if (written == ["street"] and "," in street) or ("\n" in street and not values.get("city")):
            yield cleaning.place_from_text(street)
        else:
            yield cleaning.clean_place(
                street,
                values.get("city", ""),
                values.get("state", ""),
                values.get("zip", ""),
                values.get("country", ""),
            )
