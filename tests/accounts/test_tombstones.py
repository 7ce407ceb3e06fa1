"""Tombstones name no one, match one account only, and outlive every backup."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts import tombstones
from apps.accounts.models import User


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Isolate the tombstones of these tests."""
    settings.DATA_DIR = tmp_path


def test_a_new_account_with_a_reused_id_is_not_erased(member: User) -> None:
    tombstones.write(member)
    User.objects.filter(pk=member.pk).update(joined_at=timezone.now() + timedelta(seconds=1))
    assert tombstones.restored_accounts() == []


def test_a_tombstone_names_no_one(member: User) -> None:
    tombstones.write(member)
    (path,) = tombstones._folder().iterdir()
    assert path.stat().st_size == 0
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.name) == 32


def test_tombstones_are_purged_only_after_every_backup(member: User) -> None:
    tombstones.write(member)
    assert tombstones.purge(timezone.now() - timedelta(days=1)) == 0
    assert tombstones.purge(timezone.now() + timedelta(days=1)) == 1
