"""Export and erasure of asked friends."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.outreach.models import Ask, FriendAsk
from apps.outreach.services import asking as services
from apps.privacy import registry as privacy

pytestmark = pytest.mark.django_db


Friend = Callable[..., Contact]


def test_personal_data_is_exported_and_erased(member: User, other_member: User, ask: Ask, friend: Friend) -> None:
    for owner in (member, other_member):
        services.pick_friends(member=owner, ask=ask, contacts=[friend(owner, "Ann").pk])
    assert len(privacy.export_all(member)["outreach.FriendAsk"]["rows"]) == 1
    privacy.erase_all(member)
    assert [one.owner for one in FriendAsk.objects.all()] == [other_member]
