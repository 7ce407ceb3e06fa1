"""Members' fields: each under its member's key, bound to its row, and unreadable once the key is destroyed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import Contact, Import, ImportedRow
from apps.core.errors import VotekinError
from apps.privacy import member_keys, registry, wrapping_keys
from apps.privacy.models import MemberKey

pytestmark = pytest.mark.django_db
START = datetime.fromisoformat("2026-03-15T12:00:00+00:00")


@pytest.fixture(autouse=True)
def keys_dir(settings: Any, tmp_path: Path) -> Path:
    settings.KEYS_DIR = tmp_path
    return tmp_path / "months"


def add(owner: User, number: int = 1, **fields: Any) -> Contact:
    values = {"data": f"person {number}", "expires_at": timezone.now() + timedelta(30), **fields}
    return Contact.objects.create(owner=owner, fingerprint=bytes([number]) * 16, **values)


def column(pk: int, name: str = "data") -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name} FROM contacts_contact WHERE id = %s", [pk])
        return str(cursor.fetchone()[0])


def put(pk: int, token: str, name: str = "data") -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE contacts_contact SET {name} = %s WHERE id = %s", [token, pk])


def _add_and_roll_back(member: User, number: int) -> None:
    with transaction.atomic():
        add(member, number)
        transaction.set_rollback(True)


def days(count: int, start: datetime = START) -> Iterator[None]:
    """Run the daily task on `count` days."""
    for day in range(count):
        with time_machine.travel(start + timedelta(days=day), tick=False):
            member_keys.renew()
            yield


def test_a_value_is_stored_under_its_members_key(member: User, other_member: User) -> None:
    one, two = add(member), add(other_member)
    assert "person" not in column(one.pk)
    assert column(one.pk) != column(two.pk)
    member_keys.clear_cache()
    assert Contact.objects.get(pk=one.pk).data == "person 1"
    assert list(Contact.objects.filter(pk=two.pk).values_list("data", flat=True)) == ["person 1"]
    assert set(MemberKey.objects.values_list("pk", flat=True)) == {member.pk, other_member.pk}


@pytest.mark.parametrize("target", ["other row", "other member", "other field"])
def test_a_value_that_was_moved_does_not_read(member: User, other_member: User, target: str) -> None:
    source = add(member, 1)
    victim = {"other row": member, "other member": other_member, "other field": member}[target]
    place = add(victim, 2, details="a detail")
    name = "details" if target == "other field" else "data"
    put(place.pk, column(source.pk), name)
    with pytest.raises(VotekinError):
        str(getattr(Contact.objects.get(pk=place.pk), name))


def test_a_changed_value_does_not_read(member: User) -> None:
    one = add(member)
    token = column(one.pk)
    put(one.pk, token[:-6] + ("A" if token[-6] != "A" else "B") + token[-5:])
    with pytest.raises(VotekinError, match="moved or changed"):
        Contact.objects.get(pk=one.pk)


def test_bulk_writes_use_the_key_once(member: User, django_assert_max_num_queries: Any) -> None:
    add(member, 99)
    member_keys.clear_cache()
    many = [
        Contact(owner=member, fingerprint=n.to_bytes(16), data=f"p{n}", expires_at=timezone.now()) for n in range(300)
    ]
    with django_assert_max_num_queries(12):
        Contact.objects.bulk_create(many)
    for one in many:
        one.data = f"{one.data} changed"
    Contact.objects.bulk_update(many, ["data"], batch_size=100)
    assert {one.data for one in Contact.objects.filter(pk__in=[m.pk for m in many])} == {
        f"p{n} changed" for n in range(300)
    }


def test_a_value_without_an_instance_is_refused(member: User) -> None:
    one = add(member)
    with pytest.raises(TypeError, match=r"contacts\.contact\.data"), transaction.atomic():
        Contact.objects.update(data="in clear")
    assert Contact.objects.filter(pk=one.pk).exclude(data="").exists()


def test_values_move_between_instances_as_text(member: User, other_member: User) -> None:
    one, two = add(member, 1), add(other_member, 2)
    two.data = one.data
    two.save()
    assert Contact.objects.get(pk=two.pk).data == "person 1"


def test_rows_of_an_import_belong_to_its_owner(member: User) -> None:
    run = Import.objects.create(owner=member, kind="csv", file_name="people.csv")
    ImportedRow.objects.create(contact_import=run, contact=add(member), row=3, data="a row")
    row = ImportedRow.objects.get()
    assert row.data == "a row"
    registry.erase_all(member)
    assert not MemberKey.objects.filter(pk=member.pk).exists()
    assert not ImportedRow.objects.exists()


def test_a_destroyed_key_reads_nothing_and_the_rows_can_still_be_erased(member: User) -> None:
    one = add(member, details="secret")
    member_keys.destroy(member.pk)
    again = Contact.objects.get(pk=one.pk)
    with pytest.raises(VotekinError, match="key of its owner was destroyed"):
        str(again.data)
    registry.erase_all(member)
    assert not Contact.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_key_of_a_transaction_that_was_rolled_back_is_never_used(member: User) -> None:
    _add_and_roll_back(member, 1)
    one = add(member, 2)
    member_keys.clear_cache()
    assert Contact.objects.get(pk=one.pk).data == "person 2"
    with transaction.atomic():
        MemberKey.objects.all().delete()
        member_keys.clear_cache()
        _add_and_roll_back(member, 3)
        four = add(member, 4)
    member_keys.clear_cache()
    assert Contact.objects.get(pk=four.pk).data == "person 4"


def test_an_erased_member_is_gone_from_backups_when_the_wrapping_key_is(member: User, other_member: User) -> None:
    with time_machine.travel(START, tick=False):
        add(member)
        stays = add(other_member, 2)
        backup = MemberKey.objects.get(pk=member.pk)  # the contents of a copy of the database
        assert member_keys._unwrap(backup)
        member_keys.destroy(member.pk)
        assert member_keys._unwrap(backup), "until the wrapping key goes, a backup opens it"
    for _ in days(18):
        pass  # in April, every key is wrapped with a new wrapping key
    assert len(wrapping_keys.ids()) == 2
    assert member_keys._unwrap(backup)
    for _ in days(36, START + timedelta(days=18)):
        pass
    assert [key_id[:7] for key_id in wrapping_keys.ids()] == ["2026-04"] or len(wrapping_keys.ids()) == 2
    with pytest.raises(VotekinError, match="missing"):
        member_keys._unwrap(backup)
    member_keys.clear_cache()
    assert Contact.objects.get(pk=stays.pk).data == "person 2"


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=400)])
def test_a_clock_that_jumps_destroys_no_key(member: User, jump: timedelta) -> None:
    with time_machine.travel(START, tick=False):
        add(member)
    for _ in days(20):
        pass
    before = set(wrapping_keys.ids())
    for _ in days(3, START + jump):
        pass
    for _ in days(5, START + timedelta(days=20)):
        pass
    assert before <= set(wrapping_keys.ids())
    member_keys.clear_cache()
    assert Contact.objects.get().data == "person 1"


def test_a_clock_set_back_keeps_the_newest_key(member: User) -> None:
    with time_machine.travel(START, tick=False):
        add(member)
    newest = wrapping_keys.ids()
    with time_machine.travel(START - timedelta(days=90), tick=False):
        assert wrapping_keys.current() == newest[-1]
    assert wrapping_keys.ids() == newest


def test_a_missing_or_wrong_wrapping_key_is_named_and_nothing_is_lost(member: User, keys_dir: Path) -> None:
    one = add(member)
    path = next(keys_dir.glob("*.key"))
    right = path.read_text()
    for wrong in (None, "damaged", AESGCM.generate_key(256).hex()[:43] + "="):
        path.unlink()
        if wrong:
            path.write_text(wrong)
        member_keys.clear_cache()
        with pytest.raises(VotekinError, match=path.stem):
            Contact.objects.get(pk=one.pk)
        member_keys.renew()
        path.write_text(right)
    member_keys.clear_cache()
    member_keys.renew()
    assert Contact.objects.get(pk=one.pk).data == "person 1"


def test_wrapping_keys_of_the_environment(member: User, settings: Any, keys_dir: Path) -> None:
    settings.FIELD_WRAPPING_KEYS = ["2026-02:" + "A" * 43, "2026-03:" + "B" * 43]
    one = add(member)
    assert MemberKey.objects.get().wrapped_by == "2026-03"
    settings.FIELD_WRAPPING_KEYS = [*settings.FIELD_WRAPPING_KEYS, "2026-04:" + "C" * 43]
    assert member_keys.renew()["wrapped"] == 1
    settings.FIELD_WRAPPING_KEYS = settings.FIELD_WRAPPING_KEYS[2:]
    member_keys.clear_cache()
    assert Contact.objects.get(pk=one.pk).data == "person 1"
    assert not keys_dir.exists()


def test_rotation_moves_every_member_to_a_new_wrapping_key(member: User) -> None:
    one = add(member)
    before = wrapping_keys.current()
    assert member_keys.rotate_keys(dry_run=True) == 1
    assert wrapping_keys.current() == before
    assert member_keys.rotate_keys(dry_run=False) == 1
    assert MemberKey.objects.get().wrapped_by > before
    (wrapping_keys.folder() / f"{before}.key").unlink()
    member_keys.clear_cache()
    assert Contact.objects.get(pk=one.pk).data == "person 1"


def test_no_key_is_in_the_database(member: User, keys_dir: Path) -> None:
    add(member)
    row = MemberKey.objects.get()
    assert member_keys._unwrap(row) not in bytes(row.wrapped)
    assert all(path.stat().st_mode & 0o077 == 0 for path in keys_dir.iterdir())
