"""Read typed environment variables; a wrong value stops the start and names its variable.

The environment overrides `.env`. A secret may also come from the file that `NAME_FILE` names.
"""

import os
import secrets
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

ROOT = Path(__file__).resolve().parent.parent

environ.Env.read_env(ROOT / ".env")  # does not override the environment

# The secrets of an installation. Production does not start without each of them (project/startup.py).
KEY_NAMES = (
    "SECRET_KEY",
    "SECRET_KEY_FALLBACKS",
    "FIELD_KEYS",
    "SUPPRESSION_KEY",
    "CONTACT_KEY",
    "LOOKUP_KEY",
    "AUDIT_KEY",
    "ERASURE_KEY",
)
OPTIONAL_KEYS = {"SECRET_KEY_FALLBACKS"}

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """Return a variable, or the content of the file that `NAME_FILE` names, or the default."""
    if name in os.environ:
        return os.environ[name].strip()
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {error.strerror}.") from error
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set. Set it, or {name}_FILE, in the environment or in .env.")
    return default


def read_file(path: str) -> dict[str, str]:
    """Return the variables of an env file in shell syntax, such as the one that `make services` writes."""
    lines = shlex.split(Path(path).read_text(encoding="utf-8"))
    return dict(line.partition("=")[::2] for line in lines)


def flag(name: str, *, default: bool = False) -> bool:
    """Return a yes/no variable."""
    value = text(name, "1" if default else "0").lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is {value!r}; write 1 or 0.")
    return value in TRUE


def number(name: str, default: int, *, low: int = 0, high: int = 10**9) -> int:
    """Return a whole number between `low` and `high`."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name} is {value!r}; write a whole number from {low} to {high}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """Return a list of values separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def url(name: str, default: str, schemes: set[str]) -> str:
    """Return a URL whose scheme is one of `schemes`."""
    value = text(name, default)
    scheme = urlsplit(value).scheme
    if scheme not in schemes:
        known = ", ".join(sorted(schemes))
        raise ImproperlyConfigured(f"{name} has the scheme {scheme!r}; known are: {known}.")
    return value


def loopback(name: str) -> str:
    """Return a loopback URL, `http://127.0.0.1:PORT`, or the empty string."""
    value = text(name, "").rstrip("/")
    parts = urlsplit(value)
    if value and (parts.scheme != "http" or parts.hostname not in {"127.0.0.1", "::1"} or parts.path):
        raise ImproperlyConfigured(f"{name} is for the demo and for tests: write http://127.0.0.1:PORT.")
    return value


def data_dir() -> Path:
    """Return DATA_DIR; create it with mode 700 if it is missing."""
    path = Path(text("DATA_DIR", str(ROOT / "var"))).expanduser().absolute()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR ({path}) cannot be created: {error.strerror}.") from error
    return path


def secret_key(folder: Path, name: str, default: str) -> str:
    """Return a secret from the environment, or from a file in `folder` that the first start creates from `default`.

    Two processes that start together agree on one key: linking the file into place succeeds for one of them only.
    """
    if name in os.environ or f"{name}_FILE" in os.environ:
        return text(name)
    folder.mkdir(exist_ok=True, mode=0o700)
    path = folder / name.lower()
    if not path.exists():
        temporary = folder / f".{name.lower()}.{secrets.token_hex(4)}"
        temporary.touch(mode=0o600)
        temporary.write_text(default, encoding="ascii")
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text(encoding="ascii").strip()
