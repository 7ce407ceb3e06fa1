"""From bytes to lines: what is no text is refused by its content, any encoding is read, memory stays bounded.

A file name or a declared type is never believed. UTF-8 is read with single bytes that do not fit taken as
Windows-1252, which reads plain UTF-8, plain Windows-1252 and the mixtures that spreadsheets leave behind.
"""

import codecs
from collections.abc import Iterator
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from apps.core.errors import Refused

from .types import MAX_FILE_BYTES

BLOCK_BYTES = 64 * 1024
BINARY_SIGNATURES = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"7z\xbc\xaf": "7z",
    b"Rar!": "rar",
    b"%PDF": "pdf",
    b"\xd0\xcf\x11\xe0": "xls",
    b"SQLite format 3": "sqlite",
    b"\x89PNG": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF8": "gif",
    b"PAR1": "parquet",
    b"\x7fELF": "program",
}
MARKUP_SIGNATURES = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body")


class Line(NamedTuple):
    """A line without its end; `whole` is False where it was cut because it is longer than allowed."""

    number: int
    text: str
    whole: bool = True


def _decode_as_windows(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are no UTF-8 as Windows-1252, and its five holes as Latin-1."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(_windows_character(byte) for byte in wrong), error.end


def _windows_character(byte: int) -> str:
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


codecs.register_error("votekin-windows", _decode_as_windows)


def _refuse_binary(head: bytes) -> None:
    if not head.strip(b"\x00 \r\n\t\xef\xbb\xbf"):
        raise Refused(_("The file is empty."))
    for magic, name in BINARY_SIGNATURES.items():
        if head.startswith(magic):
            raise Refused(
                _("This is a %(kind)s file. Save your contacts as CSV or vCard and bring that.") % {"kind": name}
            )
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(MARKUP_SIGNATURES):
        raise Refused(_("This is a web page or drawing. Save your contacts as CSV or vCard and bring that."))


def detect_encoding(head: bytes) -> str:
    """Return the encoding by mark or by where the zero bytes lie; Refused for what is no text."""
    _refuse_binary(head)
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:4096:2].count(0), head[1:4096:2].count(0)
    half = max(1, min(len(head), 4096) // 2)
    if odd > half * 0.4 and even < half * 0.1:
        return "utf-16-le"
    if even > half * 0.4 and odd < half * 0.1:
        return "utf-16-be"
    odd_signs = sum(byte < 32 and byte not in (9, 10, 11, 12, 13, 27, 28, 29, 30, 31) for byte in head[:4096])
    if odd_signs > max(8, len(head[:4096]) * 0.05):
        raise Refused(_("The file is not text. Save your contacts as CSV or vCard and bring that."))
    return "utf-8-sig"


def decode_stream(stream: IO[bytes]) -> Iterator[str]:
    """Yield the text in blocks; Refused where the file is longer than allowed or is no text."""
    head = stream.read(BLOCK_BYTES)
    name = detect_encoding(head)
    errors = "votekin-windows" if name == "utf-8-sig" else "replace"
    decoder = codecs.getincrementaldecoder(name)(errors=errors)
    total = 0
    while head:
        total += len(head)
        if total > MAX_FILE_BYTES:
            raise Refused(_("The file is larger than 100 MB."))
        yield decoder.decode(head)
        head = stream.read(BLOCK_BYTES)
    yield decoder.decode(b"", final=True)


def split_lines(blocks: Iterator[str], longest: int) -> Iterator[Line]:
    """Yield the lines; any of the three line ends counts. A longer one is cut, its rest is passed over."""
    number, rest, whole = 0, "", True
    for block in blocks:
        parts = _split_block(rest + block)
        rest = parts.pop()
        for part in parts:
            number += 1
            yield Line(number, part[:longest], whole and len(part) <= longest)
            whole = True
        if len(rest) > longest:
            rest, whole = rest[:longest], False
    if rest or not whole:
        yield Line(number + 1, rest.rstrip("\r")[:longest], whole)


def _split_block(text: str) -> list[str]:
    r"""Split at \r\n, \n and lone \r; a \r at the very end waits for what follows."""
    held = "\r" if text.endswith("\r") else ""
    text = text[: len(text) - len(held)]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = text.replace("\x00", "").split("\n")
    parts[-1] += held
    return parts
