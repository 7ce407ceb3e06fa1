"""Map of contacts."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.contacts.helpers import CD1, ISEL, add_contact

pytestmark = pytest.mark.django_db


def test_without_boundaries_the_table_remains(member: User, client_of: Callable[[User], Client]) -> None:
    browser, where = client_of(member), reverse("contacts:where")
    assert b"the places appear here" in browser.get(where).content
    add_contact(member, 1, cd=CD1, county=ISEL)
    page = browser.get(where, {"layer": "cd"})
    assert b"Congress 1" in page.content
    assert b"shade" not in page.content
    assert browser.get(where, {"layer": "precinct", "state": "<x>"}).status_code == 200
