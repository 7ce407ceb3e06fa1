"""Labels of contacts, districts and details."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts import serialization
from apps.contacts.facets import PlaceCount
from apps.contacts.models import Contact, Status
from apps.contacts.parsing import PostalPlace, RawContact
from apps.contacts.views.labels import contact_row, district_label, place_label
from tests.contacts.helpers import CD1, HD, ISEL

pytestmark = pytest.mark.django_db


def save(owner: User, person: RawContact, **fields: object) -> Contact:
    """Save a contact with the given match."""
    return Contact.objects.create(
        owner=owner,
        fingerprint=b"x" * 16,
        data=serialization.dump_contact(person),
        expires_at=timezone.now() + timedelta(days=1),
        **fields,
    )


def test_districts_have_display_names() -> None:
    assert district_label("cd", CD1) == "Congress 1"
    assert district_label("county", ISEL) == "Isel County"
    assert district_label("sldu", f"{HD}/sldu:new_castle") == "State senate New Castle"
    assert place_label(PlaceCount(HD, "state")) == "HD"
    assert place_label(PlaceCount(CD1, "cd")) == "Congress 1"


def test_a_row_lists_the_owners_details(member: User) -> None:
    person = RawContact(first="Ann", last="Lee", phones=("+19195550101",), places=(PostalPlace(city="Tarn"),))
    contact = save(member, person, status=Status.REGISTERED, state="HD", districts={"cd": CD1})
    row = contact_row(contact)
    assert (row.name, row.first, row.place) == ("Ann Lee", "Ann", "Tarn, Congress 1")
    assert row.details == [("Name", "Ann Lee"), ("City", "Tarn"), ("Phone", "(919) 555-0101")]
    assert row.can_correct
    assert not row.can_add


def test_a_row_without_a_name_shows_the_email_address(member: User) -> None:
    row = contact_row(save(member, RawContact(emails=("ann@example.org",)), status=Status.NOT_FOUND))
    assert (row.name, row.first) == ("ann@example.org", "ann@example.org")
    assert row.can_add
    assert not row.can_correct
