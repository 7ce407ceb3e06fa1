"""The environment file of a new installation: complete, and the same to a shell and to the settings."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from settings.env import read_file
from tests.settings.test_prod import run

SCRIPT = settings.ROOT / "deploy" / "make_env.py"
GIVEN = ("SITE_URL=https://vote.example.org", "ALLOWED_HOSTS=vote.example.org", "MAIL_FROM=A Name <a@example.org>")


def make_env(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "env"
    path.write_text(make_env(*GIVEN, f"DATA_DIR={tmp_path / 'data'}", "BROKER_URL=files:///nowhere").stdout)
    return path


def test_production_starts_with_it(file: Path, tmp_path: Path) -> None:
    environment = {**read_file(str(file)), "PATH": "/usr/bin:/bin", "STATIC_ROOT": str(tmp_path / "static")}
    result = run("import django; django.setup()", environment)
    assert result.returncode == 0, result.stderr


def test_a_shell_reads_the_same_values(file: Path) -> None:
    """cron and the command `votekin` read it with a shell, systemd by its own rules."""
    script = f'set -a; . {file}; printf "%s|%s" "$MAIL_FROM" "$EMAIL_URL"'
    shown = subprocess.run(["sh", "-euc", script], capture_output=True, text=True, check=True).stdout
    assert shown == "A Name <a@example.org>|smtp://user:password@mail.example.org:587?tls=1"
    assert "BROKER_URL=files:///nowhere\n" in file.read_text()


def test_each_run_makes_other_keys() -> None:
    first, second = (set(make_env("--keys").stdout.splitlines()) for _ in range(2))
    assert len(first) == 7
    assert not first & second


@pytest.mark.parametrize("argument", ["site_url=x", "SITE_URL", "MAIL_FROM=O'Neil"])
def test_an_argument_that_no_file_can_hold_is_named(argument: str) -> None:
    result = make_env(argument)
    assert result.returncode == 2
    assert argument.partition("=")[0] in result.stderr
