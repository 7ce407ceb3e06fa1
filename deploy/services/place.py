"""Locations: DATA_DIR/services for data, a cache by version for downloads, ports from SERVICES_PORT on."""

import json
import os
import pwd
import secrets
import subprocess
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SERVICE_USER = "votekin-services"


class ServiceError(Exception):
    """What went wrong, and what to do about it."""


@dataclass(frozen=True)
class Place:
    """One set of servers: its folder, the cache that all sets share, and its ports."""

    root: Path
    cache: Path
    first_port: int

    def folder(self, name: str, *, mine: bool = False) -> Path:
        """Create and return the folder of one server; `mine` if it runs as the caller and not as the service user."""
        path = self.root / name
        path.mkdir(exist_ok=True, mode=0o700)
        if is_root() and not mine:
            user = pwd.getpwnam(SERVICE_USER)
            os.chown(path, user.pw_uid, user.pw_gid)
        return path

    def own(self, path: Path) -> Path:
        """Give a file to the user that the servers run as."""
        if is_root():
            user = pwd.getpwnam(SERVICE_USER)
            os.chown(path, user.pw_uid, user.pw_gid)
        return path

    def secret(self, name: str) -> str:
        """Return a password of this set: generated once, stored in a file of mode 600."""
        notes = self.root / "secrets.json"
        known: dict[str, str] = json.loads(notes.read_text()) if notes.exists() else {}
        if name not in known:
            known[name] = secrets.token_urlsafe(18)
            notes.touch(mode=0o600)
            notes.write_text(json.dumps(known, indent=1))
        return known[name]


def is_root() -> bool:
    """Return whether servers must run as another user: some refuse to run as root."""
    return os.geteuid() == 0


def here() -> Place:
    """Return the place that the environment names, with its folders created and accessible to the service user."""
    data = Path(os.environ.get("DATA_DIR", CHECKOUT / "var")).expanduser().absolute()
    shared = "/var/cache/votekin" if is_root() else os.environ.get("XDG_CACHE_HOME", "~/.cache") + "/votekin"
    cache = Path(os.environ.get("SERVICES_CACHE", shared)).expanduser()
    root = data / "services"
    for folder, mode in ((data, 0o700), (root, 0o711), (cache, 0o755)):
        folder.mkdir(parents=True, exist_ok=True, mode=mode)
    if is_root():
        _make_service_user()
        data.chmod(data.stat().st_mode | 0o011)  # others may traverse it but not list it
        _passable(root)
    return Place(root, cache, _first_port(root / "first_port"))


def _first_port(note: Path) -> int:
    """Return SERVICES_PORT, else the port at which this set was started before, else the default."""
    port = os.environ.get("SERVICES_PORT") or (note.read_text() if note.exists() else "27400")
    note.write_text(port)
    return int(port)


def _make_service_user() -> None:
    try:
        pwd.getpwnam(SERVICE_USER)
    except KeyError:
        nologin = ["--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run(["useradd", "--system", *nologin, SERVICE_USER], check=True)


def _passable(path: Path) -> None:
    closed = [parent for parent in [path, *path.parents] if not parent.stat().st_mode & 0o001]
    if closed:
        raise ServiceError(
            f"{closed[-1]} lets no other user through, and some servers refuse to run as root. "
            "Set DATA_DIR to a folder outside of it, or run this as an ordinary user."
        )
