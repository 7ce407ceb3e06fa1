"""Every route with an id, generated from the URL configuration, with a real object of another member.

GET and POST return 404 or 405, exactly as for an id that does not exist, and change nothing.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import serializers
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import Contact, Import
from apps.notifications.models import Notice
from apps.officials.models import Election
from apps.outreach.models import Ask, Campaign, FriendAsk
from apps.verification.models import Attempt
from tests.contracts.test_urls import ACCESS, KEYS

# The kind of object that a parameter identifies. A route in neither table fails the test below.
OWNED = {
    "contact_id": "contact",
    "import_id": "import",
    "notice_id": "notice",
    "friend_ask_id": "friend_ask",
    "number": "attempt",
    "pk": "key",
}
# Routes whose parameter identifies no member data, and why.
PUBLIC = {
    "accounts:fetch": "a signed token; tests/accounts/test_exports.py shows that it is the member's own",
    "contacts:back_from": "the name of a provider",
    "contacts:elsewhere": "the name of a provider",
    "outreach:choose": "an ask of a campaign, which every member sees",
    "outreach:find": "an ask of a campaign",
    "outreach:friends": "an ask of a campaign",
    "outreach:pick": "an ask of a campaign",
    "outreach:plan": "an election",
    "verification:question": "the name of a step of the form",
}
ROUTES = sorted(name for name, keys in KEYS.items() if keys and ACCESS[name] == "member" and name not in PUBLIC)


@pytest.fixture
def objects(member: User) -> dict[str, models.Model]:
    """Create objects of the first member, of every kind."""
    now, today = timezone.now(), timezone.now().date()
    election = Election.objects.create(
        key="e", name="E", kind="general", date=today, division="ocd-division/country:us"
    )
    campaign = Campaign.objects.create(slug="c", name="C", election=election, state="live")
    ask = Ask.objects.create(campaign=campaign, title="A", opens=today, closes=today + timedelta(9))
    person = json.dumps({"name": {"first": "Ada", "last": "Arbor"}})
    contact = Contact.objects.create(owner=member, fingerprint=b"f" * 16, data=person, expires_at=now + timedelta(9))
    return {
        "contact": contact,
        "import": Import.objects.create(owner=member, kind="csv", file_name="a.csv"),
        "notice": Notice.objects.create(member=member, kind="accounts.leaving", key="k"),
        "friend_ask": FriendAsk.objects.create(owner=member, ask=ask, contact=contact),
        "attempt": Attempt.objects.create(member=member, query="{}", state="detail"),
        "key": Authenticator.objects.create(user=member, type="webauthn", data={"name": "k", "credential": {}}),
    }


def state(objects: dict[str, models.Model]) -> str:
    """Return every value of the objects as stored now."""
    return serializers.serialize("json", [type(one)._base_manager.get(pk=one.pk) for one in objects.values()])


def test_every_route_with_an_id_has_a_row() -> None:
    unknown = [name for name in ROUTES if not KEYS[name] <= set(OWNED)]
    assert not unknown, "add the key to OWNED with an object, or the route to PUBLIC with the reason"
    assert set(PUBLIC) <= set(KEYS)


@pytest.mark.parametrize("name", ROUTES)
def test_objects_of_another_member_do_not_exist(
    name: str, objects: dict[str, models.Model], other_member: User, client_of: Callable[[User], Client]
) -> None:
    client: Any = client_of(other_member)
    client.post(reverse("account_reauthenticate"), {"password": "correct horse battery staple"})
    url = reverse(name, kwargs={key: objects[OWNED[key]].pk for key in KEYS[name]})
    before = state(objects)
    assert client.get(url).status_code in {404, 405}
    assert client.post(url, {"sure": "on", "confirm": "1"}).status_code in {404, 405}
    assert state(objects) == before
