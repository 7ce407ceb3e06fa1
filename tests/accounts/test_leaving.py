"""Deleting one's account: closed at once, seven days to undo, then nothing is left, not even after a restore."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import consents, exports, services, tombstones
from apps.accounts.models import Consent, DataExport, User
from apps.audit.models import AuditEntry
from apps.core.errors import Refused
from apps.jobs.models import Job
from apps.notifications.models import Notice
from tests.conftest import PASSWORD


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Keep the tombstones of these tests apart."""
    settings.DATA_DIR = tmp_path


def _browser(member: User) -> Client:
    """Return a browser in which the member signed in and typed the password once more."""
    client = Client()
    client.post(reverse("account_login"), {"login": member.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


def _erase_due(run_jobs: Callable[[], int]) -> None:
    services.queue_erasures()
    run_jobs()


def test_the_account_closes_at_once_and_a_mail_says_how_to_undo_it(member: User, run_jobs: Callable[[], int]) -> None:
    client, elsewhere = _browser(member), _browser(member)
    page = client.post(reverse("accounts:delete"), {"sure": "on"})
    assert b"Your account is closed" in page.content
    assert client.get(reverse("accounts:home")).status_code == 302
    assert elsewhere.get(reverse("accounts:home")).status_code == 302
    run_jobs()
    assert mail.outbox[-1].subject == "Your account will be erased"
    assert "/account/leaving/" in mail.outbox[-1].body


def test_it_asks_before_it_acts(member: User) -> None:
    page = _browser(member).post(reverse("accounts:delete"), {})
    assert b"Tick the box if you want your account erased" in page.content
    member.refresh_from_db()
    assert member.erase_at is None


def test_an_old_sign_in_is_asked_for_the_password_again(member: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = _browser(member)
        clock.shift(16 * 60)
        answer = client.post(reverse("accounts:delete"), {"sure": "on"})
    assert answer.url.startswith(reverse("account_reauthenticate"))
    member.refresh_from_db()
    assert member.erase_at is None


def test_who_leaves_can_only_come_back(member: User) -> None:
    services.request_deletion(member=member)
    client = _browser(member)
    for name in ("pages:home", "accounts:home", "notifications:inbox", "account_change_password", "accounts:delete"):
        assert client.get(reverse(name)).url == reverse("accounts:leaving")
    assert b"Keep my account" in client.get(reverse("accounts:leaving")).content
    client.post(reverse("accounts:leaving"))
    member.refresh_from_db()
    assert member.erase_at is None
    assert client.get(reverse("accounts:home")).status_code == 200


def test_a_kept_account_is_not_erased(member: User, run_jobs: Callable[[], int]) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=False):
        services.request_deletion(member=member)
    services.queue_erasures()
    User.objects.update(erase_at=None)
    run_jobs()
    assert User.objects.filter(pk=member.pk, is_active=True).exists()


def test_nothing_is_erased_before_the_seventh_day(member: User, run_jobs: Callable[[], int]) -> None:
    services.request_deletion(member=member)
    _erase_due(run_jobs)
    assert User.objects.filter(pk=member.pk).exists()


def test_after_seven_days_nothing_is_left(member: User, other_member: User, run_jobs: Callable[[], int]) -> None:
    consents.record(member), consents.record(other_member)
    export = exports.request_export(member=member)
    run_jobs()
    export.refresh_from_db()
    file = exports.folder() / export.name
    assert file.exists()
    services.request_deletion(member=member)
    with time_machine.travel(timezone.now() + timedelta(days=7, minutes=1), tick=False):
        _erase_due(run_jobs)
    assert list(User.objects.all()) == [other_member]
    for model in (Consent, DataExport, Notice):
        assert not model.objects.exclude(member=other_member).exists()
    assert not EmailAddress.objects.filter(email=member.email).exists()
    assert not file.exists()
    last = AuditEntry.objects.latest("number")
    assert (last.action, last.subject) == ("member.erased", f"accounts.user:{member.pk}")


def test_it_is_too_late_once_the_erasure_has_begun(member: User) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=False):
        services.request_deletion(member=member)
    with pytest.raises(Refused):
        services.cancel_deletion(member=member)


def test_a_crash_in_the_middle_is_made_good_by_the_next_run(
    member: User, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=False):
        services.request_deletion(member=member)
    with monkeypatch.context() as patched:
        patched.setattr(services.privacy, "erase_all", lambda _member: 1 / 0)
        _erase_due(run_jobs)
    assert User.objects.filter(pk=member.pk, is_active=False).exists()
    Job.objects.update(not_before=None)
    run_jobs()
    assert not User.objects.filter(pk=member.pk).exists()


def test_the_last_owner_stays(owner: User) -> None:
    with pytest.raises(Refused):
        services.request_deletion(member=owner)


def test_a_restored_backup_is_erased_again(member: User, other_member: User, owner: User) -> None:
    before = {field.attname: getattr(member, field.attname) for field in User._meta.concrete_fields}
    services.erase_now(member)
    User.objects.bulk_create([User(**{**before, "email": "older@example.org"})])
    User.objects.filter(pk=before["id"]).update(joined_at=before["joined_at"])
    out = StringIO()
    call_command("replay_erasures", "--dry-run", stdout=out)
    assert "found: 1" in out.getvalue()
    assert User.objects.filter(pk=before["id"]).exists()
    call_command("replay_erasures", stdout=out)
    assert not User.objects.filter(pk=before["id"]).exists()
    assert User.objects.count() == 2
    call_command("replay_erasures", stdout=out)


def test_tombstones_of_an_old_folder_are_brought_along(member: User, tmp_path: Path, settings: Any) -> None:
    tombstones.write(member)
    old, settings.DATA_DIR = tmp_path / "erasures", tmp_path / "new"
    (old / "not-a-tombstone.txt").touch()
    assert tombstones.restored_accounts() == []
    out = StringIO()
    call_command("replay_erasures", "--from", str(old), stdout=out)
    assert "brought: 1" in out.getvalue()
    assert not User.objects.filter(pk=member.pk).exists()
    with pytest.raises(CommandError) as error:
        call_command("replay_erasures", "--from", str(tmp_path / "nowhere"))
    assert error.value.returncode == 2


def test_somebody_new_with_an_old_number_is_not_erased(member: User) -> None:
    tombstones.write(member)
    User.objects.filter(pk=member.pk).update(joined_at=timezone.now() + timedelta(seconds=1))
    assert tombstones.restored_accounts() == []


def test_a_tombstone_names_nobody(member: User) -> None:
    tombstones.write(member)
    (path,) = tombstones._folder().iterdir()
    assert path.stat().st_size == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.name) == 32


def test_tombstones_outlive_backups_and_then_go(member: User) -> None:
    tombstones.write(member)
    assert tombstones.purge(timezone.now() - timedelta(days=1)) == 0
    assert tombstones.purge(timezone.now() + timedelta(days=1)) == 1
