"""`replay_erasures`: accounts that a restored backup brought back are erased again."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.accounts import services, tombstones
from apps.accounts.models import User


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    """Isolate the tombstones of these tests."""
    settings.DATA_DIR = tmp_path


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


def test_tombstones_of_another_folder_are_added(member: User, tmp_path: Path, settings: Any) -> None:
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
