"""Deletion of contacts: expiry, undo, account deletion."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts import locking, segments, serialization
from apps.contacts.imports import runner as import_runner
from apps.contacts.models import (
    Contact,
    ErasureCount,
    Import,
    ImportedRow,
)
from apps.contacts.services import erasure
from tests.contacts.helpers import CD1, add_contact, contact_table, import_file, stored_ids

pytestmark = pytest.mark.django_db


def test_expired_contacts_are_deleted_and_counted(member: User, run_jobs: Callable[[], int]) -> None:
    one = import_file(member, b"Name\nAnn Lee\nBob Ray\n", run_jobs)
    days = Contact.objects.order_by("pk")[0].expires_at - timezone.now()
    assert timedelta(days=29, hours=23) < days <= timedelta(days=30)
    gone = Contact.objects.order_by("pk")[0]
    Contact.objects.filter(pk=gone.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Contact.objects.owned_by(member).count() == 1
    assert erasure.purge_expired() == 1
    assert Contact.objects.count() == ImportedRow.objects.count() == 1
    assert ErasureCount.objects.get().contacts == 1
    one.refresh_from_db()
    assert one.counts == {"no_roll": 2}


def test_undo_removes_only_what_this_import_added(member: User, run_jobs: Callable[[], int]) -> None:
    import_file(member, b"Name,Email\nAnn Lee,ann@example.org\n")
    run_jobs()
    second = import_file(member, b"Name,Email,Phone\nAnn Lee,ann@example.org,919-555-0101\nBob Ray,bob@example.org,\n")
    run_jobs()
    erasure.undo_import(import_=second)
    run_jobs()
    only = serialization.load_contact(Contact.objects.get().data)
    assert (only.name, only.phones) == ("Ann Lee", ())


def test_undo_ends_a_running_import(member: User, run_jobs: Callable[[], int]) -> None:
    one = import_file(member, contact_table(250))
    Import.objects.filter(pk=one.pk).update(state="running")
    import_runner._import_part(one.pk, float("inf"), set())
    assert Contact.objects.count() == 100
    erasure.undo_import(import_=one)
    run_jobs()
    assert not Contact.objects.exists()
    one.refresh_from_db()
    assert one.state == "undone"


def test_account_deletion_drops_segments(member: User) -> None:
    add_contact(member, 1, cd=CD1)
    segments.members_of_any(member.pk, [[segments.ALL]])
    generation = locking.current_generation(member.pk)
    assert stored_ids(member, generation)
    erasure.erase_member(member)
    assert stored_ids(member, generation) is None


def test_one_contact_is_deleted_with_its_rows(member: User, run_jobs: Callable[[], int]) -> None:
    import_file(member, b"Name\nAnn Lee\nBob Ray\n", run_jobs)
    generation = locking.current_generation(member.pk)
    ann = Contact.objects.order_by("pk")[0]
    erasure.erase_contact(contact=ann)
    assert not Contact.objects.filter(pk=ann.pk).exists()
    assert ImportedRow.objects.count() == 1
    assert locking.current_generation(member.pk) == generation + 1


def test_the_public_count_sums_all_days(db: None) -> None:
    assert erasure.total_expired() == 0
    for days in range(3):
        ErasureCount.objects.create(day=timezone.localdate() - timedelta(days=days), contacts=7)
    assert erasure.total_expired() == 21
