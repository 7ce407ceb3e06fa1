"""Unsafe settings stop every process that serves or works, with an error that names the variable."""

import re
import subprocess
import sys
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from django.conf import settings

from tests.settings.test_prod import production

pytestmark = pytest.mark.slow

PYTHON = Path(sys.executable)
PROCESSES = {
    "web": [
        str(PYTHON.parent / "gunicorn"),
        *"project.wsgi:application -c deploy/gunicorn.py --bind 127.0.0.1:0 --workers 1".split(),
    ],
    "worker": [str(PYTHON.parent / "celery"), *"-A project worker --pool solo -Q mail --loglevel ERROR".split()],
    "relay": [str(PYTHON), "manage.py", "relay"],
    "scheduler": [str(PYTHON), "manage.py", "scheduler"],
}
SETUP = [str(PYTHON), "-c", "import django; django.setup()"]
FERNET = urlsafe_b64encode(bytes(range(32))).decode()
# Each round starts one process with one unsafe value of each variable.
UNSAFE: list[dict[str, str]] = [
    {
        "DEMO": "1",
        "DEBUG": "1",
        "ALLOWED_HOSTS": "*",
        "SITE_URL": "http://vote.example.org",
        "BROKER_URL": "amqp://guest:guest@127.0.0.1:5672//",
        "SECRET_KEY": "short",
        "SECRET_KEY_FALLBACKS": "shorter",
        "AUDIT_KEY": "x" * 60,
        "CONTACT_KEY": "0123456789abcdef" * 3,
        "FIELD_KEYS": "A" * 43 + "=",
    },
    {
        "ALLOWED_HOSTS": "vote.example.org,.example.org",
        "SECRET_KEY": "django-insecure-" + "a7Bk" * 10,
        "FIELD_KEYS": f"{FERNET},short",
    },
]


def start(command: list[str], environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, env=environment, cwd=settings.ROOT, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("unsafe", UNSAFE)
def test_every_unsafe_setting_is_named(tmp_path: Path, unsafe: dict[str, str]) -> None:
    result = start(SETUP, production(tmp_path, **unsafe))
    assert result.returncode != 0
    assert "unsafe settings. " in result.stderr
    for variable, value in unsafe.items():
        assert re.search(rf"\b{variable}[ =]", result.stderr), variable
        assert value.partition("@")[0] not in result.stderr or len(value) < 30, "a key is never printed"


def test_two_keys_must_differ(tmp_path: Path) -> None:
    same = production(tmp_path)["AUDIT_KEY"]
    result = start(SETUP, production(tmp_path, AUDIT_KEY=same, LOOKUP_KEY=same))
    assert "AUDIT_KEY repeats LOOKUP_KEY" in result.stderr
    assert same not in result.stderr


def test_hexadecimal_keys_of_32_bytes_are_accepted(tmp_path: Path) -> None:
    assert start(SETUP, production(tmp_path, AUDIT_KEY="0f1e2d3c4b5a69788796a5b4c3d2e1f0" * 2)).returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("process", sorted(PROCESSES))
@pytest.mark.parametrize(("variable", "value"), [("AUDIT_KEY", "short"), ("DEMO", "1")])
def test_no_process_starts_with_an_unsafe_setting(tmp_path: Path, process: str, variable: str, value: str) -> None:
    result = start(PROCESSES[process], production(tmp_path, **{variable: value}))
    assert result.returncode != 0
    assert variable in result.stderr
    assert not (tmp_path / "db.sqlite3").exists(), "it ended before it touched the database"
