"""People who were joined by mistake are taken apart, and stay so."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.contacts import serialization
from apps.contacts.imports import previews
from apps.contacts.models import Contact, Import, ImportedRow, RowAssignment
from apps.contacts.services import erasure, splitting
from apps.core.errors import Refused

pytestmark = pytest.mark.django_db

# Ann and her mother Ann share a landline.
ROWS = b"""Name,Email,Phone,Zip
Ann Lee,ann@example.org,919-555-0101,
Ann Lee,,919-555-0101,00417
Ann Lee,,919-555-0101,00417
"""


def bring(owner: Any, data: bytes, run_jobs: Callable[[], int]) -> Import:
    """Bring people in."""
    one = previews.confirm(draft=previews.start_file(owner=owner, stream=BytesIO(data), file_name="f.csv"))
    run_jobs()
    return one


def books_of(owner: Any) -> list[tuple[str, tuple[str, ...], str]]:
    """Return name, mails and place of somebody's contacts."""
    people = [serialization.load_contact(one.data) for one in Contact.objects.owned_by(owner).order_by("pk")]
    return [(person.name, person.emails, person.where) for person in people]


@pytest.fixture
def ann(member: Any, run_jobs: Callable[[], int]) -> Contact:
    """Two people in one contact."""
    bring(member, ROWS, run_jobs)
    return Contact.objects.get()


def test_a_row_becomes_a_contact_of_its_own(member: Any, ann: Contact, run_jobs: Callable[[], int]) -> None:
    first, second = splitting.merged_rows(ann)
    made = splitting.split_contact(contact=ann, row_id=second.number)
    run_jobs()
    assert books_of(member) == [("Ann Lee", ("ann@example.org",), ""), ("Ann Lee", (), "00417")]
    assert {one.status for one in Contact.objects.all()} == {"no_roll"}
    assert (ImportedRow.objects.filter(contact=ann).count(), ImportedRow.objects.filter(contact=made).count()) == (1, 2)
    assert first.source == "f.csv"


def test_they_stay_apart_when_the_same_rows_come_again(member: Any, ann: Contact, run_jobs: Callable[[], int]) -> None:
    splitting.split_contact(contact=ann, row_id=splitting.merged_rows(ann)[1].number)
    run_jobs()
    before = books_of(member)
    again = bring(member, ROWS, run_jobs)
    again.refresh_from_db()
    assert (again.new, again.same) == (0, 3)
    assert books_of(member) == before
    # A new row that fits both joins one of them; it never makes them one again.
    bring(member, b"Name,Email,Phone,Zip\nAnn Lee,ann@example.org,919-555-0101,00417\n", run_jobs)
    assert Contact.objects.count() == 2


def test_one_row_alone_cannot_be_taken_apart(member: Any, run_jobs: Callable[[], int]) -> None:
    bring(member, b"Name\nBob Ray\n", run_jobs)
    bob = Contact.objects.get()
    with pytest.raises(Refused, match="nothing to take apart"):
        splitting.split_contact(contact=bob, row_id=splitting.merged_rows(bob)[0].number)


def test_the_page_offers_it_and_only_to_the_owner(
    member: Any, other_member: Any, ann: Contact, client_of: Callable[[Any], Client], run_jobs: Callable[[], int]
) -> None:
    page, act = reverse("contacts:contact", args=[ann.pk]), reverse("contacts:apart", args=[ann.pk])
    row = splitting.merged_rows(ann)[1].number
    assert client_of(other_member).post(act, {"row": row}).status_code == 404
    nora = client_of(member)
    assert b"Joined from these rows" in nora.get(page).content
    nora.post(act, {"row": "odd"})
    assert Contact.objects.count() == 1
    answer = nora.post(act, {"row": row}, follow=True)
    assert b"two people now" in answer.content
    assert b"Joined from these rows" not in nora.get(page).content


def test_undo_and_forgetting_take_the_pins_along(member: Any, ann: Contact, run_jobs: Callable[[], int]) -> None:
    splitting.split_contact(contact=ann, row_id=splitting.merged_rows(ann)[1].number)
    erasure.undo_import(import_=Import.objects.get())
    run_jobs()
    assert not Contact.objects.exists()
    assert not RowAssignment.objects.exists()
