"""Merging of rows within and across imports."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.contacts import serialization
from apps.contacts.models import Contact
from tests.contacts.helpers import contact_names, import_file

pytestmark = pytest.mark.django_db


def test_rows_of_one_person_are_merged(member: User, run_jobs: Callable[[], int]) -> None:
    rows = b"""Name,Email,Phone,Street,City,Zip
Ann Lee,ann@example.org,,,,
Ann M Lee,,919-555-0101,,,
Ann Lee,ann@example.org,919-555-0101,12 Main St,Port Ansel,00417
Bob Lee,ann@example.org,,,,
Ann Lee,,,12 Main St,Port Ansel,00417
"""
    one = import_file(member, rows)
    run_jobs()
    one.refresh_from_db()
    assert contact_names(member) == ["Ann M Lee", "Bob Lee"]
    assert (one.new, one.same) == (2, 3)
    ann = next(c for c in (serialization.load_contact(x.data) for x in Contact.objects.all()) if c.first == "Ann")
    assert (ann.emails, ann.phones) == (("ann@example.org",), ("+19195550101",))


def test_a_later_import_adds_values(member: User, run_jobs: Callable[[], int]) -> None:
    import_file(member, b"Name,Email\nAnn Lee,ann@example.org\n")
    run_jobs()
    import_file(member, b"Name,Email,Phone\nAnn Lee,ann@example.org,919-555-0101\n")
    run_jobs()
    only = serialization.load_contact(Contact.objects.get().data)
    assert only.phones == ("+19195550101",)
