"""Contracts that span apps: layers, settings, migrations, names."""

import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings

from apps.core.checks import timeout_errors

ROOT = Path(settings.ROOT)


def run(*command: str, **env: str) -> "subprocess.CompletedProcess[str]":
    """Run a command of the environment in the checkout."""
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, check=False, timeout=120
    )


def test_imports_point_down() -> None:
    result = run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert result.returncode == 0, result.stdout


@pytest.mark.slow
def test_the_app_starts_without_any_client_of_a_server() -> None:
    code = (
        "import sys, django; django.setup(); "
        "from django.core.management import call_command; call_command('check'); "
        "clients = {'redis', 'elasticsearch', 'pysolr', 'mongoengine', 'pymongo', 'pymemcache', 'psycopg2'}; "
        "bad = clients & set(sys.modules); "
        "sys.exit(', '.join(bad) or 0)"
    )
    result = run(sys.executable, "-c", code, DJANGO_SETTINGS_MODULE="settings.test")
    assert result.returncode == 0, result.stderr


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_timeouts_are_in_order_and_a_wrong_order_is_named() -> None:
    assert timeout_errors() == []
    with override_settings(TASK_SOFT_SECONDS=settings.TASK_HARD_SECONDS + 1):
        assert "TASK_SOFT_SECONDS" in str(timeout_errors()[0].msg)
    with override_settings(LEASE_RENEW_SECONDS=settings.LEASE_SECONDS):
        assert "LEASE_SECONDS" in str(timeout_errors()[0].msg)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("CACHE_URL", "ftp://x"),
        ("ID_SETS_URL", "redsi://x"),
        ("DATABASE_URL", "mysql://x"),
        ("WORKER_CONCURRENCY", "many"),
        ("DEMO", "maybe"),
        ("SECRET_KEY_FILE", "/nowhere/at/all"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_names_the_variable(variable: str, value: str, tmp_path: Path) -> None:
    env = {"DJANGO_SETTINGS_MODULE": "settings.dev", "DATA_DIR": str(tmp_path), variable: value}
    result = run(sys.executable, "manage.py", "check", **env)
    assert result.returncode != 0
    assert variable in result.stderr


@pytest.mark.slow
def test_production_refuses_to_start_without_its_secrets(tmp_path: Path) -> None:
    env = {"DJANGO_SETTINGS_MODULE": "settings.prod", "DATA_DIR": str(tmp_path)}
    result = run(sys.executable, "manage.py", "check", **env)
    assert result.returncode != 0
    assert "SECRET_KEY" in result.stderr


@pytest.mark.slow
def test_a_demo_that_others_could_reach_is_refused(tmp_path: Path) -> None:
    env = {"DJANGO_SETTINGS_MODULE": "settings.dev", "DATA_DIR": str(tmp_path), "DEMO": "1"}
    result = run(sys.executable, "manage.py", "check", **env, ALLOWED_HOSTS="votekin.example.org")
    assert result.returncode != 0
    assert "DEMO" in result.stderr
    assert run(sys.executable, "manage.py", "check", **env).returncode == 0


def test_no_personal_field_is_among_the_declared_log_fields() -> None:
    from settings.logs import FIELDS

    forbidden = "email mail phone address street city zip dob birth first_name last_name voter_id password token query"
    assert not FIELDS & set(forbidden.split())


def test_an_undeclared_log_field_is_an_error_in_tests() -> None:
    from apps.core.log import get_logger

    with pytest.raises(ValueError, match="shoe_size"):
        get_logger("test").error("x", shoe_size=9)


def test_every_task_is_named_after_its_queue() -> None:
    from celery import current_app

    current_app.loader.import_default_modules()
    ours = [name for name in current_app.tasks if not name.startswith("celery.")]
    assert ours
    assert {name.partition(".")[0] for name in ours} <= set(settings.QUEUES)


def test_files_stay_readable() -> None:
    """A file over 400 lines is split by meaning."""
    tracked = run("git", "ls-files", "*.py", "*.html", "*.js").stdout.split()
    long = [
        name
        for name in tracked
        if not re.search(r"/(migrations|vendor|data)/", name) and len((ROOT / name).read_text().splitlines()) > 400
    ]
    assert long == []


def test_every_app_stands_in_the_layers() -> None:
    layers = (ROOT / "pyproject.toml").read_text()
    for config in apps.get_app_configs():
        if config.name.startswith("apps."):
            assert f"{config.name}" in layers, config.name


def test_a_library_logs_its_sentence_and_not_its_values(capfd: pytest.CaptureFixture[str]) -> None:
    from settings.logs import logging_config

    logging_config(level="WARNING", strict=True, pretty=False)
    try:
        int("Ann Lee, 4 Elm Street")
    except ValueError:
        logging.getLogger("django.request").exception("%s: %s", "Internal Server Error", "/who/ann-lee/")
    line = capfd.readouterr().err
    assert "ValueError" in line
    assert "ann-lee" not in line
    assert "Elm" not in line
