"""Campaigns and asks of organizers."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.contacts.models import Contact
from apps.core.errors import Refused
from apps.officials.models import Election
from apps.outreach.models import Ask
from apps.outreach.services import asking, campaigns

pytestmark = pytest.mark.django_db


def test_an_ask_with_picked_friends_cannot_be_deleted(
    organizer: User, member: User, ask: Ask, friend: Callable[..., Contact]
) -> None:
    asking.pick_friends(member=member, ask=ask, contacts=[friend(member, "Ann").pk])
    with pytest.raises(Refused, match="End the campaign"):
        campaigns.drop_ask(actor=organizer, ask=ask)


def test_campaigns_of_one_name_get_distinct_slugs(organizer: User, election: Election) -> None:
    created = [campaigns.write_campaign(actor=organizer, name="¡Votes!", text="", election=election) for _ in range(3)]
    assert [one.slug for one in created] == ["votes", "votes-2", "votes-3"]


def test_a_campaign_opens_only_with_an_ask(organizer: User, election: Election, ask: Ask) -> None:
    campaign = campaigns.write_campaign(actor=organizer, name="Quiet", text="", election=election)
    with pytest.raises(Refused, match="Write an ask first"):
        campaigns.set_state(actor=organizer, campaign=campaign, state="live")
    assert campaigns.set_state(actor=organizer, campaign=ask.campaign, state="ended").state == "ended"
    assert AuditEntry.objects.filter(action="campaign.state").count() == 2
