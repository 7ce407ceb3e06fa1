"""Decode bytes to lines: detects the encoding, and handles one that changes within a file."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from apps.core.errors import BadInput, Refused

SAMPLE_BYTES = 1 << 18
MAX_LINE_BYTES = 4 << 20
TRUNCATED_LINE_BYTES = 1 << 18  # the length that a longer line is cut to: enough for an error message
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
# Control characters that no text has, without NUL, which is removed; 1A marks the end of file in old exports.
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f]")
# Single NUL bytes are removed; these are Latin text of two bytes a letter, from the middle of another file.
_UTF16_RUN = re.compile(rb"(?:[^\x00]\x00){20}")
_HIGH = re.compile(rb"[\x80-\xff]")
_MOST_CONTROL_SHARE, _MOST_HIGH_SHARE = 0.01, 0.5


@dataclass
class Cleaned:
    """What was removed from a text without losing a value, for the report."""

    nul_bytes: int = 0
    replacement: str = ""  # of a NUL byte


def sniff_encoding(name: str, sample: bytes) -> str:
    """Return a file's encoding from its first bytes; raise BadInput if it is not text.

    `utf-8` stands for every single-byte encoding too: lines that are not UTF-8 are decoded by the layout's encoding.
    """
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            return encoding
    if _looks_utf16(sample):
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"
    controls = len(_CONTROL.findall(sample))
    if controls > _MOST_CONTROL_SHARE * len(sample) or sample.count(0) > len(sample) / 2 or _UTF16_RUN.search(sample):
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
    """Return whether a sample is UTF-16 without a BOM: every other byte of Latin text is zero."""
    head = sample[:400]
    return (
        len(head) >= 4
        and max(head[0::2].count(0), head[1::2].count(0)) > 0.4 * len(head) > 0
        and (min(head[0::2].count(0), head[1::2].count(0)) == 0)
    )


def decode_lines(name: str, chunks: Iterator[bytes], fallback: str, cleaned: Cleaned) -> Iterator[list[str]]:
    """Yield lists of whole lines without their ends and NUL bytes; cut a line that never ends.

    Counts in `cleaned` what was removed.

    Raises Refused if the text is empty, BadInput if it is not text.
    """
    sample = b""
    sampled = []
    for chunk in chunks:
        sampled.append(chunk)
        sample += chunk
        if len(sample) >= SAMPLE_BYTES:
            break
    if not sample.strip():
        raise Refused(f"{name} is empty. Fetch it again from its source.")
    encoding = sniff_encoding(name, sample[:SAMPLE_BYTES])
    all_chunks = chain(sampled, chunks)
    if encoding.startswith("utf-16"):
        yield from _split_lines(_decode_utf16(name, all_chunks, encoding), cleaned)
    else:
        yield from _split_lines(_decode_narrow(all_chunks, fallback, bom=encoding.endswith("-sig")), cleaned)


def _decode_utf16(name: str, chunks: Iterator[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in chunks:
            yield decoder.decode(chunk)
        yield decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} starts as UTF-16 but does not continue as UTF-16. Save it as UTF-8.") from error


def _decode_narrow(chunks: Iterator[bytes], fallback: str, *, bom: bool) -> Iterator[str]:
    """Decode in blocks cut at line ends; a block that is not UTF-8 is decoded line by line."""
    bom_length = len(codecs.BOM_UTF8) if bom else 0
    remainder = b""
    for chunk in chunks:
        data = remainder + chunk[bom_length:]
        bom_length = 0
        end = max(data.rfind(b"\n"), data.rfind(b"\r", 0, -1)) + 1
        yield _decode_bytes(data[:end], fallback)
        remainder = data[end:]
        if len(remainder) > MAX_LINE_BYTES:
            yield _decode_bytes(remainder, fallback)
            remainder = b""
    yield _decode_bytes(remainder, fallback)


def _decode_bytes(data: bytes, fallback: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "".join(_decode_line(line, fallback) for line in data.splitlines(keepends=True))


def _decode_line(line: bytes, fallback: str) -> str:
    # Files labeled latin-1 are mostly Windows-1252, which has printable characters where latin-1 has controls.
    for encoding in ("utf-8", "cp1252" if fallback == "latin-1" else fallback):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


def _split_lines(texts: Iterator[str], cleaned: Cleaned) -> Iterator[list[str]]:
    """Split text into lines at LF, CRLF or CR; remove NUL bytes."""
    remainder = ""
    for text in texts:
        data = remainder + text
        if "\0" in text:
            cleaned.nul_bytes += text.count("\0")
            data = data.replace("\0", cleaned.replacement)
        if "\r" in data:
            ends_with_cr = data.endswith("\r")
            data = (data[:-1] if ends_with_cr else data).replace("\r\n", "\n").replace("\r", "\n")
            data += "\r" if ends_with_cr else ""
        whole_lines = data.split("\n")
        remainder = whole_lines.pop()
        if len(remainder) > MAX_LINE_BYTES:
            remainder = remainder[:TRUNCATED_LINE_BYTES]
        if whole_lines:
            yield whole_lines
    remainder = remainder.rstrip("\r\x1a")
    if remainder:
        yield [remainder]
