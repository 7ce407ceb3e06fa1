"""Counts of contacts by place and election."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.facets import PlaceFacets
from apps.officials.models import Election
from tests.contacts.helpers import CD1, HD, ISEL, add_contact

pytestmark = pytest.mark.django_db


def test_contacts_are_counted_by_place_and_election(member: User) -> None:
    add_contact(member, 1, cd=CD1, county=ISEL)
    add_contact(member, 2, "likely", cd=CD1)
    add_contact(member, 3)
    soon = timezone.localdate() + timedelta(days=9)
    for key, division in (("a", HD), ("b", CD1), ("c", f"{HD}/cd:7"), ("d", "ocd-division/country:us")):
        Election.objects.create(key=key, name=key, kind="general", date=soon, division=division)
    Election.objects.create(key="old", name="old", kind="general", date=soon - timedelta(days=99), division=HD)
    places = PlaceFacets(member)
    assert [(place.ocd_id, place.total) for place in places.all] == [
        (HD, 3), (CD1, 2), (ISEL, 1)]  # fmt: skip
    assert [(election.key, number) for election, number in places.elections] == [("a", 3), ("b", 2), ("d", 3)]
