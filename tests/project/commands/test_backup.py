"""A backup brings back what was there, checks itself first, and never holds a key."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo_server import Machine

pytestmark = pytest.mark.processes

ROLL = "voter_id,first_name,last_name,birth_year,city\n" + "\n".join(
    f"{number:06},Ada,Arbor{chr(97 + number % 26)},19{number % 60 + 30},Tarn" for number in range(300)
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, Path]]:
    """An installation with a member and a roll, and its backup."""
    one = Machine(tmp_path_factory.mktemp("first"))
    roll = one.folder / "roll.csv"
    roll.write_text(ROLL)
    one.run("add_member", "nora@example.org")
    one.run("load_roll", str(roll), "--layout", "generic", "--state", "HD")
    backup = one.folder / "backup"
    report = json.loads(one.run("backup", str(backup), "--json"))
    assert report["files"] >= 3
    yield one, backup
    one.close()


@pytest.fixture
def empty(tmp_path: Path, saved: tuple[Machine, Path]) -> Iterator[Machine]:
    """A new machine with the old one's keys, as an operator keeps them apart."""
    one = Machine(tmp_path)
    one.data.mkdir(mode=0o700)
    shutil.copytree(saved[0].data / "keys", one.data / "keys")
    yield one
    one.close()


def fails(machine: Machine, *command: str) -> tuple[int, str]:
    """Run a command that is to fail; returns its exit status and what it said."""
    before = len(machine.log.read_text())
    process: subprocess.Popen[str] = machine.start(*command)
    process.communicate(timeout=60)
    return process.returncode, machine.log.read_text()[before:]


def test_a_restored_installation_answers_as_the_old_one(saved: tuple[Machine, Path], empty: Machine) -> None:
    empty.run("restore", str(saved[1]))
    assert empty.count("SELECT count(*) FROM accounts_user WHERE email = 'nora@example.org'") == 1
    asked, answered = empty.folder / "in.csv", empty.folder / "out.csv"
    asked.write_text("query_id,first_name,last_name,birth_year,city,state\n1,Ada,Arborb,1931,Tarn,HD\n")
    report = json.loads(empty.run("verify_people", "--input", str(asked), "--output", str(answered), "--json"))
    assert report["read"] == 1
    assert "000001" in answered.read_text()


def test_no_key_is_in_a_backup(saved: tuple[Machine, Path]) -> None:
    keys = [path.read_bytes() for path in (saved[0].data / "keys").iterdir()]
    assert keys
    for path in saved[1].rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not any(key in content for key in keys), path


def test_a_damaged_backup_is_named_and_nothing_is_written(saved: tuple[Machine, Path], empty: Machine) -> None:
    damaged = empty.folder / "damaged"
    shutil.copytree(saved[1], damaged)
    victim = next(path for path in damaged.rglob("roll.sqlite3"))
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    status, said = fails(empty, "restore", str(damaged))
    assert status == 2
    assert "roll.sqlite3" in said
    assert not (empty.data / "db.sqlite3").exists()


def test_a_restore_never_overwrites(saved: tuple[Machine, Path]) -> None:
    status, said = fails(saved[0], "restore", str(saved[1]))
    assert status == 1
    assert "empty DATA_DIR" in said


def test_a_backup_never_overwrites_another(saved: tuple[Machine, Path]) -> None:
    status, said = fails(saved[0], "backup", str(saved[1]))
    assert status == 2
    assert "new folder" in said


def test_the_doctor_names_what_needs_a_hand(saved: tuple[Machine, Path]) -> None:
    status, said = fails(saved[0], "doctor")
    assert status == 1, "no worker runs"
    assert "need attention" in said


def test_the_doctor_says_what_to_do(saved: tuple[Machine, Path]) -> None:
    process = saved[0].start("doctor")
    out, _ = process.communicate(timeout=60)
    lines = {line.split()[1]: line for line in out.splitlines() if line.strip()}
    assert lines["worker"].startswith("fix")
    assert "manage.py up" in lines["worker"]
    assert lines["roll"].startswith("ok")
    assert lines["boundaries"].startswith("todo")
    assert "load_boundaries" in lines["boundaries"]
