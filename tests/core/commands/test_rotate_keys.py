"""Rotation: every secret under the new key, the old key dropped, staff sign in, and every contact still reads."""

import ast
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from cryptography.fernet import Fernet, InvalidToken
from django.apps import apps
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import exports
from apps.accounts.models import User
from apps.contacts.models import Contact, Import, OptOutRequest
from apps.core import crypto
from apps.core.crypto import TOKEN_START
from apps.core.errors import VotekinError
from apps.core.management.commands.rotate_keys import encrypted_fields
from apps.voters import quarantine
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
ROW = ["roll.csv", 7, "dob", "no date", "Ada"]
SECRET = "JBSWY3DPEHPK3PXP"
# Modules that encrypt outside a field. Each registers a rotation, or its values may be lost: a form for an hour, and
# the value that recognizes the keys of a backup.
ENCRYPTING = {
    "apps/accounts/adapter.py": "mfa.Authenticator.data",
    "apps/accounts/exports.py": "accounts.exports",
    "apps/voters/quarantine.py": "voters.quarantine",
    "apps/verification/form_steps.py": None,
    "project/backup_format.py": None,
}


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Use a folder of its own: a file that an earlier test left would be rotated to the key of one of these tests."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def rows(member: Any) -> None:
    """Write values of three models, a second factor, and two files under the old key."""
    for number in range(5):
        Contact.objects.create(
            owner=member,
            fingerprint=bytes([number]) * 16,
            data=f"person {number}",
            expires_at=timezone.now() + timedelta(1),
        )
    Import.objects.create(owner=member, kind="csv", file_name="people.csv")
    for number in range(3):
        OptOutRequest.objects.create(token=bytes([number]), email=f"ann{number}@example.org")


@pytest.fixture
def staff(make_member: Any) -> User:
    user: User = make_member("key@example.org", "steward", second_factor=False)
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


def new_key(settings: Any) -> tuple[str, str]:
    return settings.FIELD_KEYS[0], Fernet.generate_key().decode()


def tokens_in_database() -> list[str]:
    """Return every text of every table that looks like a token, wherever it is stored."""
    found = []
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            text = str(cursor.fetchall())
        found += [TOKEN_START + part.split("'")[0].split('"')[0] for part in text.split(TOKEN_START)[1:]]
    return found


def test_the_old_key_can_be_dropped_afterwards(rows: None, staff: User, settings: Any) -> None:
    old, new = new_key(settings)
    settings.FIELD_KEYS = [new]
    with pytest.raises(VotekinError):
        list(OptOutRequest.objects.all())
    settings.FIELD_KEYS = [new, old]
    call_command("rotate_keys")
    settings.FIELD_KEYS = [new]
    assert [one.data for one in Contact.objects.order_by("pk")] == [f"person {number}" for number in range(5)]
    assert Import.objects.get().file_name == "people.csv"
    assert {one.email for one in OptOutRequest.objects.all()} == {f"ann{number}@example.org" for number in range(3)}
    browser = Client()
    browser.post(reverse("account_login"), {"login": staff.email, "password": PASSWORD})
    code = format_hotp_value(hotp_value(SECRET, next(yield_hotp_counters_from_time())))
    browser.post(reverse("mfa_authenticate"), {"code": code})
    assert browser.get(reverse("staff:home")).status_code == 200
    assert len(Authenticator.objects.get(user=staff, type="recovery_codes").wrap().get_unused_codes()) == 10
    call_command("rotate_keys")


def test_no_token_of_the_database_needs_the_old_key(rows: None, staff: User, settings: Any) -> None:
    old, new = new_key(settings)
    assert len(tokens_in_database()) >= 5
    settings.FIELD_KEYS = [new, old]
    call_command("rotate_keys")
    for token in tokens_in_database():
        Fernet(new).decrypt(token)
        with pytest.raises(InvalidToken):
            Fernet(old).decrypt(token)


def test_files_are_rotated(settings: Any) -> None:
    old, new = new_key(settings)
    name = exports._store(b"a zip file")
    quarantine.quarantine_folder().mkdir(parents=True, exist_ok=True)
    (quarantine.quarantine_folder() / "load").write_text(
        crypto.encrypt('["roll.csv", 7, "dob", "no date", "Ada"]') + "\n"
    )
    try:
        settings.FIELD_KEYS = [new, old]
        call_command("rotate_keys")
        settings.FIELD_KEYS = [new]
        assert crypto.decrypt((exports.folder() / name).read_text().strip())
        assert [found.text for found in quarantine.read("load")] == [ROW[-1]]
        assert (quarantine.quarantine_folder() / "load").stat().st_mode & 0o077 == 0
    finally:
        (exports.folder() / name).unlink()
        (quarantine.quarantine_folder() / "load").unlink()


def test_encryption_outside_a_field_registers_a_rotation() -> None:
    found = set()
    for top in ("apps", "project", "tasks"):
        for path in (Path(django_settings.ROOT) / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                named = isinstance(node, ast.Name) and node.id == "encrypt" and isinstance(node.ctx, ast.Load)
                crypto_module = ast.unparse(node) == "crypto.encrypt" if isinstance(node, ast.Attribute) else False
                if named or crypto_module:
                    found.add(str(path.relative_to(django_settings.ROOT)))
    assert found - {"apps/core/crypto.py"} == set(ENCRYPTING)
    assert {name for name in ENCRYPTING.values() if name} <= set(crypto.rotations)


def test_a_file_under_a_dropped_key_is_an_error_that_names_the_setting(settings: Any) -> None:
    exports._store(b"a zip file")
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="FIELD_KEYS"):
        call_command("rotate_keys")


def test_a_dry_run_changes_nothing(rows: None, staff: User, capsys: pytest.CaptureFixture[str]) -> None:
    before = tokens_in_database()
    call_command("rotate_keys", "--dry-run")
    assert tokens_in_database() == before


def test_a_value_that_changed_meanwhile_is_left_alone(rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.core.management.commands import rotate_keys

    def other_process_is_faster(token: str) -> str:
        OptOutRequest.objects.update(email="changed@example.org")
        return crypto.rotate(token)

    monkeypatch.setattr(rotate_keys, "rotate", other_process_is_faster)
    call_command("rotate_keys")
    assert {one.email for one in OptOutRequest.objects.all()} == {"changed@example.org"}


def test_every_encrypted_field_is_found() -> None:
    found = {f"{model._meta.label}.{field.name}" for model, field in encrypted_fields()}
    assert {"contacts.Contact.data", "contacts.Grant.secret", "outreach.Pledge.place"} <= found
