"""Deleting one's account through the pages: asks first, closes at once, and can be canceled."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import User
from tests.accounts.helpers import reauthenticated_client


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Isolate the tombstones of these tests."""
    settings.DATA_DIR = tmp_path


def test_the_account_closes_at_once_and_an_email_says_how_to_undo_it(member: User, run_jobs: Callable[[], int]) -> None:
    client, elsewhere = reauthenticated_client(member), reauthenticated_client(member)
    page = client.post(reverse("accounts:delete"), {"sure": "on"})
    assert b"Your account is closed" in page.content
    assert client.get(reverse("accounts:home")).status_code == 302
    assert elsewhere.get(reverse("accounts:home")).status_code == 302
    run_jobs()
    assert mail.outbox[-1].subject == "Your account will be erased"
    assert "/account/leaving/" in mail.outbox[-1].body


def test_deletion_needs_a_confirmation(member: User) -> None:
    page = reauthenticated_client(member).post(reverse("accounts:delete"), {})
    assert b"Tick the box if you want your account erased" in page.content
    member.refresh_from_db()
    assert member.erase_at is None


def test_an_old_sign_in_must_enter_the_password_again(member: User) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client = reauthenticated_client(member)
        clock.shift(16 * 60)
        answer = client.post(reverse("accounts:delete"), {"sure": "on"})
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))
    member.refresh_from_db()
    assert member.erase_at is None


def test_a_member_with_a_pending_deletion_can_only_cancel_it(member: User) -> None:
    services.request_deletion(member=member)
    client = reauthenticated_client(member)
    for name in ("pages:home", "accounts:home", "notifications:inbox", "account_change_password", "accounts:delete"):
        assert client.get(reverse(name)).headers["Location"] == reverse("accounts:leaving")
    assert b"Keep my account" in client.get(reverse("accounts:leaving")).content
    client.post(reverse("accounts:leaving"))
    member.refresh_from_db()
    assert member.erase_at is None
    assert client.get(reverse("accounts:home")).status_code == 200
