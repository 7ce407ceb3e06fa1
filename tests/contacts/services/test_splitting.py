"""Splitting of people merged by mistake."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.contacts import serialization
from apps.contacts.models import Contact, Import, ImportedRow, RowAssignment
from apps.contacts.services import erasure, splitting
from apps.core.errors import Refused
from tests.contacts.helpers import ONE_PHONE_TWO_PEOPLE, import_file

pytestmark = pytest.mark.django_db


def contact_summaries(owner: User) -> list[tuple[str, tuple[str, ...], str]]:
    """Return name, emails and place of a member's contacts."""
    people = [serialization.load_contact(contact.data) for contact in Contact.objects.owned_by(owner).order_by("pk")]
    return [(person.name, person.emails, person.where) for person in people]


def test_a_row_becomes_its_own_contact(member: User, merged_contact: Contact, run_jobs: Callable[[], int]) -> None:
    first, second = splitting.merged_rows(merged_contact)
    made = splitting.split_contact(contact=merged_contact, row_id=second.number)
    run_jobs()
    assert contact_summaries(member) == [("Ann Lee", ("ann@example.org",), ""), ("Ann Lee", (), "00417")]
    assert {one.status for one in Contact.objects.all()} == {"no_roll"}
    assert (
        ImportedRow.objects.filter(contact=merged_contact).count(),
        ImportedRow.objects.filter(contact=made).count(),
    ) == (1, 2)
    assert first.source == "f.csv"


def test_a_repeated_import_never_merges_split_contacts(
    member: User, merged_contact: Contact, run_jobs: Callable[[], int]
) -> None:
    splitting.split_contact(contact=merged_contact, row_id=splitting.merged_rows(merged_contact)[1].number)
    run_jobs()
    before = contact_summaries(member)
    again = import_file(member, ONE_PHONE_TWO_PEOPLE, run_jobs)
    again.refresh_from_db()
    assert (again.new, again.same) == (0, 3)
    assert contact_summaries(member) == before
    # A new row that fits both joins one of them; it never merges them again.
    import_file(member, b"Name,Email,Phone,Zip\nAnn Lee,ann@example.org,919-555-0101,00417\n", run_jobs)
    assert Contact.objects.count() == 2


def test_a_single_row_cannot_be_split(member: User, run_jobs: Callable[[], int]) -> None:
    import_file(member, b"Name\nBob Ray\n", run_jobs)
    bob = Contact.objects.get()
    with pytest.raises(Refused, match="nothing to take apart"):
        splitting.split_contact(contact=bob, row_id=splitting.merged_rows(bob)[0].number)


def test_undo_deletes_row_assignments(member: User, merged_contact: Contact, run_jobs: Callable[[], int]) -> None:
    splitting.split_contact(contact=merged_contact, row_id=splitting.merged_rows(merged_contact)[1].number)
    erasure.undo_import(import_=Import.objects.get())
    run_jobs()
    assert not Contact.objects.exists()
    assert not RowAssignment.objects.exists()
