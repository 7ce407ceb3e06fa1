"""The commands that others rely on: words, columns and exit statuses."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.audit.models import AuditEntry
from apps.contacts import export as contact_export
from apps.contacts.models import Contact, Import, ImportPart
from apps.jobs import heartbeats

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    """Return the last line of a command as JSON."""
    call_command(*args, "--json")
    found: dict[str, Any] = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file with a double, a bad row and three people."""
    path = tmp_path / "contacts.csv"
    path.write_text(
        "Name,Email,Phone\nAnn Lee,ann@example.org,919-555-0101\nAnn Lee,ann@example.org,\n"
        "Bob, Ray,bob@example.org,\n=Cy Poe,cy@example.org,555-0134\nDee Ash,,+19195550102\n"
    )
    return path


def test_import_reports_what_commands_promise(member: Any, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = run(capsys, "import_contacts", str(file), "--owner", "Nora@example.org")
    assert report == {
        "read": 5, "new": 3, "same": 1, "bad": [{"line": 4, "reason": "4 columns, the header has 3."}],
        "registered": 0, "likely": 0, "unclear": 0, "not_found": 0,
    }  # fmt: skip
    again = run(capsys, "import_contacts", str(file), "--owner", "nora@example.org")
    assert (again["new"], again["same"], Contact.objects.count()) == (0, 4, 3)
    assert AuditEntry.objects.filter(action="contacts.imported").count() == 2


def test_export_is_safe_and_complete(
    member: Any, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "import_contacts", str(file), "--owner", "nora@example.org")
    out = tmp_path / "out.csv"
    assert run(capsys, "export_contacts", "--owner", "nora@example.org", "--output", str(out))["written"] == 3
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == contact_export.COLUMNS
    assert [(row["first_name"], row["phones"], row["status"]) for row in rows] == [
        ("Ann", "+19195550101", "no_roll"),
        ("'=Cy", "555-0134", "no_roll"),
        ("Dee", "+19195550102", "no_roll"),
    ]
    assert AuditEntry.objects.filter(kind="read", reason="export_contacts").exists()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "＝1", "＋1"])
def test_what_a_spreadsheet_would_compute_is_quoted(text: str) -> None:
    assert contact_export.escape_formula(text) == f"'{text}"


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 1), (b"PK\x03\x04", 1), (b"Wer,Was\na,b\n", 1), (None, 2)],
)
def test_refusals_keep_nothing_and_say_their_status(
    member: Any, tmp_path: Path, content: bytes | None, status: int
) -> None:
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        call_command("import_contacts", str(path), "--owner", "nora@example.org")
    assert error.value.returncode == status
    assert not Import.objects.exists()
    assert not ImportPart.objects.exists()


def test_an_unknown_owner_is_refused(file: Path, db: None) -> None:
    with pytest.raises(CommandError) as error:
        call_command("import_contacts", str(file), "--owner", "nobody@example.org")
    assert error.value.returncode == 1


def test_a_file_of_bad_rows_alone_reports_them(member: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("Name,Email\n,\n , nothing\n")
    report = run(capsys, "import_contacts", str(path), "--owner", "nora@example.org")
    assert (report["read"], report["new"], len(report["bad"])) == (1, 0, 1)


def test_with_a_worker_the_command_waits_for_it(
    member: Any, file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.contacts.management.commands import import_contacts
    from apps.jobs import jobs

    heartbeats.beat("worker", "worker@test")
    drained = []

    def the_worker_works(_seconds: float) -> None:
        drained.append(jobs.drain())

    monkeypatch.setattr(import_contacts.time, "sleep", the_worker_works)
    report = run(capsys, "import_contacts", str(file), "--owner", "nora@example.org")
    assert report["new"] == 3
    assert drained == [1]
