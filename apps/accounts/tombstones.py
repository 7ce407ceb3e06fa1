"""Tombstones: after a restore, who was erased since the backup is erased again.

A tombstone is an empty file under DATA_DIR/erasures, outside the database and its backups. Its name is a keyed
hash of the account's number and the moment it was made, which a changed mail address does not change. A restore
must never take files out of this folder; folders of several machines may be copied together.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from apps.core.crypto import keyed_hash
from apps.core.errors import BadInput

from .models import User

NAME = re.compile(r"[0-9a-f]{32}\Z")


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "erasures"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def name_of(member: User) -> str:
    """Return the name of a member's tombstone."""
    made = member.joined_at.astimezone(UTC).isoformat(timespec="microseconds")
    return keyed_hash(settings.ERASURE_KEY, str(member.pk), made).hex()


def bury(member: User) -> None:
    """Write a member's tombstone."""
    (_folder() / name_of(member)).touch(mode=0o600)


def risen() -> list[User]:
    """Return accounts that exist although they were erased: a backup brought them back."""
    names = {path.name for path in _folder().iterdir()}
    return [member for member in User.objects.order_by("pk").iterator() if name_of(member) in names] if names else []


def bring(folder: Path) -> int:
    """Add the tombstones of another folder (an old DATA_DIR, another machine); returns how many were new."""
    try:
        names = [path.name for path in folder.iterdir() if NAME.match(path.name)]
    except OSError as error:
        raise BadInput(f"{folder} cannot be read: {error.strerror}.") from error
    new = [name for name in names if not (_folder() / name).exists()]
    for name in new:
        (_folder() / name).touch(mode=0o600)
    return len(new)


def purge(before: datetime) -> int:
    """Drop tombstones older than any backup that is still kept."""
    old = [path for path in _folder().iterdir() if datetime.fromtimestamp(path.stat().st_mtime, tz=UTC) < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
