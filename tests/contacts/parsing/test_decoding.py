"""Decoding of bytes: encodings, binary content, bounded memory."""

import gzip
import io
import resource
import zipfile

import pytest

from apps.core.errors import Refused
from tests.contacts.helpers import MEGABYTE, read_bytes


def test_mixed_encodings_are_decoded() -> None:
    data = "Name,Email\nJosé Muñoz,a@example.org\n".encode() + "Zoë Brandt – Osei,b@example.org\n".encode("cp1252")
    assert [contact.name for contact in read_bytes(data).contacts] == ["José Muñoz", "Zoë Brandt Osei"]


@pytest.mark.parametrize(
    "data",
    [b"", b"  \n\n", b"\x89PNG\r\n\x1a\n" + b"\x00" * 99, b"%PDF-1.7 ...", gzip.compress(b"Name\nAnn", mtime=0),
     b"<!DOCTYPE html><p>", b"<svg xmlns='x'/>", bytes(range(1, 9)) * 99],
)  # fmt: skip
def test_other_files_are_refused_by_content(data: bytes) -> None:
    with pytest.raises(Refused):
        read_bytes(data)


def test_a_zip_named_csv_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("contacts.csv", "Name\nAnn")
    with pytest.raises(Refused, match="zip"):
        read_bytes(out.getvalue())


class Endless(io.RawIOBase):
    """A large file that is never fully in memory."""

    def __init__(self, head: bytes, body: bytes, size: int) -> None:
        self.head, self.body, self.left = head, body, size

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        if self.head:
            head, self.head = self.head, b""
            return head
        size = min(self.left, max(size, 0))
        self.left -= size
        return (self.body * (size // len(self.body) + 1))[:size]


def _peak_megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def test_limits_hold_in_bounded_memory() -> None:
    from apps.contacts.parsing import read_file

    before = _peak_megabytes()
    with pytest.raises(Refused, match="100 MB"):
        read_file(Endless(b"Name,Photo\n", b"x" * 1000, 101 * MEGABYTE))  # type: ignore[arg-type]
    with pytest.raises(Refused, match="10,000"):
        read_file(Endless(b"Name,Photo\n", b'"a\n', 101 * MEGABYTE))  # type: ignore[arg-type]
    card = Endless(b"BEGIN:VCARD\nFN:Ann\nPHOTO:", b"A" * 1000, 60 * MEGABYTE)
    assert [bad.line for bad in read_file(card).bad] == [1]  # type: ignore[arg-type]
    assert _peak_megabytes() - before < 100
