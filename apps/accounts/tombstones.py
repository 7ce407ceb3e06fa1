"""Record erasures outside the database, so that accounts which a restored backup brings back are erased again.

A tombstone is an empty file under DATA_DIR/erasures, outside the database and its backups. Its name is a keyed hash of
the account's id and creation time, which does not change with the email address. A restore never deletes files from
this folder. Folders of several machines can be merged by copying.
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


def file_name(member: User) -> str:
    """Return the file name of a member's tombstone."""
    created = member.joined_at.astimezone(UTC).isoformat(timespec="microseconds")
    return keyed_hash(settings.ERASURE_KEY, str(member.pk), created).hex()


def write(member: User) -> None:
    """Write a member's tombstone."""
    (_folder() / file_name(member)).touch(mode=0o600)


def restored_accounts() -> list[User]:
    """Return erased accounts that exist again because a backup was restored."""
    names = {path.name for path in _folder().iterdir()}
    return [member for member in User.objects.order_by("pk").iterator() if file_name(member) in names] if names else []


def add_from(folder: Path) -> int:
    """Add the tombstones of another folder (an old DATA_DIR, another machine); return how many were new."""
    try:
        names = [path.name for path in folder.iterdir() if NAME.match(path.name)]
    except OSError as error:
        raise BadInput(f"{folder} cannot be read: {error.strerror}.") from error
    new = [name for name in names if not (_folder() / name).exists()]
    for name in new:
        (_folder() / name).touch(mode=0o600)
    return len(new)


def purge(before: datetime) -> int:
    """Delete tombstones older than any existing backup; return how many."""
    old = [path for path in _folder().iterdir() if datetime.fromtimestamp(path.stat().st_mtime, tz=UTC) < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
