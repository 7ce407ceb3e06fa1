"""Activity feeds of members and campaigns."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.activity.base import activity
from apps.contacts.models import Contact
from apps.outreach.models import Ask
from apps.outreach.services import asking as services

pytestmark = pytest.mark.django_db


Friend = Callable[..., Contact]


def test_feeds_contain_only_ids_and_kinds(
    nora: Client, member: User, ask: Ask, friend: Friend, django_capture_on_commit_callbacks: Any
) -> None:
    friends = [friend(member, f"Ann{number}") for number in range(10)]
    with django_capture_on_commit_callbacks(execute=True):
        for one in services.pick_friends(member=member, ask=ask, contacts=[one.pk for one in friends]):
            services.mark_sent(friend_ask=one, channel="copy")
    kinds = [entry.kind for entry in activity().feed(member.pk)]
    assert (kinds.count("ask.sent"), kinds.count("ask.picked")) == (10, 1)
    reached = activity().feed(-ask.campaign_id)[0]
    assert (reached.kind, reached.facts) == ("campaign.reached", {"campaign": ask.campaign_id, "friends": 10})
    page = nora.get(reverse("activity:feed")).content
    assert b"You asked a friend" in page
    assert b"Ann" not in page
    assert nora.get(reverse("activity:feed"), {"before": "x y"}).status_code == 200
