"""Accounts: roles, deletion and its undo, erasure, disabling."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from apps.accounts import consents, exports, services
from apps.accounts.models import Consent, DataExport, User
from apps.audit.models import AuditEntry
from apps.core.errors import Refused
from apps.jobs.models import Job
from apps.notifications.models import Notice
from apps.privacy import registry as privacy


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Isolate the tombstones of these tests."""
    settings.DATA_DIR = tmp_path


def _erase_due(run_jobs: Callable[[], int]) -> None:
    services.queue_erasures()
    run_jobs()


def test_a_canceled_deletion_erases_nothing(member: User, run_jobs: Callable[[], int]) -> None:
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
    consents.record(member)
    consents.record(other_member)
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


def test_an_erasure_that_crashed_is_completed_by_the_next_run(
    member: User, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=8), tick=False):
        services.request_deletion(member=member)
    with monkeypatch.context() as patched:
        patched.setattr(privacy, "erase_all", lambda _member: 1 / 0)
        _erase_due(run_jobs)
    assert User.objects.filter(pk=member.pk, is_active=False).exists()
    Job.objects.update(not_before=None)
    run_jobs()
    assert not User.objects.filter(pk=member.pk).exists()


def test_the_last_owner_cannot_request_deletion(owner: User) -> None:
    with pytest.raises(Refused):
        services.request_deletion(member=owner)


def test_a_role_change_is_logged_and_the_member_notified(
    owner: User, member: User, run_jobs: Callable[[], int]
) -> None:
    found = services.find(actor=owner, email=" NORA@example.org ", reason="Joined the team")
    services.change_role(actor=owner, member=found, role="steward", reason="Joined the team")
    entry = AuditEntry.objects.get(action="member.role_changed")
    assert (entry.actor_id, entry.subject) == (owner.pk, f"accounts.user:{member.pk}")
    assert (entry.facts, entry.reason) == ({"before": "member", "after": "steward"}, "Joined the team")
    run_jobs()
    assert "You are now: Data steward." in mail.outbox[0].body


@pytest.mark.parametrize("who", ["member", "steward", "organizer", "auditor"])
def test_only_an_owner_changes_roles(who: str, member: User, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Refused):
        services.change_role(actor=request.getfixturevalue(who), member=member, role="owner", reason="x")


@pytest.mark.parametrize(("role", "reason"), [("king", "x"), ("steward", "  ")])
def test_a_role_change_needs_a_known_role_and_a_reason(owner: User, member: User, role: str, reason: str) -> None:
    with pytest.raises(Refused):
        services.change_role(actor=owner, member=member, role=role, reason=reason)


def test_the_last_owner_cannot_be_demoted(owner: User) -> None:
    with pytest.raises(Refused):
        services.change_role(actor=owner, member=owner, role="member", reason="x")


def test_an_account_is_found_only_by_its_whole_address_and_the_access_is_logged(owner: User, member: User) -> None:
    with pytest.raises(Refused):
        services.find(actor=owner, email="nora", reason="A call")
    services.find(actor=owner, email=member.email, reason="A call")
    first, second = AuditEntry.objects.filter(kind="read").order_by("number")
    assert (first.subject, second.subject) == ("accounts.user:none", f"accounts.user:{member.pk}")


@pytest.mark.parametrize("who", ["member", "steward", "auditor"])
def test_only_an_owner_finds_accounts(who: str, other_member: User, request: pytest.FixtureRequest) -> None:
    with pytest.raises(Refused):
        services.find(actor=request.getfixturevalue(who), email=other_member.email, reason="x")


def test_an_owner_cannot_disable_their_own_account(owner: User) -> None:
    with pytest.raises(Refused):
        services.disable(actor=owner, member=owner, reason="x")


def test_an_account_with_a_role_is_disabled_only_after_two_owners_took_the_role(
    owner: User, steward: User, make_member: Callable[..., User]
) -> None:
    for staff in (steward, make_member("owner2@example.org", "owner")):
        with pytest.raises(Refused, match="has a role"):
            services.disable(actor=owner, member=staff, reason="Left the team")
        staff.refresh_from_db()
        assert staff.is_active


def test_a_disabled_account_with_a_role_does_not_come_back_by_one_owner(owner: User, steward: User) -> None:
    User.objects.filter(pk=steward.pk).update(is_active=False)
    with pytest.raises(Refused, match="set_role"):
        services.reopen(actor=owner, member=steward, reason="Back")
