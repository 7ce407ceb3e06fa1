"""vCard 2.1, 3.0 and 4.0. Lines are unfolded and filtered by property before any of them is looked into.

Only the properties we use are ever held: a photo of 20 MB passes by line by line. (vobject 0.9.9, the library for
the format, takes 2.8 GB for such a card and stops at odd ones; the tests hold our reading against it.)
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
    """A line of a card: name in upper case, parameters in upper case, value as written."""

    name: str
    params: tuple[str, ...]
    value: str

    def has(self, *words: str) -> bool:
        """Return whether a parameter names one of the types."""
        return any(word in re.split(r"[=,\"]", param) for param in self.params for word in words)


def unescape(text: str) -> str:
    r"""Return a value without its backslashes; \n is a line end."""
    return ESCAPE_PATTERN.sub(lambda match: "\n" if match[1] in "nN" else match[1], text)


def split_components(text: str) -> list[str]:
    """Return the parts of a structured value, split at semicolons that are not escaped."""
    return [unescape(part) for part in re.split(r"(?<!\\)(?:\\\\)*;", text)]


def read_property(text: str) -> VCardProperty | None:
    """Return one unfolded line, decoded from quoted-printable where it says so; None for what is no property."""
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
    """The lines of one card as they come in; what is not used is passed over, what is too long makes it bad."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.size = 0
        self.properties: list[VCardProperty] = []
        self.current = ""
        self.wanted = False
        self.quoted = False
        self.trouble = ""

    def take(self, line: Line) -> None:
        """Add a physical line: a folded one continues the last, another one ends it."""
        text = line.text
        if self.quoted and self.current.endswith("="):
            self._grow(text.strip() if not self.wanted else text, cut=1)
        elif text[:1] in {" ", "\t"}:
            self._grow(text[1:])
        else:
            self.finish()
            self._begin(line)

    def _begin(self, line: Line) -> None:
        name = re.split(r"[;:]", line.text[:80], maxsplit=1)[0].rpartition(".")[2].strip().upper()
        self.wanted = name in USED_PROPERTIES
        head = line.text[:300].upper()
        self.quoted = "QUOTED-PRINTABLE" in head
        self.current = line.text if self.wanted else ("=" if self.quoted and line.text.endswith("=") else "")
        if self.wanted and not line.whole:
            self.trouble = _("A line of the card is longer than 64 kB.")
        self.size += len(self.current)

    def _grow(self, text: str, cut: int = 0) -> None:
        if not self.wanted:
            self.current = "=" if self.quoted and text.endswith("=") else ""
            return
        if self.size > MAX_CARD_CHARACTERS or len(self.current) > MAX_ROW_CHARACTERS:
            self.trouble = _("The card is longer than 256 kB.")
            return
        self.size += len(text)
        self.current = (self.current[: len(self.current) - cut] if cut else self.current) + text

    def finish(self) -> None:
        """End the line at hand."""
        if self.wanted and self.current and len(self.properties) < MAX_PROPERTIES:
            found = read_property(self.current)
            if found is not None:
                self.properties.append(found)
        self.current, self.wanted, self.quoted = "", False, False

    def all(self, name: str) -> list[VCardProperty]:
        """Return the properties of a name, the preferred and the home ones first."""
        found = [one for one in self.properties if one.name == name and one.value.strip()]
        return sorted(found, key=lambda one: (one.has("WORK"), not one.has("HOME", "PREF")) if name == "ADR" else (0,))

    def person(self) -> RawContact:
        """Return the person of a card."""
        first, middle, last, suffix = self._name()
        birthday = next((one.value for one in self.all("BDAY")), "")
        return RawContact(
            line=self.line,
            first=first,
            middle=middle,
            last=last,
            suffix=suffix,
            emails=cleaning.clean_emails(unescape(one.value) for one in self.all("EMAIL")),
            phones=cleaning.clean_phones(unescape(one.value) for one in self.all("TEL") if not one.has("FAX", "PAGER")),
            places=tuple(
                dict.fromkeys(place for one in self.all("ADR") if (place := _postal_place(one.value)) is not None)
            ),
            birth_year=cleaning.birth_year(birthday),
        )

    def _name(self) -> tuple[str, str, str, str]:
        for one in self.all("N"):
            parts = [cleaning.clean_text(part) for part in split_components(one.value)] + [""] * 5
            last, first, middle, _title, suffix = parts[:5]
            if first and last:
                return first, middle, last, cleaning.clean_suffix(suffix)
            if first or last:
                return self._half_name(first, middle, last, suffix)
        for name in ("FN", "X-EVOLUTION-FILE-AS", "NICKNAME"):
            for one in self.all(name):
                return cleaning.split_name(unescape(one.value))
        return "", "", "", ""

    def _half_name(self, first: str, middle: str, last: str, suffix: str) -> tuple[str, str, str, str]:
        """Phones often put a whole name into one part."""
        whole = first or last
        if " " in whole and not middle:
            first, middle, last, mark = cleaning.split_name(whole)
            return first, middle, last, mark or cleaning.clean_suffix(suffix)
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
    """Yield the cards, each with why it cannot be read, empty where it can."""
    card: VCard | None = None
    for line in lines:
        word = line.text[:16].strip().upper()
        if word == "BEGIN:VCARD":
            if card is not None:
                card.finish()
                yield card, _("The card has no END:VCARD.")
            card = VCard(line.number)
        elif card is not None and word == "END:VCARD" and not line.text[:1].isspace():
            card.finish()
            yield card, card.trouble
            card = None
        elif card is not None:
            card.take(line)
    if card is not None:
        card.finish()
        yield card, _("The card has no END:VCARD.")


def read_cards(lines: Iterator[Line]) -> ParsedSource:
    """Read a file of cards; a bad card is one bad row."""
    parsed = ParsedSource("vcard", dialect="vCard")
    collector = RowCollector(parsed)
    for card, trouble in _split_cards(lines):
        if trouble:
            collector.bad(card.line, trouble, _("Export this contact again, or add it by hand."), _card_excerpt(card))
        else:
            collector.add(card.person(), _card_excerpt(card))
    return parsed


def _card_excerpt(card: VCard) -> str:
    return "\n".join(f"{one.name}:{one.value}" for one in card.properties)[:2000]
