"""Decodes text that is not valid UTF-8: Windows-1252, Mac Roman or the DOS code page, by what the letters spell.

Valid UTF-8 beside it stays as it is, so that the mixtures that spreadsheets and concatenated files produce are read.
"""

import re
from typing import Final

CANDIDATES: Final = ("cp1252", "mac_roman", "cp850")  # in order of preference
# "surrogateescape" turns a byte that is not UTF-8 into a lone surrogate.
_BYTES: Final = re.compile(r"[\udc80-\udcff]+")
_BEFORE: Final = re.compile(r"[^\W\d_]*\Z")
_AFTER: Final = re.compile(r"[^\W\d_]*")
NEIGHBORS: Final = 12  # letters looked at on either side
_COMMON: Final = frozenset("áéíóúñüçöäãõàèêâîôûëïåøßÁÉÍÓÚÑÜÇÖÄÃÕÀÈÊÂÎÔÛËÏÅØ")
_QUOTES: Final = frozenset("’‘´'")
_SIGNS: Final = frozenset("–—“”…•°©®™¡¿«»½¼ªº€£ \xa0")
_ENGLISH_ENDINGS: Final = frozenset({"s", "t", "d", "m", "re", "ll", "ve"})


def _character(code_page: str, byte: int) -> str:
    """Return the character of a byte; a byte that the code page leaves undefined as Latin-1."""
    try:
        return bytes([byte]).decode(code_page)
    except UnicodeDecodeError:
        return chr(byte)


_TABLES: Final = {name: {0xDC00 + byte: _character(name, byte) for byte in range(0x80, 0x100)} for name in CANDIDATES}


class LegacyText:
    """Replace the bytes of one source that are not UTF-8. Evidence accumulates over the source."""

    def __init__(self) -> None:
        self.scores = dict.fromkeys(CANDIDATES, 0)

    def replace(self, text: str) -> str:
        """Return text decoded with `surrogateescape`, its escaped bytes read in the code page that fits best."""
        found = [_in_context(text, match) for match in _BYTES.finditer(text)] if not text.isascii() else []
        if not found:
            return text
        for name in CANDIDATES:
            table = _TABLES[name]
            self.scores[name] += sum(_score(before, raw.translate(table), after) for before, raw, after in found)
        best = max(CANDIDATES, key=lambda name: self.scores[name])
        return text.translate(_TABLES[best])

    def decode(self, data: bytes) -> str:
        """Return bytes as text: UTF-8, and for what is not UTF-8 the code page that fits best."""
        return self.replace(data.decode("utf-8", "surrogateescape"))


def _in_context(text: str, match: re.Match[str]) -> tuple[str, str, str]:
    """Return the letters before escaped bytes, the bytes, and the letters behind them."""
    start, end = match.span()
    before = _BEFORE.search(text[max(0, start - NEIGHBORS) : start])
    after = _AFTER.match(text[end : end + NEIGHBORS])
    return before.group() if before else "", match.group(), after.group() if after else ""


def _score(before: str, text: str, after: str) -> int:
    """Return how well characters fit between their neighbors: positive for a word of a western European language."""
    word = before + text + after
    if all(sign in _COMMON for sign in text):
        return 3 if _has_case_of_a_word(word) and len(word) > 1 else -1
    if text in _QUOTES:
        is_elision = 0 < len(before) < 3 and before[:1].isupper() and bool(after)
        return 2 if is_elision or after in _ENGLISH_ENDINGS else -1
    if all(sign in _SIGNS for sign in text):
        is_apart = not (before and after) or (text in "–—" and after[:1].isupper())
        return 1 if is_apart else -3
    return -1 if all(sign.isalpha() for sign in text) and _has_case_of_a_word(word) else -3


def _has_case_of_a_word(word: str) -> bool:
    return word.islower() or word.isupper() or word.istitle()
