"""The format of a backup of an installation on SQLite: a directory of files encrypted with age, and a manifest.

Files are encrypted to BACKUP_RECIPIENTS, whose private half (the identity) must be stored elsewhere. The manifest is
readable: it lists each file with the checksum of its encrypted form, and contains no personal data.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import pyrage
from django.conf import settings

from apps.core import crypto
from apps.core.errors import BadInput, Refused, VotekinError

FORMAT = 2
DATABASE = "db.sqlite3"
MANIFEST = "backup.json"
SUFFIX = ".age"
# Under DATA_DIR. The broker, the cache, and static files can be rebuilt; the keys must be stored elsewhere.
FOLDERS = ("boundaries", "addresses", "media", "erasures")
ROLLS = "rolls"
HASH_KEYS = ("SUPPRESSION_KEY", "CONTACT_KEY", "LOOKUP_KEY", "AUDIT_KEY", "ERASURE_KEY")
KEY_CHECK = "votekin-backup"


@dataclass(frozen=True)
class Manifest:
    """The contents of a backup: `files` maps paths to checksums, `keys` identifies the keys, `missing_rolls` says how
    to load the rolls that it lacks.
    """

    format: int
    created: str
    files: dict[str, str]
    keys: dict[str, str]
    missing_rolls: list[str]

    def write(self, folder: Path) -> None:
        """Write the manifest."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read the manifest of a folder; raise BadInput unless it is a complete backup of this format."""
        try:
            fields = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            manifest = cls(**fields)
            datetime.fromisoformat(manifest.created)
        except (OSError, ValueError, TypeError) as error:
            raise BadInput(
                f"{folder} holds no readable {MANIFEST} of this version: it is no backup, or an unfinished one."
            ) from error
        if manifest.format != FORMAT:
            raise BadInput(f"{folder} has format {manifest.format}, and this version reads {FORMAT}.")
        return manifest


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def recipients() -> list[pyrage.x25519.Recipient]:
    """Return the recipients of BACKUP_RECIPIENTS; raise Refused if there is none, BadInput if one is invalid."""
    if not settings.BACKUP_RECIPIENTS:
        raise Refused(
            "BACKUP_RECIPIENTS is not set, and a backup is never written in clear. Create an identity with "
            "`manage.py backup_identity FILE`, set BACKUP_RECIPIENTS to what it prints, and store the file elsewhere."
        )
    found = []
    for text in settings.BACKUP_RECIPIENTS:
        try:
            found.append(pyrage.x25519.Recipient.from_str(text))
        except pyrage.RecipientError as error:
            raise BadInput(f"BACKUP_RECIPIENTS: {text!r} is no age recipient; it looks like age1….") from error
    return found


def identities(path: Path) -> list[pyrage.x25519.Identity]:
    """Return the identities of a file, one a line, as age-keygen writes them; raise BadInput if there is none."""
    try:
        lines = path.read_text(encoding="ascii").splitlines()
        found = [pyrage.x25519.Identity.from_str(line.strip()) for line in lines if line.strip() and line[0] != "#"]
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    except (UnicodeDecodeError, pyrage.IdentityError) as error:
        raise BadInput(f"{path} is no identity file; its line looks like AGE-SECRET-KEY-1….") from error
    if not found:
        raise BadInput(f"{path} contains no identity. An identity is a line that begins with AGE-SECRET-KEY-1.")
    return found


def key_checks() -> dict[str, str]:
    """Return values that identify the keys of this installation without revealing them."""
    checks = {name: crypto.keyed_hash(getattr(settings, name), KEY_CHECK).hex() for name in HASH_KEYS}
    return {**checks, "FIELD_KEYS": crypto.encrypt(KEY_CHECK)}


def refuse_other_keys(checks: dict[str, str]) -> None:
    """Raise BadInput, which names each key that differs from the one the backup was written with."""
    wrong = [name for name in HASH_KEYS if crypto.keyed_hash(getattr(settings, name), KEY_CHECK).hex() != checks[name]]
    try:
        crypto.decrypt(checks["FIELD_KEYS"])
    except VotekinError:
        wrong.insert(0, "FIELD_KEYS")
    if wrong:
        raise BadInput(
            f"{', '.join(wrong)}: not the keys of this backup, so its values could not be read. Nothing was changed. "
            "Set the keys that the installation had then, and start the restore again."
        )
