"""Parses vCard 2.1, 3.0 and 4.0. Lines are unfolded and filtered by property before their content is read.

Only used properties are held in memory: a photo of 20 MB is skipped line by line. (vobject 0.9.9, the library for the
format, takes 2.8 GB for such a card and stops at malformed ones; the tests compare this parser with it.)
"""

import codecs
import quopri
import re
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from . import cleaning
from .decoding import Line
from .types import MAX_CARD_CHARACTERS, MAX_ROW_CHARACTERS, ParsedSource, PostalPlace, RawContact, RowCollector

USED_PROPERTIES = {"FN", "N", "NICKNAME", "EMAIL", "TEL", "ADR", "BDAY", "ORG", "LABEL", "X-EVOLUTION-FILE-AS"}
PROPERTY_PATTERN = re.compile(
    r"(?:(?P<group>[A-Za-z0-9_.-]+)\.)?(?P<name>[A-Za-z0-9-]+)(?P<params>(?:;[^:;\"]*(?:\"[^\"]*\"[^:;\"]*)*)*):"
)
ESCAPE_PATTERN = re.compile(r"\\(.)", re.DOTALL)
MAX_PROPERTIES = 2000


class VCardProperty(NamedTuple):
    """Hold one property of a card: name and parameters in upper case, value as written."""

    name: str
    params: tuple[str, ...]
    value: str

    def has(self, *words: str) -> bool:
        """Return whether a parameter names one of these types."""
        return any(word in re.split(r"[=,\"]", param) for param in self.params for word in words)


def unescape(text: str) -> str:
    r"""Return a value without backslash escapes; \n is a line end."""
    return ESCAPE_PATTERN.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def split_components(text: str) -> list[str]:
    """Return the parts of a structured value, split at unescaped semicolons."""
    return [unescape(part) for part in re.split(r"(?<!\\)(?:\\\\)*;", text)]


def read_property(text: str) -> VCardProperty | None:
    """Return an unfolded line as a property, quoted-printable decoded; None if it is not one."""
    match = PROPERTY_PATTERN.match(text)
    if match is None:
        return None
    params = tuple(param.upper() for param in match["params"].split(";") if param)
    value = text[match.end() :]
    if any(param.endswith("QUOTED-PRINTABLE") for param in params):
        value = _decode_quoted_printable(value, params)
    return VCardProperty(match["name"].upper(), params, value)


def _decode_quoted_printable(value: str, params: tuple[str, ...]) -> str:
    charset = next((param.partition("=")[2] for param in params if param.startswith("CHARSET=")), "utf-8")
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        codecs.lookup(charset)
    except LookupError:
        charset = "utf-8"
    errors = "votekin-windows" if codecs.lookup(charset).name == "utf-8" else "replace"
    return raw.decode(charset, errors)


class VCard:
    """Collect the lines of one card: skip unused properties, mark the card as bad if it is too long."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.size = 0
        self.properties: list[VCardProperty] = []
        self.current = ""
        self.is_used = False
        self.quoted = False
        self.error = ""

    def add_line(self, line: Line) -> None:
        """Add a physical line: a folded one continues the previous line, any other ends it."""
        text = line.text
        if self.quoted and self.current.endswith("="):
            self._grow(text.strip() if not self.is_used else text, cut=1)
        elif text[:1] in {" ", "\t"}:
            self._grow(text[1:])
        else:
            self.end_line()
            self._begin(line)

    def _begin(self, line: Line) -> None:
        name = re.split(r"[;:]", line.text[:80], maxsplit=1)[0].rpartition(".")[2].strip().upper()
        self.is_used = name in USED_PROPERTIES
        head = line.text[:300].upper()
        self.quoted = "QUOTED-PRINTABLE" in head
        self.current = line.text if self.is_used else ("=" if self.quoted and line.text.endswith("=") else "")
        if self.is_used and not line.is_complete:
            self.error = _("A line of the card is longer than 64 kB.")
        self.size += len(self.current)

    def _grow(self, text: str, cut: int = 0) -> None:
        if not self.is_used:
            self.current = "=" if self.quoted and text.endswith("=") else ""
            return
        if self.size > MAX_CARD_CHARACTERS or len(self.current) > MAX_ROW_CHARACTERS:
            self.error = _("The card is longer than 256 kB.")
            return
        self.size += len(text)
        self.current = (self.current[: len(self.current) - cut] if cut else self.current) + text

    def end_line(self) -> None:
        """Finish the current logical line."""
        if self.is_used and self.current and len(self.properties) < MAX_PROPERTIES:
            new_property = read_property(self.current)
            if new_property is not None:
                self.properties.append(new_property)
        self.current, self.is_used, self.quoted = "", False, False

    def properties_named(self, name: str) -> list[VCardProperty]:
        """Return the properties of a name; addresses in order home or preferred first, work last."""
        matching = [item for item in self.properties if item.name == name and item.value.strip()]
        return sorted(
            matching, key=lambda item: (item.has("WORK"), not item.has("HOME", "PREF")) if name == "ADR" else (0,)
        )

    def contact(self) -> RawContact:
        """Return the contact of a card."""
        first, middle, last, suffix = self._name()
        birthday = next((item.value for item in self.properties_named("BDAY")), "")
        return RawContact(
            line=self.line,
            first=first,
            middle=middle,
            last=last,
            suffix=suffix,
            emails=cleaning.clean_emails(unescape(item.value) for item in self.properties_named("EMAIL")),
            phones=cleaning.clean_phones(
                unescape(item.value) for item in self.properties_named("TEL") if not item.has("FAX", "PAGER")
            ),
            places=tuple(
                dict.fromkeys(
                    place for item in self.properties_named("ADR") if (place := _postal_place(item.value)) is not None
                )
            ),
            birth_year=cleaning.birth_year(birthday),
        )

    def _name(self) -> tuple[str, str, str, str]:
        for item in self.properties_named("N"):
            parts = [cleaning.clean_text(part) for part in split_components(item.value)] + [""] * 5
            last, first, middle, _title, suffix = parts[:5]
            if first and last:
                return first, middle, last, cleaning.clean_suffix(suffix)
            if first or last:
                return self._half_name(first, middle, last, suffix)
        for name in ("FN", "X-EVOLUTION-FILE-AS", "NICKNAME"):
            for item in self.properties_named(name):
                return cleaning.split_name(unescape(item.value))
        return "", "", "", ""

    def _half_name(self, first: str, middle: str, last: str, suffix: str) -> tuple[str, str, str, str]:
        """Split a full name that a phone stored in one part."""
        whole = first or last
        if " " in whole and not middle:
            first, middle, last, suffix_in_name = cleaning.split_name(whole)
            return first, middle, last, suffix_in_name or cleaning.clean_suffix(suffix)
        return first, middle, last, cleaning.clean_suffix(suffix)


def _postal_place(value: str) -> PostalPlace | None:
    parts = [part.strip() for part in split_components(value)] + [""] * 7
    _box, extended, street, city, state, zip_text, country = parts[:7]
    if not (street or city or zip_text):
        return None
    if "\n" in street and not city:
        return cleaning.place_from_text(street)
    return cleaning.clean_place(f"{street} {extended}".strip(), city, state, zip_text, country)


def _split_cards(lines: Iterator[Line]) -> Iterator[tuple[VCard, str]]:
    """Yield each card with its error, empty if it is readable."""
    card: VCard | None = None
    for line in lines:
        word = line.text[:16].strip().upper()
        if word == "BEGIN:VCARD":
            if card is not None:
                card.end_line()
                yield card, _("The card has no END:VCARD.")
            card = VCard(line.number)
        elif card is not None and word == "END:VCARD" and not line.text[:1].isspace():
            card.end_line()
            yield card, card.error
            card = None
        elif card is not None:
            card.add_line(line)
    if card is not None:
        card.end_line()
        yield card, _("The card has no END:VCARD.")


def read_cards(lines: Iterator[Line]) -> ParsedSource:
    """Parse a file of vCards; a bad card is one bad row."""
    parsed = ParsedSource("vcard", dialect="vCard")
    collector = RowCollector(parsed)
    for card, error in _split_cards(lines):
        if error:
            collector.bad(card.line, error, _("Export this contact again, or add it by hand."), _card_excerpt(card))
        else:
            collector.add(card.contact(), _card_excerpt(card))
    return parsed


def _card_excerpt(card: VCard) -> str:
    return "\n".join(f"{item.name}:{item.value}" for item in card.properties)[:2000]
