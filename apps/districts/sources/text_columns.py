"""Decode the text of shapefiles, whose code page (.cpg) is often missing or wrong."""

import codecs
import re
from collections.abc import Sequence
from typing import Any, Final

RAW_ENCODING: Final = "ISO-8859-1"  # keeps every byte, so that the text can be decoded again
FALLBACK: Final = "cp1252"  # of programs under Windows, where most files without a code page come from


def decode_columns(columns: dict[str, list[Any]], stated: str) -> tuple[dict[str, list[Any]], list[str]]:
    """Return columns of text that was read as RAW_ENCODING in its real encoding, and notes.

    Text with letters beyond ASCII that is valid UTF-8 is UTF-8, whatever the file states: another encoding hardly
    ever is. Otherwise the stated code page is used, or Windows's if it does not fit.
    """
    encoded = [
        value.encode("latin-1")
        for values in columns.values()
        for value in values
        if isinstance(value, str) and not value.isascii()
    ]
    if not encoded:
        return columns, []
    name = _python_name(stated)
    encoding = _encoding(encoded, name)
    decoded = {column: [_decode(value, encoding) for value in values] for column, values in columns.items()}
    fits = encoding == (name or FALLBACK)
    return decoded, [] if fits else [f"text read as {encoding}, not as the stated {stated or 'code page'}"]


def _encoding(encoded: Sequence[bytes], stated: str) -> str:
    # Fields of fixed width cut a letter of two bytes in half, so a few values may be invalid at their end.
    if sum(map(_is_utf8, encoded)) > len(encoded) / 2:
        return "utf-8"
    if stated and stated != "utf-8" and all(_fits(value, stated) for value in encoded):
        return stated
    return FALLBACK


def _decode(value: Any, encoding: str) -> Any:
    if not isinstance(value, str) or value.isascii():
        return value
    data = value.encode("latin-1")
    if encoding == "utf-8" and not _is_utf8(data):
        try:
            return data[: -1 - (data[-2:-1] > b"\xbf")].decode()  # without the half letter at the end
        except UnicodeDecodeError:
            encoding = FALLBACK
    return data.decode(encoding, "replace")


def _is_utf8(data: bytes) -> bool:
    return _fits(data, "utf-8")


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeError:
        return False
    return True


def _python_name(stated: str) -> str:
    """Return Python's name of a code page as .cpg files write it: 1252, ANSI 1252, LDID/87, UTF-8; empty if unknown."""
    digits = re.fullmatch(r"(?:ANSI |OEM |CP|windows-|LDID/)?0*(\d+)", stated.strip(), re.IGNORECASE)
    candidates = (
        [f"cp{digits[1]}", f"iso8859-{digits[1][4:]}" if digits[1].startswith("8859") else ""] if digits else []
    )
    for candidate in (*candidates, stated):
        try:
            b"a".decode(candidate or "-")  # some names are of other transformations than text
            return codecs.lookup(candidate).name
        except (LookupError, ValueError):
            continue
    return ""
