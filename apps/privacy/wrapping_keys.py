"""The monthly wrapping keys: create, read, and destroy them.

They are files under DATA_DIR/keys/months, or FIELD_WRAPPING_KEYS if several machines share a database. A backup of
the database contains members' keys only in wrapped form, so destroying a wrapping key makes every older backup of an
erased member unreadable. A key is destroyed after BACKUP_DAYS days without use. Days are counted one by one as they
pass, so that a wrong clock destroys nothing early.
"""

import base64
import os
import re
import secrets
from datetime import date, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils import timezone

from apps.core.errors import VotekinError
from apps.core.log import get_logger

log = get_logger(__name__)

# Backups older than this are deleted; docs/operations.md says so to operators.
BACKUP_DAYS = 35
KEY_BYTES = 32
KEY_ID = re.compile(r"\d{4}-\d{2}[\w-]*\Z")


def folder() -> Path:
    """Return the directory of the keys."""
    return Path(settings.KEYS_DIR) / "months"


def ids() -> list[str]:
    """Return the ids of the keys, oldest first; each begins with its month."""
    if settings.FIELD_WRAPPING_KEYS:
        return sorted(_from_environment())
    return sorted(path.stem for path in folder().glob("*.key") if KEY_ID.match(path.stem))


def current() -> str:
    """Return the id of the newest key; create one if none is of this month or later.

    If the clock was set back, the newest key stays in use.
    """
    known, month = ids(), f"{timezone.now():%Y-%m}"
    if known and (known[-1][:7] >= month or settings.FIELD_WRAPPING_KEYS):
        return known[-1]
    return _create(month)


def create_now() -> str:
    """Create a new current key, as after a theft; the operator adds those of the environment."""
    return current() if settings.FIELD_WRAPPING_KEYS else _create(max(current()[:7], f"{timezone.now():%Y-%m}"))


def cipher(key_id: str) -> AESGCM:
    """Return the cipher of a key; raise VotekinError, which names it, if it is missing or damaged."""
    try:
        text = _from_environment()[key_id] if settings.FIELD_WRAPPING_KEYS else _file(key_id).read_text("ascii")
        return AESGCM(base64.urlsafe_b64decode(text))
    except (OSError, KeyError, ValueError) as error:
        where = "FIELD_WRAPPING_KEYS" if settings.FIELD_WRAPPING_KEYS else folder()
        raise VotekinError(
            f"The wrapping key {key_id} is missing or damaged in {where}, so fields of members cannot be read. "
            "Nothing was changed. Bring the key back from where the keys are stored."
        ) from error


def age_unused(in_use: set[str]) -> list[str]:
    """Count this day for every unused key, and destroy keys after BACKUP_DAYS such days.

    Return the ids of the destroyed keys. The operator removes keys of the environment.
    """
    if settings.FIELD_WRAPPING_KEYS:
        return []
    destroyed = []
    for key_id in ids():
        days = folder() / f"{key_id}.days"
        if key_id in in_use or key_id == current():
            days.unlink(missing_ok=True)
        elif _unused_days(days) >= BACKUP_DAYS:
            _destroy(_file(key_id))
            days.unlink(missing_ok=True)
            destroyed.append(key_id)
    if destroyed:
        log.info("wrapping_keys.destroyed", count=len(destroyed))
    return destroyed


def _unused_days(path: Path) -> int:
    """Add today to the file of a key and return the number of different days, or 0 while they span too short a time."""
    known = set(path.read_text("ascii").split()) if path.exists() else set()
    known.add(timezone.now().date().isoformat())
    path.write_text("\n".join(sorted(known)), encoding="ascii")
    days = [date.fromisoformat(day) for day in known]
    return len(days) if max(days) - min(days) >= timedelta(days=BACKUP_DAYS - 1) else 0


def _from_environment() -> dict[str, str]:
    found = {}
    for entry in settings.FIELD_WRAPPING_KEYS:
        key_id, _, text = entry.partition(":")
        if not KEY_ID.match(key_id) or len(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))) != KEY_BYTES:
            raise VotekinError("FIELD_WRAPPING_KEYS: write YYYY-MM:KEY, with a key of 32 bytes in base64.")
        found[key_id] = text + "=" * (-len(text) % 4)
    return found


def _create(month: str) -> str:
    """Create a key. Two concurrent processes create two, and the later id becomes the current one."""
    count = sum(key_id.startswith(month) for key_id in ids())
    key_id = f"{month}-{count:03}-{secrets.token_hex(4)}"  # sorts after the earlier ones of the month
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder() / f".{key_id}.part"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(base64.urlsafe_b64encode(AESGCM.generate_key(8 * KEY_BYTES)).decode("ascii"))
        file.flush()
        os.fsync(file.fileno())
    draft.rename(_file(key_id))
    return ids()[-1]


def _file(key_id: str) -> Path:
    return folder() / f"{key_id}.key"


def _destroy(path: Path) -> None:
    """Overwrite a key before deleting its file, for disks that write in place."""
    with path.open("r+b") as file:
        file.write(os.urandom(path.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
