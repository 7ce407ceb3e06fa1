"""Pages of owners: failed jobs, feature flags, accounts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.cases import decisions
from apps.cases.models import Case
from apps.jobs.models import Job
from apps.staff import flags


@pytest.fixture
def letters(db: None) -> list[Job]:
    """Create two failed jobs."""
    more = {"task": "default.canary", "state": "dead", "finished_at": timezone.now(), "reason": "<b>It broke</b>"}
    return [Job.objects.create(key=key, **more) for key in "ab"]


def test_failed_jobs_are_replayed(letters: list[Job], owner: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(owner)
    assert b"&lt;b&gt;It broke&lt;/b&gt;" in client.get(reverse("staff:work")).content
    client.post(reverse("staff:change_work"), {"ids": [letters[0].pk], "replay": "1"})
    assert set(Job.objects.values_list("key", "state")) == {("a", "waiting"), ("b", "dead")}
    assert AuditEntry.objects.get().action == "work.replayed"


def test_dropping_needs_a_reason(letters: list[Job], owner: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(owner)
    client.post(reverse("staff:change_work"), {"ids": [letters[0].pk], "drop": "1"})
    assert Job.objects.count() == 2
    client.post(reverse("staff:change_work"), {"ids": [letters[0].pk], "drop": "1", "reason": "A test of ours"})
    assert Job.objects.get().key == "b"
    assert AuditEntry.objects.get().reason == "A test of ours"


def test_running_jobs_cannot_be_dropped(owner: User, client_of: Callable[[User], Client]) -> None:
    job = Job.objects.create(task="default.canary", key="x", state="running")
    client_of(owner).post(reverse("staff:change_work"), {"ids": [job.pk], "drop": "1", "reason": "x"})
    assert Job.objects.filter(pk=job.pk).exists()


@pytest.mark.parametrize("state", ["off", "staff", "everyone"])
def test_a_flag_controls_who_sees_a_feature(
    state: str, owner: User, steward: User, member: User, client_of: Callable[[User], Client]
) -> None:
    client_of(owner).post(
        reverse("staff:flag", args=["components"]), {"state": state, "reason": "As decided on Monday"}
    )
    seen = {
        who.role: client_of(who).get(reverse("demo:components")).status_code == 200 for who in (owner, steward, member)
    }
    assert seen == {
        "owner": state != "off",
        "steward": state != "off",
        "member": state == "everyone",
    }
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.facts["after"], entry.reason) == ("flag.changed", state, "As decided on Monday")


def test_changing_a_flag_requires_a_reason(owner: User, client_of: Callable[[User], Client]) -> None:
    client_of(owner).post(reverse("staff:flag", args=["components"]), {"state": "everyone", "reason": ""})
    assert {flag.name: flag.state for flag in flags.all_flags()}["components"] == "staff"


def test_a_role_is_changed_by_two_owners(
    owner: User, member: User, make_member: Callable[..., User], fresh_client_of: Callable[[User], Client]
) -> None:
    client = fresh_client_of(owner)
    page = client.post(reverse("staff:members"), {"email": member.email, "reason": "Joined the team"})
    assert f"Account {member.pk}".encode() in page.content
    change = {"member_id": member.pk, "role": "steward", "reason": "Joined the team"}
    alone = client.post(reverse("staff:change_member"), change, follow=True)
    assert b"use the command set_role" in alone.content
    second = make_member("owner2@example.org", "owner")
    client.post(reverse("staff:change_member"), change)
    case = Case.objects.get()
    take, answer = (reverse(f"staff:{name}", args=["role_change", case.pk]) for name in ("take", "answer"))
    own = client.post(take, follow=True)
    assert b"This case waits for a second person" in own.content
    other = fresh_client_of(second)
    other.post(take)
    other.post(answer, {"answer": "change"})
    Case.objects.update(closed_at=timezone.now() - timedelta(minutes=11))
    decisions.apply_due(case.pk)
    member.refresh_from_db()
    assert member.role == "steward"


def test_a_role_change_needs_a_fresh_password(
    owner: User, member: User, make_member: Callable[..., User], client_of: Callable[[User], Client]
) -> None:
    make_member("owner2@example.org", "owner")
    change = {"member_id": member.pk, "role": "steward", "reason": "Joined the team"}
    answer = client_of(owner).post(reverse("staff:change_member"), change)
    assert answer["Location"].startswith(reverse("account_reauthenticate"))
    assert not Case.objects.exists()


def test_a_partial_email_address_finds_no_account(
    owner: User, member: User, client_of: Callable[[User], Client]
) -> None:
    page = client_of(owner).post(reverse("staff:members"), {"email": "ora@example.org", "reason": "A call"})
    assert b"Nobody has an account with exactly this address" in page.content


def test_finding_an_account_requires_a_reason(owner: User, member: User, client_of: Callable[[User], Client]) -> None:
    page = client_of(owner).post(reverse("staff:members"), {"email": member.email, "reason": ""})
    assert b"Say why" in page.content
    assert not AuditEntry.objects.exists()


def test_an_account_is_disabled_with_a_reason(
    owner: User, member: User, fresh_client_of: Callable[[User], Client]
) -> None:
    client_of = fresh_client_of
    client_of(owner).post(
        reverse("staff:change_member"), {"member_id": member.pk, "reason": "Asked by letter", "close": "1"}
    )
    member.refresh_from_db()
    assert not member.is_active
    client_of(owner).post(reverse("staff:change_member"), {"member_id": member.pk, "reason": "x", "reopen": "1"})
    member.refresh_from_db()
    assert member.is_active


def test_an_unknown_role_changes_nothing(owner: User, member: User, client_of: Callable[[User], Any]) -> None:
    client_of(owner).post(reverse("staff:change_member"), {"member_id": member.pk, "role": "king", "reason": "x"})
    member.refresh_from_db()
    assert member.role == "member"


def test_flags_are_listed_with_their_state(owner: User, client_of: Callable[[User], Client]) -> None:
    page = client_of(owner).get(reverse("staff:flags")).content.decode()
    assert "components" in page
    assert reverse("staff:flag", args=["components"]) in page
