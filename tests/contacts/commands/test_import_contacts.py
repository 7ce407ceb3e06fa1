"""Command import_contacts: report, refusals, waiting for a worker."""

import re
import time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.contacts.models import Contact, Import, ImportPart
from apps.jobs import heartbeats
from tests.contacts.helpers import contact_names, run_command

pytestmark = pytest.mark.django_db


def test_the_report_has_the_documented_figures(
    member: User, contacts_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = run_command(capsys, "import_contacts", str(contacts_file), "--owner", "Nora@example.org")
    assert report == {
        "read": 5, "new": 3, "same": 1, "bad": [{"line": 4, "reason": "4 columns, the header has 3."}],
        "registered": 0, "likely": 0, "unclear": 0, "not_found": 0, "skipped": {}, "unread": {}, "date_order": {},
    }  # fmt: skip
    again = run_command(capsys, "import_contacts", str(contacts_file), "--owner", "nora@example.org")
    assert (again["new"], again["same"], Contact.objects.count()) == (0, 4, 3)
    assert AuditEntry.objects.filter(action="contacts.imported").count() == 2


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 1), (b"PK\x03\x04", 1), (b"Wer,Was\na,b\n", 1), (None, 2)],
)
def test_a_refused_file_stores_nothing_and_sets_the_exit_status(
    member: User, tmp_path: Path, content: bytes | None, status: int
) -> None:
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as error:
        call_command("import_contacts", str(path), "--owner", "nora@example.org")
    assert error.value.returncode == status
    assert not Import.objects.exists()
    assert not ImportPart.objects.exists()


def test_an_unknown_owner_is_an_error(contacts_file: Path, db: None) -> None:
    with pytest.raises(CommandError) as error:
        call_command("import_contacts", str(contacts_file), "--owner", "nobody@example.org")
    assert error.value.returncode == 1


def test_a_file_of_only_bad_rows_reports_them(member: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("Name,Email\n,\n , nothing\n")
    report = run_command(capsys, "import_contacts", str(path), "--owner", "nora@example.org")
    assert (report["read"], report["new"], len(report["bad"])) == (1, 0, 1)


def test_the_command_waits_for_a_running_worker(
    member: User, contacts_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.jobs import jobs

    heartbeats.beat("worker", "worker@test")
    drained = []

    def the_worker_works(_seconds: float) -> None:
        drained.append(jobs.drain())

    monkeypatch.setattr(time, "sleep", the_worker_works)
    report = run_command(capsys, "import_contacts", str(contacts_file), "--owner", "nora@example.org")
    assert report["new"] == 3
    assert drained == [1]


NOBODYS_COLUMNS = b"Wer,Was\nxq,zz\n"


@pytest.mark.parametrize(
    ("content", "options", "message"),
    [
        (NOBODYS_COLUMNS, [], "--columns first,last,email,phone"),
        (b"Name,Birthday\nAnn Lee,010203\n", [], "Use --date-order month, day or year"),
        (b"Ann,Lee\n", ["--columns", "first,shoe size"], "--columns: shoe size is no field"),
    ],
)
def test_a_file_that_needs_a_word_of_the_operator_names_the_option(
    member: User, tmp_path: Path, content: bytes, options: list[str], message: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=re.escape(message)):
        call_command("import_contacts", str(path), "--owner", "nora@example.org", *options)
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("content", "options", "names"),
    [
        (b"Ann,Lee,ann@example.org\nBob,Ray,b@example.org\n", [], ["Ann Lee", "Bob Ray"]),
        (b"Lee,Ann\nRay,Bob\n", ["--no-header", "--columns", "last name,first"], ["Ann Lee", "Bob Ray"]),
        (b"Wer,Was\nLee,Ann\n", ["--header", "--columns", "last,first"], ["Ann Lee"]),
        (b"First Name,Last Name\nLee,Ann\n", ["--columns", "last,first"], ["Ann Lee"]),
    ],
)
def test_columns_and_header_can_be_stated(
    member: User,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    content: bytes,
    options: list[str],
    names: list[str],
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    run_command(capsys, "import_contacts", str(path), "--owner", "nora@example.org", *options)
    assert contact_names(member) == names


def test_the_report_counts_what_is_left_out(member: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "file.csv"
    path.write_text("Name,Cell,Birthday\nAnn Lee,1.70156E+10,31/12/80\nAcme Inc.,,\nBob Ray,0000000000,05/06/81\n")
    report = run_command(capsys, "import_contacts", str(path), "--owner", "nora@example.org")
    assert (report["read"], report["new"], report["skipped"]) == (3, 2, {"organization": 1})
    assert report["unread"] == {"Cell": {"9.99999A+99": 1, "9999999999": 1}}
    assert report["date_order"] == {"Birthday": "day"}
