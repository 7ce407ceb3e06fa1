"""Converts vCard 2.1, 3.0 and 4.0 to contacts. A bad card is one bad row; an entry that is no person is skipped.

(vobject 0.9.9, the library for the format, takes 2.8 GB for a card with a photo of 20 MB and stops at malformed ones;
the tests compare this parser with it.)
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from apps.matching.normalize.person_names import EntryKind, kind_of_entry, kind_of_label
from apps.matching.normalize.person_names.reading import PersonName

from . import cleaning
from .birth_years import BirthYears
from .contact_names import read_contact_name
from .decoding import ByteLine
from .phones import PhoneReader
from .text import clean_text
from .types import MAX_VALUES, ParsedSource, PostalPlace, RawContact, RowCollector
from .vcard_lines import CardLines, VCardProperty, split_cards

ESCAPE_PATTERN = re.compile(r"\\(.)", re.DOTALL)
KIND_PROPERTIES = ("KIND", "X-KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS")
MEMBER_PROPERTIES = ("MEMBER", "X-ADDRESSBOOKSERVER-MEMBER")
UNESCAPED_COMMA = re.compile(r"(?<!\\)((?:\\\\)*),")


def unescape(text: str) -> str:
    r"""Return a value without backslash escapes; \n is a line end."""
    return ESCAPE_PATTERN.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def split_components(text: str) -> list[str]:
    """Return the parts of a structured value, split at unescaped semicolons, still escaped."""
    return re.split(r"(?<!\\)(?:\\\\)*;", text)


class Card:
    """Read the properties of one card."""

    def __init__(self, lines: CardLines) -> None:
        self.line = lines.line
        self.properties = lines.properties

    def named(self, name: str) -> list[VCardProperty]:
        """Return the properties of a name that have a value."""
        return [item for item in self.properties if item.name == name and item.value.strip()]

    def text(self, name: str) -> str:
        """Return the first value of a name on one line."""
        return next((clean_text(unescape(item.value)) for item in self.named(name)), "")

    def kind(self) -> EntryKind:
        """Return what the card stands for: by its own statement, else by its name where that is not in parts."""
        for name in KIND_PROPERTIES:
            if stated := kind_of_label(self.text(name)):
                return stated
        if self.text("X-EVOLUTION-LIST").upper() == "TRUE" or any(map(self.named, MEMBER_PROPERTIES)):
            return EntryKind.GROUP
        first, last = self._parts()[:2]
        if first and last:
            return EntryKind.PERSON
        whole = self.text("FN") or f"{first} {last}".strip()
        organization = clean_text(unescape(self.text("ORG").replace(";", " ")))
        if organization and not (first or last) and whole.casefold() in ("", organization.casefold()):
            return EntryKind.ORGANIZATION
        return kind_of_entry(whole)

    def contact(self, phones: PhoneReader) -> RawContact:
        """Return the contact of a card, its birth year still unread."""
        name = self.name()
        numbers = [item for item in self.named("TEL") if not item.has("FAX", "PAGER") or item.has("CELL", "VOICE")]
        return RawContact(
            line=self.line,
            first=name.first,
            middle=name.middle,
            last=name.last,
            suffix=name.suffix,
            emails=cleaning.clean_emails(unescape(item.value) for item in self.named("EMAIL")),
            phones=phones.read_all((unescape(item.value), "TEL") for item in numbers),
            places=tuple(dict.fromkeys(self._places()))[:MAX_VALUES],
        )

    def _parts(self) -> tuple[str, str, str, str]:
        """Return first, last, middle name and suffix of the first N property that has a first or last name."""
        for item in self.named("N"):
            parts = [_one_text(part) for part in split_components(item.value)] + [""] * 5
            last, first, middle, _title, suffix = parts[:5]
            if first or last:
                return first, last, middle, suffix
        return "", "", "", ""

    def name(self) -> PersonName:
        """Return the name: in parts, from the full name where a phone stored only one part, or a nickname."""
        first, last, middle, suffix = self._parts()
        whole = next((text for name in ("FN", "X-EVOLUTION-FILE-AS", "NICKNAME") if (text := self.text(name))), "")
        return read_contact_name(first, middle, last, suffix, whole)

    def _places(self) -> Iterator[PostalPlace]:
        """Yield addresses: home or preferred first, work last; labels only where there is no address."""
        addresses = sorted(self.named("ADR"), key=lambda item: (item.has("WORK"), not item.has("HOME", "PREF")))
        found = [place for item in addresses if (place := _postal_place(item)) is not None]
        yield from found or (cleaning.place_from_text(unescape(item.value)) for item in self.named("LABEL"))

    def excerpt(self) -> str:
        """Return the properties as text, for the list of bad rows."""
        return "\n".join(f"{item.name}:{item.value}" for item in self.properties)[:2000]


def _one_text(component: str) -> str:
    """Return a component of N on one line; several values, separated by commas, by blanks."""
    return clean_text(unescape(UNESCAPED_COMMA.sub(r"\1 ", component)))


def _postal_place(item: VCardProperty) -> PostalPlace | None:
    parts = [unescape(part).strip() for part in split_components(item.value)] + [""] * 7
    box, extended, street, city, state, zip_text, country = parts[:7]
    if not (street or city or zip_text):
        text = unescape(item.param("LABEL")) or box or extended
        return cleaning.place_from_text(text) if text else None
    if "\n" in street and not city:
        return cleaning.place_from_text(street)
    street = f"{street} {extended}".strip() or (f"PO Box {box}" if box.isdigit() else box)
    return cleaning.clean_place(street, city, state, zip_text, country)


def read_cards(lines: Iterator[ByteLine], date_order: str = "") -> ParsedSource:
    """Parse a file of vCards."""
    parsed = ParsedSource("vcard", dialect="vCard")
    collector = RowCollector(parsed)
    years = BirthYears(date_order)
    for card_lines, error in split_cards(lines):
        card = Card(card_lines)
        if error:
            collector.bad(card.line, error, _("Export this contact again, or add it by hand."), card.excerpt())
        elif (kind := card.kind()) is not EntryKind.PERSON:
            collector.skip(card.line, kind, (card.text("FN") or card.text("ORG")).strip(" ;"))
        elif collector.add(card.contact(PhoneReader(parsed, card.line)), card.excerpt()):
            years.add(parsed, "BDAY", card.text("BDAY"))
    years.settle(parsed)
    return parsed
