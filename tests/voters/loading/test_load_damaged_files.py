"""Damaged files like those of states, generated: the live roll is unchanged, and the message says what to do."""

import csv
import io
import os
import resource
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.core.errors import BadInput, Refused
from apps.voters import rolls, snapshots
from apps.voters.loading import load as loading
from apps.voters.models import Snapshot
from tests.demo_server import until
from tests.voters.synthetic_rows import GENERIC, voter, voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def text_of(rows: list[dict[str, str]], header: tuple[str, ...] = GENERIC) -> str:
    """Return rows of the generic layout as text; `header` is the first line."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(header)
    csv.DictWriter(out, GENERIC, restval="", lineterminator="\n").writerows(rows)
    return out.getvalue()


def test_only_the_rolls_of_a_zip_with_folders_and_junk_are_loaded(load_file: Load, tmp_path: Path) -> None:
    path = tmp_path / "roll.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.mkdir("county/")
        archive.writestr("county/isel.csv", text_of(voters(40)))
        archive.writestr("county/marn.csv", text_of(voters(30, 40)))
        for junk in ("__MACOSX/county/._isel.csv", "README.txt", "layout.pdf", "county/.DS_Store", "Thumbs.db"):
            archive.writestr(junk, b"\0\1\2 junk")
        archive.writestr("county/empty.csv", b"")
    report = load_file(path)
    assert (report.read, report.loaded, report.quarantined) == (70, 70, 0)


def test_a_zip_without_a_roll_is_refused(load_file: Load, tmp_path: Path) -> None:
    path = tmp_path / "roll.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.md", "nothing")
    with pytest.raises(Refused, match=r"roll.zip contains no text file. Zip the voter files themselves."):
        load_file(path)


def test_a_county_without_a_required_column_refuses_the_zip(load_file: Load, write: Write, tmp_path: Path) -> None:
    load_file(write(voters(50)))
    live = rolls.live_snapshots()["HD"].pk
    path = tmp_path / "roll.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", text_of(voters(40)))
        archive.writestr("b.csv", text_of(voters(30, 40)).replace("last_name", "nom", 1))
    with pytest.raises(Refused, match=r"roll.zip/b.csv line 1: the column last_name \(last_name\) is missing. Rename"):
        load_file(path)
    assert rolls.live_snapshots()["HD"].pk == live
    assert not [p for p in (snapshots.rolls_folder() / "HD").iterdir() if p.name != str(live)]


def test_a_shuffled_header_is_detected_by_its_values(load_file: Load, write: Write, tmp_path: Path) -> None:
    load_file(write(voters(50)))
    live = rolls.live_snapshots()["HD"].pk
    path = tmp_path / "shuffled.csv"
    path.write_text(text_of(voters(200), (*GENERIC[6:], *GENERIC[:6])))
    with pytest.raises(Refused, match=r"no row of HD is registered|the header does not match the columns") as caught:
        load_file(path)
    assert "shuffled.csv" in str(caught.value)
    assert rolls.live_snapshots()["HD"].pk == live
    swapped = [{"voter_id": "last_name", "last_name": "voter_id"}.get(name, name) for name in GENERIC]
    path.write_text(text_of(voters(200), tuple(swapped)))
    with pytest.raises(Refused, match=r"last_name holds numbers\. Is the header shuffled, or is this another layout"):
        load_file(path)


def test_a_change_of_encoding_in_a_large_file_is_handled(load_file: Load, tmp_path: Path) -> None:
    path = tmp_path / "roll.csv"
    first = text_of([voter(1, last_name="Muñoz"), *voters(3000, 10)])
    second = "".join(text_of([voter(2, last_name="Peña"), *voters(50, 4000)]).splitlines(keepends=True)[1:])
    path.write_bytes(first.encode("latin-1") + second.encode("utf-8"))
    assert load_file(path).quarantined == 0
    for number, name in ((1, "Muñoz"), (2, "Peña")):
        row = rolls.get_voter("HD", voter(number)["voter_id"])
        assert row is not None
        assert row.record.last_name == name


def test_a_change_to_utf_16_within_a_file_is_refused(load_file: Load, write: Write, tmp_path: Path) -> None:
    load_file(write(voters(50)))
    live = rolls.live_snapshots()["HD"].pk
    path = tmp_path / "half.csv"
    path.write_bytes(text_of(voters(300)).encode() + text_of(voters(900, 300)).encode("utf-16-le"))
    with pytest.raises(
        BadInput, match=r"half.csv is not a text file. A voter file is text: CSV, tabs or fixed columns"
    ):
        load_file(path)
    assert rolls.live_snapshots()["HD"].pk == live


class Installation:
    """A scratch installation in separate processes, as an operator would see it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "var"
        embedded = {name: value for name, value in os.environ.items() if name not in settings.SEAMS}
        self.env = embedded | {"DATA_DIR": str(self.folder), "DJANGO_SETTINGS_MODULE": "settings.dev"}

    def start(self, *arguments: str, most_bytes: int = 0) -> "subprocess.Popen[str]":
        """Start a command that may not write a file beyond some bytes, which simulates a full disk."""
        limit = (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))) if most_bytes else None
        return subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limit,  # noqa: PLW1509
        )  # fmt: skip

    def run(self, *arguments: str, most_bytes: int = 0) -> tuple[int, str]:
        """Run a command to its end; return its status and output."""
        process = self.start(*arguments, most_bytes=most_bytes)
        out, err = process.communicate(timeout=120)
        return process.returncode, out + err

    def snapshots_on_disk(self) -> list[str]:
        """Return the snapshots whose files exist."""
        return sorted(path.name for path in (self.folder / "rolls" / "HD").iterdir())


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Return an installation with a live roll, for all tests of this file."""
    folder = tmp_path_factory.mktemp("installation")
    small = folder / "small.csv"
    small.write_text(text_of(voters(50)))
    one = Installation(folder)
    assert one.run("load_roll", str(small), "--layout", "generic")[0] == 0
    return one


@pytest.fixture
def big(write: Write) -> Path:
    """Return a roll that two processes load; too few voters for a certificate, in long rows."""
    path = write([row | {"email": f"{'x' * 200}@example.org"} for row in voters(19_900)], "big.csv")
    assert path.stat().st_size > loading.SMALL_FILE_BYTES
    return path


@pytest.mark.slow
def test_a_disk_that_fills_up_during_a_load_leaves_the_live_roll(installation: Installation, big: Path) -> None:
    before = installation.snapshots_on_disk()
    status, output = installation.run("load_roll", str(big), "--layout", "generic", most_bytes=1 << 20)
    assert status == 1, output
    assert "cannot be written" in output
    assert "Free space" in output
    assert "Traceback" not in output
    assert installation.snapshots_on_disk() == before
    assert installation.run("load_roll", str(big), "--layout", "generic", "--accept", "a test")[0] == 0


@pytest.mark.slow
def test_a_second_load_at_the_same_time_is_refused(installation: Installation, big: Path) -> None:
    before = installation.snapshots_on_disk()
    first = installation.start("load_roll", str(big), "--layout", "generic", "--accept", "a test")
    assert until(lambda: installation.snapshots_on_disk() != before or first.poll() is not None, 60)
    first.send_signal(signal.SIGSTOP)
    status, output = installation.run("load_roll", str(big), "--layout", "generic", "--accept", "a test")
    first.send_signal(signal.SIGCONT)
    assert (status, first.communicate(timeout=120) and first.returncode) == (1, 0), output
    assert "Another roll is being loaded. Wait until it finishes, then try again." in output


@pytest.mark.usefixtures("db")
def test_a_refused_load_stores_its_reason_for_staff(load_file: Load, write: Write) -> None:
    load_file(write(voters(50)))
    with pytest.raises(Refused):
        load_file(write([*voters(50), *voters(50)], "b.csv"))
    assert "repeat a voter id" in Snapshot.objects.latest("pk").reason
