"""A copy of one's data: complete, encrypted at rest, private, available for a day after a fresh password."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.accounts import consents, exports
from apps.accounts.models import DataExport, User
from apps.audit import services as audit
from apps.audit.models import AuditEntry
from apps.core.csv_safe import safe_cell
from apps.privacy import registry as privacy
from tests.accounts.helpers import reauthenticated_client


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Isolate the exports of these tests."""
    settings.DATA_DIR = tmp_path


def _ready(member: User, run_jobs: Callable[[], int]) -> DataExport:
    export = exports.request_export(member=member)
    run_jobs()
    export.refresh_from_db()
    return export


def _url(export: DataExport) -> str:
    return reverse("accounts:fetch", args=[exports.token_of(export)])


def test_asking_building_and_fetching(member: User, steward: User, run_jobs: Callable[[], int]) -> None:
    consents.record(member)
    audit.log_read(actor=steward, subject=member, fields=["email"], reason="A call")
    client = reauthenticated_client(member)
    client.post(reverse("accounts:download"))
    assert b"We are putting your copy together" in client.get(reverse("accounts:home")).content
    run_jobs()
    assert mail.outbox[-1].subject == "The copy of your data is ready"
    answer = client.get(_url(DataExport.objects.get()))
    assert answer["Content-Disposition"] == 'attachment; filename="my-data.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    exported = json.loads(archive.read("data.json"))
    assert set(exported) == {entry.model._meta.label for entry in privacy.entries()}
    assert exported["accounts.User"]["rows"][0]["email"] == member.email
    assert exported["audit.AuditEntry"]["rows"][0]["reason"] == "A call"
    rows = list(csv.DictReader(io.StringIO(archive.read("accounts.consent.csv").decode("utf-8-sig"))))
    assert {row["document"] for row in rows} == {"privacy", "terms"}
    assert b"Everything Votekin holds about you" in archive.read("README.txt")


def test_the_copy_is_encrypted_and_readable_by_the_application_only(member: User, run_jobs: Callable[[], int]) -> None:
    export = _ready(member, run_jobs)
    path = exports.folder() / export.name
    assert path.stat().st_mode & 0o777 == 0o600
    assert exports.folder().stat().st_mode & 0o777 == 0o700
    assert path.read_bytes()[:2] != b"PK"
    assert not zipfile.is_zipfile(path)


def test_a_second_wish_waits_with_the_first(member: User) -> None:
    assert exports.request_export(member=member) == exports.request_export(member=member)


def test_a_job_that_runs_twice_makes_one_file(member: User, run_jobs: Callable[[], int]) -> None:
    export = _ready(member, run_jobs)
    exports.build(export.pk)
    assert [path.name for path in exports.folder().iterdir()] == [export.name]


def test_to_another_member_the_link_does_not_exist(
    member: User, other_member: User, run_jobs: Callable[[], int]
) -> None:
    export = _ready(member, run_jobs)
    assert reauthenticated_client(other_member).get(_url(export)).status_code == 404


def test_after_a_day_the_link_is_dead_and_the_file_goes(member: User, run_jobs: Callable[[], int]) -> None:
    export = _ready(member, run_jobs)
    url = _url(export)
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1), tick=False):
        assert reauthenticated_client(member).get(url).status_code == 404
        assert reauthenticated_client(member).get(_url(export)).status_code == 404
        assert exports.purge(timezone.now() - timedelta(days=1)) == 1
    assert list(exports.folder().iterdir()) == []


def test_a_false_link_does_not_exist(member: User, run_jobs: Callable[[], int]) -> None:
    url = _url(_ready(member, run_jobs))
    assert reauthenticated_client(member).get(url[:-3] + "xx/").status_code == 404


@pytest.mark.parametrize("act", ["ask", "fetch"])
def test_an_old_sign_in_must_enter_the_password_again(act: str, member: User, run_jobs: Callable[[], int]) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = reauthenticated_client(member)
        export = _ready(member, run_jobs)
        clock.shift(16 * 60)
        answer = client.post(reverse("accounts:download")) if act == "ask" else client.get(_url(export))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    assert DataExport.objects.count() == 1


def test_fetching_is_written_down(member: User, run_jobs: Callable[[], int]) -> None:
    reauthenticated_client(member).get(_url(_ready(member, run_jobs)))
    assert AuditEntry.objects.filter(action="member.export_fetched", actor_id=member.pk).count() == 1


def test_a_copy_that_cannot_be_made_says_so(
    member: User, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.core.errors import JobFailed

    def fail(_member: Any) -> None:
        raise JobFailed("The disk is full.", permanent=True)

    monkeypatch.setattr(privacy, "export_all", fail)
    assert _ready(member, run_jobs).state == "failed"
    assert b"The last copy could not be made" in reauthenticated_client(member).get(reverse("accounts:home")).content


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1+cmd", "-x", "@x", "\t=1", "＝1", "\r=1"])
def test_a_cell_that_would_run_is_quoted(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["+12025550123", "-1", "+1", "-3.5", "Nora", "", "2026-11-03"])
def test_numbers_phones_and_words_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text
