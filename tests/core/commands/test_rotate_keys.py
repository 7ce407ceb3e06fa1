"""Rotation: every encrypted field under the new key, the old key dropped, and everything still reads."""

from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from apps.contacts.models import Contact, Import, OptOutRequest
from apps.core import crypto
from apps.core.errors import VotekinError
from apps.core.management.commands.rotate_keys import encrypted_fields

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(member: Any) -> None:
    """Write values of three models under the old key."""
    for number in range(5):
        Contact.objects.create(
            owner=member,
            fingerprint=bytes([number]) * 16,
            data=f"person {number}",
            expires_at=timezone.now() + timedelta(1),
        )
    Import.objects.create(owner=member, kind="csv", file_name="")
    OptOutRequest.objects.create(token=b"t", email="ann@example.org")


def test_the_old_key_can_be_dropped_afterwards(rows: None, settings: Any, capsys: Any) -> None:
    old, new = settings.FIELD_KEYS[0], Fernet.generate_key().decode()
    settings.FIELD_KEYS = [new]
    with pytest.raises(VotekinError):
        list(Contact.objects.all())
    settings.FIELD_KEYS = [new, old]
    call_command("rotate_keys", "--json")
    assert '"values": 6' in capsys.readouterr().out
    settings.FIELD_KEYS = [new]
    assert [one.data for one in Contact.objects.order_by("pk")] == [f"person {number}" for number in range(5)]
    assert OptOutRequest.objects.get().email == "ann@example.org"
    call_command("rotate_keys")
    assert Contact.objects.first().data == "person 0"  # type: ignore[union-attr]


def test_a_dry_run_changes_nothing(rows: None, settings: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM contacts_contact ORDER BY id")
        before = cursor.fetchall()
        call_command("rotate_keys", "--dry-run")
        cursor.execute("SELECT data FROM contacts_contact ORDER BY id")
        assert cursor.fetchall() == before


def test_a_value_that_changed_meanwhile_is_left_alone(rows: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.core.management.commands import rotate_keys

    def somebody_is_faster(token: str) -> str:
        Contact.objects.update(data="changed")
        return crypto.rotate(token)

    monkeypatch.setattr(rotate_keys, "rotate", somebody_is_faster)
    call_command("rotate_keys")
    assert {one.data for one in Contact.objects.all()} == {"changed"}


def test_every_encrypted_field_of_the_house_is_found() -> None:
    found = {f"{model._meta.label}.{field.name}" for model, field in encrypted_fields()}
    assert {"contacts.Contact.data", "contacts.Grant.secret", "outreach.Pledge.place"} <= found
