"""Opening a voter file: plain, gzip, or a zip of several files; recognised by content, safe against bombs."""

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
# Rolls compress about tenfold; what grows two hundredfold is no roll.
MAX_EXPANSION = 200
UNCHECKED_BYTES = 100 << 20  # growth counts only beyond this
MAX_BYTES = 200 << 30
MAX_PARTS = 1_000
JUNK_SUFFIXES = frozenset(".pdf .doc .docx .xls .xlsx .htm .html .png .jpg .xml .json .md .exe .dll .ini .url".split())
JUNK_NAMES = ("readme*", "read_me*", "license*", "thumbs.db")


@dataclass(frozen=True)
class FilePart:
    """One text inside a file: its name as shown in messages, and its bytes in chunks."""

    name: str
    chunks: Iterator[bytes]


def file_hash(path: Path) -> str:
    """Return the SHA-256 of the file as it lies on the disk."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def open_parts(path: Path, skip: Sequence[str] = ()) -> Generator[FilePart, None, None]:
    """Yield the texts of a file, one after the other; each has to be read before the next is asked for.

    `skip` are patterns of names in a zip to pass over.

    Raises BadInput where the file cannot be unpacked, Refused where it is empty.
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
    """Counts the packed bytes that were taken from a file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self.taken = file, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        data = self._file.read(len(view))
        view[: len(data)] = data
        self.taken += len(data)
        return len(data)


def _gzip_chunks(name: str, file: BinaryIO) -> Iterator[bytes]:
    counted = _CountingReader(file)
    with closing(gzip.GzipFile(fileobj=io.BufferedReader(counted, CHUNK_BYTES))) as stream:
        yield from _bounded_chunks(name, stream.read, lambda: counted.taken)


def _bounded_chunks(name: str, read: Callable[[int], bytes], taken: Callable[[], int]) -> Iterator[bytes]:
    """Yield unpacked chunks; stop at a bomb, and say so where the packed data ends early or is damaged."""
    given = 0
    try:
        while chunk := read(CHUNK_BYTES):
            given += len(chunk)
            if given > MAX_BYTES or (given > UNCHECKED_BYTES and given > MAX_EXPANSION * max(taken(), 1)):
                raise BadInput(f"{name} unpacks to far more than a voter file would. It was not read further.")
            yield chunk
    except EOFError as error:
        raise BadInput(f"{name} ends too early: the packed file is cut off. Fetch it again.") from error
    except (gzip.BadGzipFile, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise BadInput(f"{name} is damaged: it cannot be unpacked. Fetch it again.") from error


def _zip_parts(path: Path, skip: Sequence[str]) -> Iterator[FilePart]:
    try:
        archive = zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise BadInput(f"{path.name} is damaged or cut off: it is not a whole zip file. Fetch it again.") from error
    with archive:
        members = [m for m in archive.infolist() if not _is_junk(m, skip)]
        if not members:
            raise Refused(f"{path.name} holds no text file. Pack the voter files themselves.")
        if len(members) > MAX_PARTS or sum(m.file_size for m in members) > MAX_BYTES:
            raise BadInput(f"{path.name} holds more than {MAX_PARTS} files or too much. Split it.")
        for member in sorted(members, key=lambda m: m.filename):
            yield from _zip_member(path, archive, member)


def _zip_member(path: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[FilePart]:
    name = f"{path.name}/{os.path.basename(member.filename)}"  # noqa: PTH119 - a name inside a zip is no path
    if member.flag_bits & 1:
        raise BadInput(f"{name} has a password. Unpack it first.")
    with archive.open(member) as stream:
        start = stream.read(2)
    with archive.open(member) as stream:
        if start == GZIP:
            raise BadInput(f"{name} is packed a second time. Unpack the zip first.")
        yield FilePart(name, _bounded_chunks(name, stream.read, lambda: member.compress_size))


def _is_junk(member: zipfile.ZipInfo, skip: Sequence[str]) -> bool:
    """Folders, empty and hidden files, what is by its name no text, and what the layout passes over."""
    path = Path(member.filename)
    hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    passed = any(fnmatch(path.name.lower(), pattern.lower()) for pattern in (*JUNK_NAMES, *skip))
    return member.is_dir() or hidden or passed or not member.file_size or path.suffix.lower() in JUNK_SUFFIXES
