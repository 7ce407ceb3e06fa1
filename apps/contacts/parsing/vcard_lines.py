"""Splits a file of vCards into cards and their properties: lines of bytes, unfolded before they are decoded.

Only used properties are stored in memory: a photo of 20 MB is skipped line by line. A card inside the AGENT property of
another one is skipped.
"""

import base64
import binascii
import codecs
import quopri
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from .decoding import BYTE_MARK, ByteLine
from .legacy_text import LegacyText
from .types import MAX_CARD_CHARACTERS, MAX_ROW_CHARACTERS

USED_PROPERTIES: Final = frozenset(
    (
        *(b"FN", b"N", b"NICKNAME", b"EMAIL", b"TEL", b"ADR", b"BDAY", b"ORG", b"LABEL", b"X-EVOLUTION-FILE-AS"),
        *(b"KIND", b"X-KIND", b"X-ADDRESSBOOKSERVER-KIND", b"X-ABSHOWAS", b"X-EVOLUTION-LIST"),
        *(b"MEMBER", b"X-ADDRESSBOOKSERVER-MEMBER"),
    )
)
_BEGIN: Final = re.compile(rb"\s*BEGIN\s*:\s*VCARD\s*\Z", re.IGNORECASE)
_END: Final = re.compile(rb"END\s*:\s*VCARD\s*(?P<rest>.*)\Z", re.IGNORECASE | re.DOTALL)
_MARKERS: Final = (b"B", b"b", b"E", b"e")  # a quick look: most lines neither begin nor end a card
_AGENT: Final = re.compile(rb"(?:[\w.-]+\.)?AGENT\s*(?:;[^:]*)?:\s*(?:BEGIN\s*:\s*VCARD)?\s*\Z", re.IGNORECASE)
_NAME: Final = re.compile(rb"\s*(?:[A-Za-z0-9_.-]+\.)?(?P<name>[A-Za-z0-9-]+)\s*[;:]")
_PROPERTY: Final = re.compile(
    r"\s*(?:[A-Za-z0-9_.-]+\.)?(?P<name>[A-Za-z0-9-]+)\s*(?P<params>(?:;[^:;\"]*(?:\"[^\"]*\"[^:;\"]*)*)*):"
)
# A property that never continues a quoted-printable value, however that ended.
_NEXT_PROPERTY: Final = re.compile(
    rb"(?:item\d+\.)?(?:N|FN|TEL|EMAIL|ADR|ORG|BDAY|NOTE|TITLE|URL|PHOTO|VERSION|LABEL|UID|REV|END|BEGIN)\s*(?:;[^:]*)?:",
    re.IGNORECASE,
)
# A letter of several bytes in quoted-printable, where the property does not say so.
_UNDECLARED: Final = re.compile(rb"=[C-F][0-9A-F](?:=[89AB][0-9A-F])+")
_MULTIBYTE: Final = ("utf", "gb", "big5", "shift", "euc", "iso2022", "hz", "cp932", "cp949")
MAX_PROPERTIES: Final = 2000


class VCardProperty(NamedTuple):
    """Hold one property of a card: the name in upper case, parameters and value as written."""

    name: str
    params: tuple[str, ...]
    value: str

    def has(self, *words: str) -> bool:
        """Return whether a parameter names one of these types, given in upper case."""
        return any(word in re.split(r"[=,\"]", param.upper()) for param in self.params for word in words)

    def param(self, name: str) -> str:
        """Return the value of a parameter without quotes; empty if it is absent."""
        found = (param.partition("=") for param in self.params)
        return next((value.strip('"') for key, _sign, value in found if key.upper() == name), "")


class CardLines:
    """Collect the lines of one card: skip unused properties, mark the card as bad if it is too long."""

    def __init__(self, line: int, legacy: LegacyText) -> None:
        self.line = line
        self.legacy = legacy
        self.size = 0
        self.properties: list[VCardProperty] = []
        self.error = ""
        self._pieces: list[bytes] = []
        self._soft_breaks: list[int] = []
        self._is_used = self._is_quoted = self._continues = False

    def add(self, line: ByteLine) -> None:
        """Add a physical line: a folded one continues the previous line, any other ends it."""
        data = line.data
        if self._continues and not _NEXT_PROPERTY.match(data):
            self._continue(data, is_soft_break=True)
        elif data[:1] in (b" ", b"\t"):
            self._continue(data[1:])
        else:
            self.end_line()
            self._begin(line)

    def _begin(self, line: ByteLine) -> None:
        match = _NAME.match(line.data[:80])
        self._is_used = match is not None and match["name"].upper() in USED_PROPERTIES
        self._is_quoted = b"QUOTED-PRINTABLE" in line.data[:300].partition(b":")[0].upper()
        if self._is_used and not line.is_complete:
            self.error = _("A line of the card is longer than 64 kB.")
        self._continue(line.data)

    def _continue(self, data: bytes, *, is_soft_break: bool = False) -> None:
        stripped = data.rstrip()
        self._continues = self._is_quoted and stripped.endswith(b"=")
        if not self._is_used:
            return
        if self.size > MAX_CARD_CHARACTERS or sum(map(len, self._pieces)) > MAX_ROW_CHARACTERS:
            self.error = _("The card is longer than 256 kB.")
            return
        if is_soft_break:
            self._soft_breaks.append(len(self._pieces))
        self.size += len(data)
        self._pieces.append(stripped[:-1] if self._continues else data)

    def end_line(self) -> None:
        """Finish the current logical line."""
        if self._is_used and self._pieces and len(self.properties) < MAX_PROPERTIES:
            found = read_property(_join(self._pieces, self._soft_breaks), self.legacy)
            if found is not None:
                self.properties.append(found)
        self._pieces, self._soft_breaks = [], []
        self._is_used = self._is_quoted = self._continues = False


def _join(pieces: list[bytes], soft_breaks: list[int]) -> bytes:
    """Join the pieces of a line. A blank behind a soft line break is a fold, unless the value writes blanks as such."""
    folded = [number for number in soft_breaks if pieces[number][:1] in (b" ", b"\t")]
    if not folded:
        return b"".join(pieces)
    value = pieces[0].partition(b":")[2]
    writes_blanks = b" " in value.strip() and b"=20" not in b"".join(pieces)
    if len(folded) < len(soft_breaks) or (len(folded) == 1 and writes_blanks):
        return b"".join(pieces)
    return b"".join(piece.lstrip(b" \t") if number in folded else piece for number, piece in enumerate(pieces))


def read_property(line: bytes, legacy: LegacyText) -> VCardProperty | None:
    """Return an unfolded line as a property, its encoding and character set decoded; None if it is not one."""
    head = _PROPERTY.match(line.decode("latin-1"))
    if head is None:
        return None
    params = tuple(part.strip() for part in _split_params(legacy.decode(line[: head.end()])))
    upper = [param.upper() for param in params]
    value = line[head.end() :]
    if any(param.endswith("QUOTED-PRINTABLE") for param in upper) or _UNDECLARED.search(value):
        value = quopri.decodestring(value)
    elif any(param in ("ENCODING=B", "ENCODING=BASE64", "BASE64") for param in upper):
        value = _decode_base64(value)
    charset = next((param.partition("=")[2] for param in params if param.upper().startswith("CHARSET=")), "")
    return VCardProperty(head["name"].upper(), params, _decode(value, charset.strip('" '), legacy))


def _split_params(head: str) -> list[str]:
    return [param for param in re.split(r";(?=(?:[^\"]*\"[^\"]*\")*[^\"]*\Z)", head.rstrip(":"))[1:] if param]


def _decode_base64(value: bytes) -> bytes:
    try:
        return base64.b64decode(value, validate=False)
    except (binascii.Error, ValueError):
        return b""


def _decode(value: bytes, charset: str, legacy: LegacyText) -> str:
    """Return a value as text. Programs state Latin-1 and write UTF-8: valid UTF-8 wins over a stated 8-bit charset."""
    codec = _text_codec(charset)
    if codec.replace("_", "").startswith(_MULTIBYTE):
        return value.decode(codec, "replace")
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode(codec, "replace") if codec else legacy.decode(value)


def _text_codec(charset: str) -> str:
    """Return Python's name of a character set; empty for UTF-8, an unknown one, or a codec that is not of text."""
    try:
        b"".decode(charset)
        name = codecs.lookup(charset).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    return "" if name == "utf-8" else name


class _CardSplitter:
    """Collect lines to cards. Lines of a card within an AGENT property, and of cards within that, are dropped."""

    def __init__(self) -> None:
        self.legacy = LegacyText()
        self.card: CardLines | None = None
        self.agents = 0
        self.may_nest = False

    def begin(self, line: ByteLine) -> CardLines | None:
        """Begin a card, or one within an AGENT; return a card that has no end."""
        if self.card is not None and self.may_nest:
            self.agents, self.may_nest = self.agents + 1, False
            return None
        unfinished = self.take()
        self.card = CardLines(line.number, self.legacy)
        return unfinished

    def end(self) -> CardLines | None:
        """End a card and return it, or one within an AGENT and return None."""
        self.may_nest = False
        if self.agents:
            self.agents -= 1
            return None
        return self.take()

    def take(self) -> CardLines | None:
        """Return the current card, which is over."""
        card, self.card, self.agents, self.may_nest = self.card, None, 0, False
        if card is not None:
            card.end_line()
        return card

    def add(self, line: ByteLine) -> None:
        """Add a line to the current card."""
        if self.card is None:
            return
        if b"AGENT" in line.data[:80].upper() and (agent := _AGENT.match(line.data)):
            self.card.end_line()
            is_inline = b"VCARD" in agent.group().upper()
            self.agents, self.may_nest = self.agents + is_inline, not is_inline
        elif not self.agents:
            self.may_nest = self.may_nest and not line.data.strip()
            self.card.add(line)


def split_cards(lines: Iterator[ByteLine]) -> Iterator[tuple[CardLines, str]]:
    """Yield each card with its error, empty if it is readable."""
    splitter = _CardSplitter()
    for line in _separate_ends(lines):
        is_open = splitter.card is not None
        if is_open and line.data[:1] not in _MARKERS:
            splitter.add(line)
        elif _BEGIN.match(line.data):
            if unfinished := splitter.begin(line):
                yield unfinished, _("The card has no END:VCARD.")
        elif is_open and _END.match(line.data):
            if card := splitter.end():
                yield card, card.error
        else:
            splitter.add(line)
    if unfinished := splitter.take():
        yield unfinished, _("The card has no END:VCARD.")


def _separate_ends(lines: Iterator[ByteLine]) -> Iterator[ByteLine]:
    """Yield lines; END:VCARD and a BEGIN:VCARD behind it on one line, as joined files have them, as two."""
    for line in lines:
        match = _END.match(line.data) if line.data[:3].upper() == b"END" else None
        rest = match["rest"].removeprefix(BYTE_MARK) if match else b""
        if rest and _BEGIN.match(rest):
            yield line._replace(data=b"END:VCARD")
            yield line._replace(data=rest)
        else:
            yield line
