"""Open a voter file: plain, gzip, or a zip of several files. Detects the format by content and stops at zip bombs."""

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from fnmatch import fnmatch
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, Final

from apps.core.errors import BadInput, Refused

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
CHUNK_BYTES: Final = 1 << 20
# Rolls compress about tenfold; a file that expands two hundredfold is not a roll.
MAX_EXPANSION = 200
UNCHECKED_BYTES = 100 << 20  # expansion is checked only beyond this size
MAX_BYTES = 200 << 30
MAX_PARTS = 1_000
JUNK_SUFFIXES = frozenset(".pdf .doc .docx .xls .xlsx .htm .html .png .jpg .xml .json .md .exe .dll .ini .url".split())
JUNK_NAMES = ("readme*", "read_me*", "license*", "thumbs.db")


@dataclass(frozen=True)
class FilePart:
    """One text inside a file: its name for messages, and its bytes in chunks."""

    name: str
    chunks: Iterator[bytes]


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file's bytes on disk, in hex."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def open_parts(path: Path, skip: Sequence[str] = ()) -> Generator[FilePart, None, None]:
    """Yield the parts of a file; read each one before advancing to the next.

    `skip` are name patterns of zip members to skip. Raises BadInput if the file cannot be unpacked, Refused if it is
    empty.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
            file.seek(0)
            if not start:
                raise Refused(f"{path.name} is empty. Fetch it again from its source.")
            if start[:2] == GZIP:
                yield FilePart(path.name, _gzip_chunks(path.name, file))
            elif start == ZIP or start[:4] == b"PK\x05\x06":
                yield from _zip_parts(path, skip)
            else:
                yield FilePart(path.name, _plain_chunks(file))
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read: {error.strerror or type(error).__name__}.") from error


def _plain_chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


class _CountingReader(io.RawIOBase):
    """Counts the compressed bytes read from a file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.bytes_read = file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._file.read(len(view))
        view[: len(data)] = data
        self.bytes_read += len(data)
        return len(data)


def _gzip_chunks(name: str, file: BinaryIO) -> Iterator[bytes]:
    reader = _CountingReader(file)
    with closing(gzip.GzipFile(fileobj=io.BufferedReader(reader, CHUNK_BYTES))) as stream:
        yield from _bounded_chunks(name, stream.read, lambda: reader.bytes_read)


def _bounded_chunks(name: str, read: Callable[[int], bytes], bytes_read: Callable[[], int]) -> Iterator[bytes]:
    """Yield decompressed chunks; raise BadInput at a zip bomb, and where the data is truncated or damaged."""
    total = 0
    try:
        while chunk := read(CHUNK_BYTES):
            total += len(chunk)
            if total > MAX_BYTES or (total > UNCHECKED_BYTES and total > MAX_EXPANSION * max(bytes_read(), 1)):
                raise BadInput(f"{name} expands far more than a voter file does. Reading stopped.")
            yield chunk
    except EOFError as error:
        raise BadInput(f"{name} ends too early: the compressed file is truncated. Fetch it again.") from error
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise BadInput(f"{name} is damaged: it cannot be unpacked. Fetch it again.") from error


def _zip_parts(path: Path, skip: Sequence[str]) -> Iterator[FilePart]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise BadInput(f"{path.name} is damaged or truncated: not a complete zip file. Fetch it again.") from error
    with archive:
        members = [m for m in archive.infolist() if not _is_junk(m, skip)]
        if not members:
            raise Refused(f"{path.name} contains no text file. Zip the voter files themselves.")
        if len(members) > MAX_PARTS or sum(m.file_size for m in members) > MAX_BYTES:
            raise BadInput(f"{path.name} contains more than {MAX_PARTS} files or is too large. Split it.")
        for member in sorted(members, key=lambda m: m.filename):
            yield from _zip_member(path, archive, member)


def _zip_member(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[FilePart]:
    name = f"{path.name}/{os.path.basename(member.filename)}"  # noqa: PTH119 - a name inside a zip is not a path
    if member.flag_bits & 1:
        raise BadInput(f"{name} has a password. Unpack it first.")
    with archive.open(member) as stream:
        start = stream.read(2)
    with archive.open(member) as stream:
        if start == GZIP:
            raise BadInput(f"{name} is compressed twice. Unpack the zip first.")
        yield FilePart(name, _bounded_chunks(name, stream.read, lambda: member.compress_size))


def _is_junk(member: zipfile.ZipInfo, skip: Sequence[str]) -> bool:
    """Return whether a member is a folder, empty, hidden, not a text by its name, or skipped by the layout."""
    path = Path(member.filename)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    skipped = any(fnmatch(path.name.lower(), pattern.lower()) for pattern in (*JUNK_NAMES, *skip))
    return member.is_dir() or hidden or skipped or not member.file_size or path.suffix.lower() in JUNK_SUFFIXES
