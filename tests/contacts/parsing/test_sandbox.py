"""Parsing of large files in a bounded subprocess."""

import io
import sys
from pathlib import Path

import pytest
from django.utils import translation

from apps.contacts.parsing import sandbox_worker
from apps.contacts.parsing.sandbox import read_untrusted
from apps.core.errors import Refused
from tests.contacts.helpers import MEGABYTE, read_bytes

pytestmark = pytest.mark.slow


class Spooled(io.BytesIO):
    """A file in memory, without a descriptor."""


@pytest.mark.parametrize("on_disk", [True, False])
def test_a_large_file_is_parsed_in_a_subprocess(tmp_path: Path, on_disk: bool) -> None:
    rows = "".join(f"José{n},Muñoz{n},j{n}@example.org,{'x' * 200}\n" for n in range(9_000))
    data = f"First Name,Last Name,E-mail,Notes\n{rows}Bob,Ray,,,too,many\n".encode()
    path = tmp_path / "large.csv"
    path.write_bytes(data)
    with path.open("rb") as file:
        parsed = read_untrusted(file if on_disk else Spooled(data))
    here = read_bytes(data)
    assert (parsed.kind, parsed.contacts, parsed.bad, parsed.columns) == ("csv", here.contacts, here.bad, here.columns)


def test_what_is_left_out_survives_the_subprocess() -> None:
    filler = "".join(f"Ann{n} Lee,ann{n}@example.org,,{'x' * 200}\n" for n in range(5_000))
    data = f"Name,Email,Birthday,Notes\nAcme Inc.,,,\nAnn Lee,,31/12/80,\nBob Ray,,soon,\n{filler}".encode()
    parsed, here = read_untrusted(io.BytesIO(data)), read_bytes(data)
    assert parsed == here
    assert (len(parsed.skipped), list(parsed.unread), parsed.date_orders) == (1, ["Birthday"], {"Birthday": "day"})


def test_a_refusal_in_the_subprocess_is_translated() -> None:
    with translation.override("es"), pytest.raises(Refused, match="10"):
        read_untrusted(
            io.BytesIO(b"Name,Notes\n" + b"Ann Lee,met at the fair and owes me a pie, or so she says\n" * 20_000)
        )


@pytest.mark.parametrize("limit", ["memory", "time"])
def test_exhausting_a_limit_kills_only_the_subprocess(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bomb = "import resource; " + (
        "resource.setrlimit(resource.RLIMIT_AS, (4 * 10**8, 4 * 10**8)); x = bytearray(10**9)"
        if limit == "memory"
        else "resource.setrlimit(resource.RLIMIT_CPU, (1, 1)); [None for _ in iter(int, 1)]"
    )
    shim = tmp_path / "python"
    shim.write_text(f"#!/bin/sh\nexec {sys.executable} -c '{bomb}'\n")
    shim.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(shim))
    with pytest.raises(Refused, match="too much memory or time"):
        read_untrusted(io.BytesIO(b"Name\n" + b"x" * 2_000_000))


def test_a_60_mb_photo_fits_the_subprocess_memory() -> None:
    assert sandbox_worker.MAX_MEMORY_BYTES <= 300 * MEGABYTE  # the kernel enforces the child's limit
    data = b"BEGIN:VCARD\r\nFN:Ann Lee\r\nPHOTO:" + b"A" * (60 * MEGABYTE) + b"\r\nEND:VCARD\r\n"
    assert read_untrusted(io.BytesIO(data)).contacts[0].name == "Ann Lee"
