"""Decodes bytes to lines: refuses binary content, reads any text encoding, bounds memory.

File names and declared types are ignored. Tables are decoded block by block, vCards as lines of bytes, because a fold
may cut a letter of several bytes in two. `legacy_text` reads what is not UTF-8.
"""

import codecs
from collections.abc import Iterator
from typing import IO, NamedTuple

from django.utils.translation import gettext as _

from apps.core.errors import Refused

from .legacy_text import LegacyText
from .types import MAX_FILE_BYTES

BLOCK_BYTES = 64 * 1024
UTF8 = "utf-8-sig"
# Files joined to one carry a byte order mark in the middle.
MARK = "\ufeff"
BYTE_MARK = codecs.BOM_UTF8
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
    """Hold a line without its line end; `is_complete` is False if it was cut at the limit."""

    number: int
    text: str
    is_complete: bool = True


class ByteLine(NamedTuple):
    """Hold a line of bytes without its line end; `is_complete` is False if it was cut at the limit."""

    number: int
    data: bytes
    is_complete: bool = True


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
    """Return the encoding by byte order mark or position of zero bytes; raise Refused for binary content."""
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
    control_characters = sum(byte < 32 and byte not in (9, 10, 11, 12, 13, 27, 28, 29, 30, 31) for byte in head[:4096])
    if control_characters > max(8, len(head[:4096]) * 0.05):
        raise Refused(_("The file is not text. Save your contacts as CSV or vCard and bring that."))
    return UTF8


class Source(NamedTuple):
    """Hold the encoding of a source and its blocks of bytes."""

    encoding: str
    blocks: Iterator[bytes]


def open_source(stream: IO[bytes]) -> Source:
    """Return a source; raise Refused for binary content. Its blocks raise Refused beyond `MAX_FILE_BYTES`."""
    head = stream.read(BLOCK_BYTES)
    return Source(detect_encoding(head), _read_blocks(head, stream))


def _read_blocks(head: bytes, stream: IO[bytes]) -> Iterator[bytes]:
    total = 0
    while head:
        total += len(head)
        if total > MAX_FILE_BYTES:
            raise Refused(_("The file is larger than 100 MB."))
        yield head
        head = stream.read(BLOCK_BYTES)


def decode_blocks(source: Source) -> Iterator[str]:
    """Yield the decoded blocks of a source."""
    is_utf8 = source.encoding == UTF8
    decoder = codecs.getincrementaldecoder(source.encoding)(errors="surrogateescape" if is_utf8 else "replace")
    legacy = LegacyText()
    for block in source.blocks:
        yield legacy.replace(decoder.decode(block)) if is_utf8 else decoder.decode(block)
    yield legacy.replace(decoder.decode(b"", final=True)) if is_utf8 else decoder.decode(b"", final=True)


def byte_lines(source: Source, longest: int) -> Iterator[ByteLine]:
    """Yield the lines of a source in its own 8-bit encoding; UTF-16 and UTF-32 become UTF-8."""
    if source.encoding == UTF8:
        # Latin-1 maps every byte to one character and back, so that one function splits text and bytes.
        blocks = (block.decode("latin-1") for block in source.blocks)
    else:
        blocks = (block.encode("utf-8", "replace").decode("latin-1") for block in decode_blocks(source))
    for line in split_lines(blocks, longest):
        data = line.text.encode("latin-1")
        yield ByteLine(line.number, data.removeprefix(BYTE_MARK), line.is_complete)


def split_lines(blocks: Iterator[str], longest: int) -> Iterator[Line]:
    """Yield lines at any of the three line ends; cut lines longer than `longest` characters."""
    number, remainder, is_complete = 0, "", True
    for block in blocks:
        parts = _split_block(remainder + block)
        remainder = parts.pop()
        for part in parts:
            number += 1
            yield Line(number, part[:longest].lstrip(MARK), is_complete and len(part) <= longest)
            is_complete = True
        if len(remainder) > longest:
            remainder, is_complete = remainder[:longest], False
    if remainder or not is_complete:
        yield Line(number + 1, remainder.rstrip("\r")[:longest].lstrip(MARK), is_complete)


def _split_block(text: str) -> list[str]:
    r"""Split at \r\n, \n and lone \r; a trailing \r waits for the next block."""
    pending = "\r" if text.endswith("\r") else ""
    text = text[: len(text) - len(pending)]
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    parts = text.replace("\x00", "").split("\n")
    parts[-1] += pending
    return parts
