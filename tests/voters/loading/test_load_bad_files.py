"""A bad file is refused with file, line, column and remedy, and the live roll is unchanged."""

import gzip
import io
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.core.errors import BadInput, Refused
from apps.matching import IndexBuilder
from apps.voters import rolls, snapshots
from apps.voters.layout import load_layout
from apps.voters.loading import indexing
from apps.voters.loading import load as loading
from apps.voters.loading.tables import open_table
from apps.voters.models import Snapshot
from apps.voters.reading.opening import open_parts
from tests.voters.synthetic_rows import voter, voters

Load = Callable[..., Any]
Write = Callable[..., Path]
HEADER = "voter_id,last_name,address,state\n"
ROW = "{n},Arbor,{n} Mill Street,HD\n"
BODY = "".join(ROW.format(n=n) for n in range(50))


@pytest.fixture(autouse=True)
def _live(load_file: Load, write: Write) -> Any:
    """A live roll, which every bad file has to leave as it is."""
    load_file(write(voters(50), "live.csv"))
    before = rolls.live_snapshots()["HD"]
    yield
    after = rolls.live_snapshots()["HD"]
    assert (after.pk, after.hash) == (before.pk, before.hash)
    assert rolls.get_voter("HD", voter(3)["voter_id"]) is not None
    assert [p.name for p in (snapshots.rolls_folder() / "HD").iterdir()] == [str(before.pk)]
    assert not Snapshot.objects.loading().exists()


def _zip(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


REFUSED = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\n", "is empty"),
    "header alone": (HEADER.encode(), "no rows under the header"),
    "missing column": (b"voter_id,name,state\n1,Ada,HD\n", "line 1: the column last_name (last_name) is missing"),
    "duplicate header": (
        b"voter_id,last_name,LAST_NAME\n1,a,b\n",
        "line 1: the column 'LAST_NAME' occurs twice",
    ),
    "unclosed quote in the header": (b'voter_id,"last_name\n1,a\n', "line 1: a quote is opened in the header"),
    "unclosed quote": (
        (HEADER + BODY + '51,Birke,"12 Mill Street,HD\n' + BODY.replace("Arbor", "Cedar")).encode(),
        "bad.csv line 52, column address: a quote is opened and never closed. Correct the line",
    ),
    "5 MB in a cell": (
        (HEADER + BODY + "51,Birke," + "x" * 5_000_000 + ",HD\n" + BODY).encode(),
        "bad.csv line 52, column address: a cell is longer than 65,536 characters",
    ),
    "a line that never ends": (
        (HEADER + "1," + "x" * 9_000_000).encode(),
        "bad.csv line 2, column last_name: a cell is longer",
    ),
    "duplicate ids": (
        (HEADER + BODY + BODY).encode(),
        "50 rows repeat a voter id. bad.csv line 52, column voter_id",
    ),
    "another table": ((HEADER + "a\nb\nc\n1,Arbor,x,HD\n").encode(), "More than half of the rows cannot be read"),
    "nobody registered": (
        b"voter_id,last_name,status,state\n1,Arbor,removed,HD\n",
        "no row of HD is registered. Check the status column",
    ),
    "states everywhere": (
        ("voter_id,last_name,state\n" + "".join(f"{n},A,{n}\n" for n in range(120))).encode(),
        "more than 100 different states",
    ),
}
UNREADABLE = {
    "binary": (bytes(range(256)) * 40, "is not a text file"),
    "wrong encoding": ((HEADER + BODY).encode("cp037"), "in an encoding that no voter file uses"),
    "half utf-16": (HEADER.encode("utf-16") + b"\x00\xd8\x00", "starts as UTF-16"),
    "cut gzip": (gzip.compress((HEADER + BODY * 50).encode())[:-40], "the compressed file is truncated"),
    "damaged gzip": (gzip.compress(os.urandom(5000)).replace(b"\x00", b"\x01"), "is damaged"),
    "cut zip": (_zip(a=(HEADER + BODY).encode())[:-30], "is damaged or truncated"),
    "a zip in a zip": (_zip(a=gzip.compress(b"x")), "compressed twice"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_bad_content_is_refused(load_file: Load, tmp_path: Path, case: str) -> None:
    content, message = REFUSED[case]
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(Refused) as caught:
        load_file(path)
    assert message in str(caught.value)
    assert "bad.csv" in str(caught.value) or "rows" in str(caught.value)


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_unreadable_file_is_bad_input(load_file: Load, tmp_path: Path, case: str) -> None:
    content, message = UNREADABLE[case]
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=message):
        load_file(path)


def test_a_zip_bomb_is_not_unpacked(load_file: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.voters.reading.opening.UNCHECKED_BYTES", 1 << 20)
    bomb = (HEADER + BODY).encode() + b"0" * 20_000_000
    for name, content in (("bad.gz", gzip.compress(bomb)), ("bad.zip", _zip(a=bomb))):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(BadInput, match="expands far more"):
            load_file(path)


def test_nul_bytes_are_removed_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(HEADER + BODY + "51,Bi\0rke,12 Mill\0\0 Street,HD\n")
    for part in open_parts(path):
        table = open_table(part, load_layout("generic"))
        rows = [row for batch in table.rows for row in batch.rows]
    assert rows[-1] == ["51", "Birke", "12 Mill Street", "HD"]
    assert (len(rows), table.cleaned.nul_bytes) == (51, 3)


def test_a_full_disk_leaves_the_live_roll(load_file: Load, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(IndexBuilder, "add", full)
    with pytest.raises(Refused, match="cannot be written under DATA_DIR: No space left on device"):
        load_file(write(voters(50)))


def test_a_full_disk_in_the_second_process_leaves_the_live_roll(
    load_file: Load, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "SMALL_FILE_BYTES", 0)
    monkeypatch.setattr(loading, "INDEX_FOLDER", "no/such\0folder")
    with pytest.raises((Refused, ValueError)):
        load_file(write(voters(50)))


def test_a_builder_that_is_killed_leaves_the_live_roll(
    load_file: Load, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "SMALL_FILE_BYTES", 0)
    add = indexing.SubprocessIndexing.add

    def killing(self: indexing.SubprocessIndexing, *args: Any) -> None:
        add(self, *args)
        os.kill(self._process.pid or 0, signal.SIGKILL)
        self._process.join()

    monkeypatch.setattr(indexing.SubprocessIndexing, "add", killing)
    with pytest.raises(Refused, match="ended early"):
        load_file(write(voters(50)))


def test_a_second_load_at_the_same_time_is_refused(load_file: Load, write: Write) -> None:
    with snapshots.load_lock(), pytest.raises(Refused, match="Another roll is being loaded"):
        load_file(write(voters(50)))


def test_a_roll_older_than_the_live_one_waits(load_file: Load, write: Write, day: Any) -> None:
    with pytest.raises(Refused, match="older than the live one"):
        load_file(write(voters(50)), as_of=day)
    for snapshot in Snapshot.objects.waiting():
        snapshots._discard(snapshot, "the test ends")


KILLED = """
import os, signal, sys
import django
django.setup()
from pathlib import Path
from apps.voters.layout import load_layout
from apps.voters.loading import load
load.SMALL_FILE_BYTES = 0
seen = 0
def watch(rows):
    global seen
    seen += rows
    if seen > 4000:
        os.kill(os.getpid(), signal.SIGKILL)
load.load(load.LoadRequest(path=Path(sys.argv[1]), layout=load_layout("generic")), progress=watch)
"""


@pytest.mark.slow
def test_a_killed_load_is_cleaned_up(write: Write, tmp_path: Path) -> None:
    """Another installation, in processes of its own, as an operator would see it."""
    embedded = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    env = embedded | {"DATA_DIR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "settings.dev"}
    manage = [sys.executable, "manage.py"]
    small, big = write(voters(50)), write(voters(12_000), "big.csv")

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*manage, *arguments], env=env, capture_output=True, text=True, check=False)

    assert run("load_roll", str(small), "--layout", "generic").returncode == 0
    killed = subprocess.run([sys.executable, "-c", KILLED, str(big)], env=env, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    folders = tmp_path / "var" / "rolls" / "HD"
    assert sorted(p.name for p in folders.iterdir()) == ["1", "2"]
    assert "rolls: 1" in run("reconcile").stdout
    assert [p.name for p in folders.iterdir()] == ["1"]
    assert run("load_roll", str(small), "--layout", "generic").returncode == 0
