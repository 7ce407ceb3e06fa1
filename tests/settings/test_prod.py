"""Production settings: no demo, no synthetic data, and no start with a secret missing."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings

SECRETS = ("SECRET_KEY", "SUPPRESSION_KEY", "CONTACT_KEY", "LOOKUP_KEY", "AUDIT_KEY", "ERASURE_KEY")
# Refuses the two packages, as a deployment without them would.
WITHOUT_DEMO = """
import sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("apps.demo", "apps.synthetic")):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Refuse())
import django
django.setup()
from django.apps import apps
from django.core.management import call_command
from django.urls import get_resolver
call_command("migrate", verbosity=0)
call_command("check")
get_resolver().url_patterns
assert not apps.is_installed("apps.demo")
from celery import current_app
current_app.loader.import_default_modules()
"""


def production(folder: Path, **changes: str | None) -> dict[str, str]:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "settings.prod",
        "DATA_DIR": str(folder),
        "SITE_URL": "https://vote.example.org",
        "ALLOWED_HOSTS": "vote.example.org",
        "FIELD_KEYS": Fernet.generate_key().decode(),
        **{name: secrets.token_urlsafe(50) for name in SECRETS},
    }
    return {name: value for name, value in {**environment, **changes}.items() if value is not None}


def run(code: str, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=settings.ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_production_starts_without_the_demo_and_the_synthetic_state(tmp_path: Path) -> None:
    result = run(WITHOUT_DEMO, production(tmp_path))
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "FIELD_KEYS", "AUDIT_KEY", "SITE_URL"])
def test_a_missing_secret_stops_the_start_and_is_named(tmp_path: Path, name: str) -> None:
    result = run("import django; django.setup()", production(tmp_path, **{name: None}))
    assert result.returncode != 0
    assert name in result.stderr
