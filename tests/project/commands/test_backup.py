"""A backup restores all data, verifies itself first, reveals nothing, and never contains a key or a session."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest
from django.conf import settings

from tests.demo_server import Machine

pytestmark = pytest.mark.processes

ROLL = "voter_id,first_name,last_name,birth_year,city\n" + "\n".join(
    f"{number:06},Ada,Arbor{chr(97 + number % 26)},19{number % 60 + 30},Tarn" for number in range(300)
)


SESSION = "c0ffee" * 6 + "feed"
SIGN_IN = f"""
import django; django.setup()
from datetime import timedelta
from apps.contacts.models import Contact
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.utils import timezone
from apps.accounts.models import User
user = User.objects.get()
Session.objects.create(session_key="{SESSION}", session_data="x", expire_date=timezone.now() + timedelta(1))
Contact.objects.create(owner=user, fingerprint=b"f" * 16, data="a friend", expires_at=timezone.now() + timedelta(9))
UserSession.objects.create(session_key="{SESSION}", user=user, ip="192.0.2.7", user_agent="marker")
"""


READ = """
import django; django.setup()
from apps.contacts.models import Contact
assert Contact.objects.get().data == "a friend"
"""


def identity(machine: Machine, name: str) -> tuple[str, str]:
    """Create an identity; return its file and its recipient."""
    file = machine.folder / name
    return str(file), json.loads(machine.run("backup_identity", str(file), "--json"))["BACKUP_RECIPIENTS"]


def key_of(machine: Machine) -> str:
    """Return the file of the identity of a machine's backups."""
    return str(machine.folder / "identity")


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Machine, Path]]:
    """Return an installation with a signed-in member and a roll, and its backup."""
    one = Machine(tmp_path_factory.mktemp("first"))
    _, one.env["BACKUP_RECIPIENTS"] = identity(one, "identity")
    roll = one.folder / "roll.csv"
    roll.write_text(ROLL)
    one.run("add_member", "nora@example.org")
    one.run("load_roll", str(roll), "--layout", "generic", "--state", "HD", "--as-of", "2026-03-01")
    subprocess.run([sys.executable, "-c", SIGN_IN], cwd=settings.ROOT, env=one.env, check=True)
    backup = one.folder / "backup"
    report = json.loads(one.run("backup", str(backup), "--json"))
    assert report["load_again"] == ["load_roll roll.csv --layout generic --state HD --as-of 2026-03-01"]
    yield one, backup
    one.close()


@pytest.fixture
def empty(tmp_path: Path, saved: tuple[Machine, Path]) -> Iterator[Machine]:
    """Return a new machine with the old one's keys, which an operator stores separately."""
    one = Machine(tmp_path)
    one.data.mkdir(mode=0o700)
    shutil.copytree(saved[0].data / "keys", one.data / "keys")
    yield one
    one.close()


def fails(machine: Machine, *command: str) -> tuple[int, str]:
    """Run a command that must fail; return its exit status and output."""
    before = len(machine.log.read_text())
    process: subprocess.Popen[str] = machine.start(*command)
    process.communicate(timeout=60)
    return process.returncode, machine.log.read_text()[before:]


def match_one_voter(machine: Machine) -> str:
    """Match one voter of the roll; return the output file."""
    queries, results = machine.folder / "in.csv", machine.folder / "out.csv"
    queries.write_text("query_id,first_name,last_name,birth_year,city,state\n1,Ada,Arborb,1931,Tarn,HD\n")
    assert json.loads(machine.run("verify_people", "--input", str(queries), "--output", str(results), "--json"))["read"]
    return results.read_text()


def test_a_restored_installation_has_its_members_and_no_session(saved: tuple[Machine, Path], empty: Machine) -> None:
    out = json.loads(empty.run("restore", str(saved[1]), "--identity", key_of(saved[0]), "--json"))
    assert empty.count("SELECT count(*) FROM accounts_user WHERE email = 'nora@example.org'") == 1
    assert empty.count("SELECT count(*) FROM django_session") == 0
    assert empty.count("SELECT count(*) FROM usersessions_usersession") == 0
    assert out["rolls_to_load"] == 1
    assert "--state HD" in out["load_again"][0]
    assert empty.count("SELECT count(*) FROM voters_liveroll") == 0
    subprocess.run([sys.executable, "-c", READ], cwd=settings.ROOT, env=empty.env, check=True)
    empty.run("load_roll", str(saved[0].folder / "roll.csv"), "--layout", "generic", "--state", "HD")
    assert "000001" in match_one_voter(empty)


def test_rolls_are_included_on_request(saved: tuple[Machine, Path], empty: Machine) -> None:
    folder = saved[0].folder / "with-rolls"
    saved[0].run("backup", str(folder), "--rolls")
    empty.run("restore", str(folder), "--identity", key_of(saved[0]))
    assert "000001" in match_one_voter(empty)


def test_a_backup_shows_nothing(saved: tuple[Machine, Path]) -> None:
    secrets = [path.read_bytes() for path in (saved[0].data / "keys").rglob("*") if path.is_file()]
    assert secrets
    names = [str(path.relative_to(saved[1])) for path in saved[1].rglob("*") if path.is_file()]
    assert "db.sqlite3.age" in names
    assert not [name for name in names if "roll" in name]
    for name in names:
        content = (saved[1] / name).read_bytes()
        assert name == "backup.json" or content.startswith(b"age-encryption.org/v1")
        for secret in [*secrets, b"nora@example.org", b"SQLite format", b"Arbor", SESSION.encode()]:
            assert secret not in content, name


def test_the_decrypted_database_holds_no_trace_of_a_session(saved: tuple[Machine, Path]) -> None:
    clear = saved[0].folder / "clear.sqlite3"
    keys = [pyrage.x25519.Identity.from_str(Path(key_of(saved[0])).read_text().splitlines()[1])]
    pyrage.decrypt_file(str(saved[1] / "db.sqlite3.age"), str(clear), keys)
    content = clear.read_bytes()
    assert b"nora@example.org" in content
    assert SESSION.encode() not in content
    assert b"192.0.2.7" not in content


def test_a_wrong_identity_is_named_and_nothing_is_written(saved: tuple[Machine, Path], empty: Machine) -> None:
    other, _ = identity(empty, "other")
    for file, text in ((other, "does not open"), (str(empty.log), "identity"), ("/nowhere", "cannot be read")):
        status, output = fails(empty, "restore", str(saved[1]), "--identity", file)
        assert status == 2
        assert text in output
    status, output = fails(empty, "restore", str(saved[1]))
    assert (status, "--identity FILE" in output) == (2, True)
    assert not (empty.data / "db.sqlite3").exists()
    assert not list(empty.data.glob(".restore*"))


def test_wrong_keys_are_named_and_nothing_is_written(saved: tuple[Machine, Path], empty: Machine) -> None:
    (empty.data / "keys" / "field_keys").unlink()
    (empty.data / "keys" / "audit_key").unlink()
    status, output = fails(empty, "restore", str(saved[1]), "--identity", key_of(saved[0]))
    assert status == 2
    assert "FIELD_KEYS, AUDIT_KEY: not the keys of this backup" in output
    assert not (empty.data / "db.sqlite3").exists()


def test_missing_wrapping_keys_are_named_and_nothing_is_written(saved: tuple[Machine, Path], empty: Machine) -> None:
    (path,) = (empty.data / "keys" / "months").iterdir()
    path.unlink()
    status, output = fails(empty, "restore", str(saved[1]), "--identity", key_of(saved[0]))
    assert status == 2
    assert path.stem in output
    assert not (empty.data / "db.sqlite3").exists()


def test_no_recipient_no_backup(saved: tuple[Machine, Path], empty: Machine) -> None:
    empty.run("add_member", "sam@example.org")
    status, output = fails(empty, "backup", str(empty.folder / "backup"))
    assert status == 1
    assert "backup_identity FILE" in output
    empty.env["BACKUP_RECIPIENTS"] = "age1nonsense"
    status, output = fails(empty, "backup", str(empty.folder / "backup"))
    assert status == 2
    assert "age1nonsense" in output
    assert not (empty.folder / "backup").exists()


def test_a_member_who_was_erased_stays_erased(saved: tuple[Machine, Path], empty: Machine) -> None:
    tombstone = """
import django; django.setup()
from apps.accounts import tombstones
from apps.accounts.models import User
tombstones.write(User.objects.get())
"""
    before = {path.name for path in (saved[0].data / "erasures").glob("*")}
    subprocess.run([sys.executable, "-c", tombstone], cwd=settings.ROOT, env=saved[0].env, check=True)
    shutil.copytree(saved[0].data / "erasures", empty.data / "erasures")
    for path in (saved[0].data / "erasures").iterdir():
        if path.name not in before:
            path.unlink()
    empty.run("restore", str(saved[1]), "--identity", key_of(saved[0]))
    assert empty.count("SELECT count(*) FROM accounts_user") == 0


@pytest.mark.parametrize("cut", [1, 3000])
def test_a_truncated_backup_is_named_even_with_a_matching_checksum(
    saved: tuple[Machine, Path], empty: Machine, cut: int
) -> None:
    damaged = empty.folder / "damaged"
    shutil.copytree(saved[1], damaged)
    victim = damaged / "db.sqlite3.age"
    victim.write_bytes(victim.read_bytes()[:-cut])
    manifest = json.loads((damaged / "backup.json").read_text())
    manifest["files"]["db.sqlite3.age"] = hashlib.sha256(victim.read_bytes()).hexdigest()
    (damaged / "backup.json").write_text(json.dumps(manifest))
    status, output = fails(empty, "restore", str(damaged), "--identity", key_of(saved[0]))
    assert status == 2
    assert "db.sqlite3.age" in output
    assert not (empty.data / "db.sqlite3").exists()


def test_a_damaged_backup_is_named_and_nothing_is_written(saved: tuple[Machine, Path], empty: Machine) -> None:
    damaged = empty.folder / "damaged"
    shutil.copytree(saved[1], damaged)
    victim = damaged / "db.sqlite3.age"
    victim.write_bytes(victim.read_bytes()[:-1] + b"x")
    status, output = fails(empty, "restore", str(damaged), "--identity", key_of(saved[0]))
    assert status == 2
    assert "db.sqlite3.age" in output
    assert not (empty.data / "db.sqlite3").exists()


def test_a_restore_never_overwrites(saved: tuple[Machine, Path]) -> None:
    status, output = fails(saved[0], "restore", str(saved[1]))
    assert status == 1
    assert "empty DATA_DIR" in output


def test_a_backup_never_overwrites_another(saved: tuple[Machine, Path]) -> None:
    status, output = fails(saved[0], "backup", str(saved[1]))
    assert status == 2
    assert "new folder" in output


def test_the_doctor_counts_what_needs_attention(saved: tuple[Machine, Path]) -> None:
    status, output = fails(saved[0], "doctor")
    assert status == 1, "no worker runs"
    assert "need attention" in output


def test_the_doctor_says_what_to_do(saved: tuple[Machine, Path]) -> None:
    process = saved[0].start("doctor")
    out, _ = process.communicate(timeout=60)
    lines = {line.split()[1]: line for line in out.splitlines() if line.strip()}
    assert lines["worker"].startswith("fix")
    assert "manage.py up" in lines["worker"]
    assert lines["roll"].startswith("ok")
    assert lines["boundaries"].startswith("todo")
    assert "load_boundaries" in lines["boundaries"]
