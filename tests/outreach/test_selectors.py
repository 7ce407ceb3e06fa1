"""Eligible contacts, segments, suppressed counts."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.contacts import segments
from apps.contacts.models import Contact
from apps.outreach import selectors
from apps.outreach.models import Ask
from apps.outreach.services import asking, plans
from apps.outreach.services import asking as services
from tests.outreach.conftest import CD, HD

pytestmark = pytest.mark.django_db


Friend = Callable[..., Contact]


def test_eligible_contacts_match_districts_and_statuses(member: User, ask: Ask, friend: Friend) -> None:
    ann, likely = friend(member, "Ann"), friend(member, "Bob", "likely")
    friend(member, "Cy", "not_found")
    friend(member, "Dee", cd=f"{HD}/cd:5")
    assert selectors.eligible_contacts(member, ask) == {ann.pk, likely.pk}
    services.pick_friends(member=member, ask=ask, contacts=[ann.pk])
    assert selectors.eligible_contacts(member, ask) == {likely.pk}


def test_segments_exclude_pledged_contacts(member: User, ask: Ask, friend: Friend) -> None:
    ann, bob = friend(member, "Ann"), friend(member, "Bob")
    one, _two = services.pick_friends(member=member, ask=ask, contacts=[ann.pk, bob.pk])
    services.record_outcome(friend_ask=one, outcome="will_vote")
    pledged = selectors.pledged_segment(ask.campaign.election_id)
    assert segments.members_of_any(
        member.pk, [[segments.division_segment(CD)], [segments.status_segment("registered")]], [pledged]
    ) == {bob.pk}


def test_counts_below_ten_are_suppressed(
    organizer: User, make_member: Callable[..., Any], client_of: Callable[[User], Client], ask: Ask,
    friend: Callable[..., Contact], client: Client,
) -> None:  # fmt: skip
    public = reverse("outreach:campaign", args=[ask.campaign.slug])
    staff = reverse("outreach:staff_campaign", args=[ask.campaign_id])

    def ask_one(number: int) -> None:
        owner = make_member(f"m{number}@example.org")
        (one,) = asking.pick_friends(member=owner, ask=ask, contacts=[friend(owner, "Ann").pk])
        asking.mark_sent(friend_ask=one, channel="sms")
        if number:
            asking.record_outcome(friend_ask=one, outcome="will_vote")
        plans.save_plan(member=owner, election=ask.campaign.election, method="day")

    for number in range(9):
        ask_one(number)
    assert selectors.public_counts(ask.campaign) == {}
    assert b"friends asked" not in client.get(public).content
    assert client_of(organizer).get(staff).content.count(b"&lt; 10") == 5
    ask_one(9)
    assert selectors.public_counts(ask.campaign) == {"sent": 10, "plans": 10}
    assert b"friends asked" in client.get(public).content
    page = client_of(organizer).get(staff).content
    assert page.count(b"&lt; 10") == 2  # nine responses, and nine of them will vote
    assert b"Ann" not in page
