"""Pages of organizers."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.officials.models import Election
from apps.outreach.models import Ask, Campaign, FriendAsk

pytestmark = pytest.mark.django_db


def test_an_organizer_creates_opens_and_ends_a_campaign(
    organizer: User, client_of: Callable[[User], Client], election: Election
) -> None:
    browser = client_of(organizer)
    answer = browser.post(
        reverse("outreach:new_campaign"), {"name": "Halden votes", "election": election.pk, "text": "Friends."}
    )
    one = Campaign.objects.get()
    assert answer.headers["Location"] == reverse("outreach:staff_campaign", args=[one.pk])
    state = reverse("outreach:set_state", args=[one.pk])
    browser.post(state, {"state": "live"})
    one.refresh_from_db()
    assert one.state == "draft"  # nothing is asked for yet
    page = reverse("outreach:new_ask", args=[one.pk])
    today = timezone.localdate().isoformat()
    data = {"title": "Plan", "opens": today, "closes": election.date.isoformat(), "message_en": "Hi {friend}"}
    for wrong in ({"message_en": "Win a prize"}, {"divisions": "cd 4"}, {"closes": "2001-01-01"}, {"message_en": ""}):
        assert browser.post(page, data | wrong).status_code == 422
    browser.post(page, data)
    browser.post(state, {"state": "live"})
    one.refresh_from_db()
    assert (one.state, Ask.objects.get().messages) == ("live", {"en": "Hi {friend}"})
    browser.post(reverse("outreach:edit_ask", args=[one.pk, Ask.objects.get().pk]), {"drop": "1"})
    assert not Ask.objects.exists()
    browser.post(state, {"state": "ended"})
    assert {"campaign.written", "campaign.state", "ask.written", "ask.dropped"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


def test_the_former_flag_is_removed(member: User, client_of: Callable[[User], Client]) -> None:
    from waffle import get_waffle_flag_model

    assert not get_waffle_flag_model().objects.filter(name="ask_a_friend").exists()
    page = client_of(member).get(reverse("outreach:home"))
    assert page.status_code == 200
    assert b'class="ribbon"' not in page.content
    assert not FriendAsk.objects.exists()


def test_a_campaign_can_be_changed(organizer: User, client_of: Callable[[User], Client], ask: Ask) -> None:
    browser, campaign = client_of(organizer), ask.campaign
    assert b"Halden votes" in browser.get(reverse("outreach:campaigns")).content
    page = reverse("outreach:edit_campaign", args=[campaign.pk])
    assert b"Halden votes" in browser.get(page).content
    data = {"name": "Halden decides", "election": campaign.election_id, "text": "Win a prize"}
    assert browser.post(page, data).status_code == 422
    assert browser.post(page, data | {"text": "Friends."}).status_code == 302
    assert b"Halden decides" in browser.get(reverse("outreach:staff_campaign", args=[campaign.pk])).content
