"""Command export_contacts: columns, escaping, audit."""

import csv
from pathlib import Path

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.contacts import export as contact_export
from tests.contacts.helpers import run_command

pytestmark = pytest.mark.django_db


def test_the_export_is_complete_and_safe_in_spreadsheets(
    member: User, contacts_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_command(capsys, "import_contacts", str(contacts_file), "--owner", "nora@example.org")
    out = tmp_path / "out.csv"
    assert run_command(capsys, "export_contacts", "--owner", "nora@example.org", "--output", str(out))["written"] == 3
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
