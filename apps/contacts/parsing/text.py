"""Cleans text of any source: one line, no control characters, no wrapping of a spreadsheet."""

import re
import unicodedata

_FORMULA_TEXT = re.compile(r"\s*=\s*\"(.*)\"\s*\Z", re.DOTALL)


def clean_text(text: str, longest: int = 200) -> str:
    """Return text on one line in Unicode NFC, without control characters and surrounding space."""
    if text.isascii() and text.isprintable():
        return text.strip()[:longest] if "  " not in text else " ".join(text.split())[:longest]
    characters = (" " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} else character for character in text)
    printable = "".join(
        character for character in characters if unicodedata.category(character) not in {"Cf", "Cs", "Co", "Cn"}
    )
    return unicodedata.normalize("NFC", " ".join(printable.split()))[:longest]


def unwrap_formula(text: str) -> str:
    """Return the text of a cell that a program wrote as `="00205"`, so that a spreadsheet keeps its zeros."""
    if not text.lstrip().startswith("="):
        return text
    match = _FORMULA_TEXT.match(text)
    return match[1].replace('""', '"') if match else text
