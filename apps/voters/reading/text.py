"""Bytes to lines: the encoding is recognised, and one that changes in the middle of a file is followed."""

import codecs
import re
from collections.abc import Iterator
from itertools import chain

from apps.core.errors import BadInput, Refused

SAMPLE_BYTES = 1 << 18
MAX_LINE_BYTES = 4 << 20
TRUNCATED_LINE_BYTES = 1 << 18  # what is kept of a longer one: enough to say what is wrong with it
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Control signs that no text has; 1A is the end-of-file sign of old exports.
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_HIGH = re.compile(rb"[\x80-\xff]")
_MOST_CONTROL_SHARE, _MOST_HIGH_SHARE = 0.01, 0.5


def sniff_encoding(name: str, sample: bytes) -> str:
    """Return the encoding of a file by its first bytes; raises BadInput where it is no text.

    `utf-8` stands for every narrow encoding: lines that are not UTF-8 are read in the layout's own one by one.
    """
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding
    if _looks_utf16(sample):
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"
    if len(_CONTROL.findall(sample)) > _MOST_CONTROL_SHARE * len(sample):
        raise BadInput(f"{name} is not a text file. A voter file is text: CSV, tabs or fixed columns.")
    if len(_HIGH.findall(sample)) > _MOST_HIGH_SHARE * len(sample) and not _is_utf8(sample):
        raise BadInput(f"{name} is written in an encoding that no voter file uses. Save it as UTF-8.")
    return "utf-8"


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def _looks_utf16(sample: bytes) -> bool:
    """Text of UTF-16 without its mark: every other byte of Latin text is zero."""
    head = sample[:400]
    return (
        len(head) >= 4
        and max(head[0::2].count(0), head[1::2].count(0)) > 0.4 * len(head) > 0
        and (min(head[0::2].count(0), head[1::2].count(0)) == 0)
    )


def decode_lines(name: str, chunks: Iterator[bytes], fallback: str) -> Iterator[list[str]]:
    """Yield lists of whole lines without their ends; a line that never ends is cut at CUT_LINE.

    Raises Refused where the text is empty, BadInput where it is none.
    """
    sample = b""
    taken = []
    for chunk in chunks:
        taken.append(chunk)
        sample += chunk
        if len(sample) >= SAMPLE_BYTES:
            break
    if not sample.strip():
        raise Refused(f"{name} is empty. Fetch it again from its source.")
    encoding = sniff_encoding(name, sample[:SAMPLE_BYTES])
    given = chain(taken, chunks)
    if encoding.startswith("utf-16"):
        yield from _split_lines(_decode_utf16(name, given, encoding))
    else:
        yield from _split_lines(_decode_narrow(given, fallback, bom=encoding.endswith("-sig")))


def _decode_utf16(name: str, chunks: Iterator[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} starts as UTF-16 and does not go on so. Save it as UTF-8.") from error


def _decode_narrow(chunks: Iterator[bytes], fallback: str, *, bom: bool) -> Iterator[str]:
    """Decode piece by piece, cut at line ends; a piece that is not UTF-8 is decoded line by line."""
    skip = len(codecs.BOM_UTF8) if bom else 0
    rest = b""
    for chunk in chunks:
        data = rest + chunk[skip:]
        skip = 0
        end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
        yield _decode_bytes(data[:end], fallback)
        rest = data[end:]
        if len(rest) > MAX_LINE_BYTES:
            yield _decode_bytes(rest, fallback)
            rest = b""
    yield _decode_bytes(rest, fallback)


def _decode_bytes(data: bytes, fallback: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "".join(_decode_line(line, fallback) for line in data.splitlines(keepends=True))


def _decode_line(line: bytes, fallback: str) -> str:
    # What calls itself latin-1 is mostly Windows' own: it has signs where latin-1 has controls.
    for encoding in ("utf-8", "cp1252" if fallback == "latin-1" else fallback):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


def _split_lines(texts: Iterator[str]) -> Iterator[list[str]]:
    """Cut text into lines at LF, CRLF or CR."""
    rest = ""
    for text in texts:
        data = rest + text
        if "\r" in data:
            held = data.endswith("\r")
            data = (data[:-1] if held else data).replace("\r\n", "\n").replace("\r", "\n")
            data += "\r" if held else ""
        found = data.split("\n")
        rest = found.pop()
        if len(rest) > MAX_LINE_BYTES:
            rest = rest[:TRUNCATED_LINE_BYTES]
        if found:
            yield found
    rest = rest.rstrip("\r\x1a")
    if rest:
        yield [rest]
