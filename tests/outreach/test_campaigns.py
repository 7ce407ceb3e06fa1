"""Organisers write campaigns and see counts from ten up; everybody sees a campaign's page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import AuditEntry
from apps.contacts.models import Contact
from apps.core.errors import Refused
from apps.officials.models import Election
from apps.outreach import selectors
from apps.outreach.models import Ask, Asking, Campaign
from apps.outreach.services import asking, campaigns, plans

pytestmark = pytest.mark.django_db


def test_an_organiser_writes_opens_and_ends(
    organiser: Any, client_of: Callable[[Any], Client], election: Election
) -> None:
    browser = client_of(organiser)
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
    typed = {"title": "Plan", "opens": today, "closes": election.date.isoformat(), "words_en": "Hi {friend}"}
    for wrong in ({"words_en": "Win a prize"}, {"divisions": "cd 4"}, {"closes": "2001-01-01"}, {"words_en": ""}):
        assert browser.post(page, typed | wrong).status_code == 422
    browser.post(page, typed)
    browser.post(state, {"state": "live"})
    one.refresh_from_db()
    assert (one.state, Ask.objects.get().words) == ("live", {"en": "Hi {friend}"})
    browser.post(reverse("outreach:edit_ask", args=[one.pk, Ask.objects.get().pk]), {"drop": "1"})
    assert not Ask.objects.exists()
    browser.post(state, {"state": "ended"})
    assert {"campaign.written", "campaign.state", "ask.written", "ask.dropped"} <= set(
        AuditEntry.objects.values_list("action", flat=True)
    )


def test_an_ask_that_members_work_with_stays(
    organiser: Any, member: Any, ask: Ask, friend: Callable[..., Contact]
) -> None:
    asking.pick(member=member, ask=ask, contacts=[friend(member, "Ann").pk])
    with pytest.raises(Refused, match="End the campaign"):
        campaigns.drop_ask(actor=organiser, ask=ask)


def test_two_campaigns_of_one_name_have_two_addresses(organiser: Any, election: Election) -> None:
    made = [campaigns.write_campaign(actor=organiser, name="¡Votes!", text="", election=election) for _ in range(3)]
    assert [one.slug for one in made] == ["votes", "votes-2", "votes-3"]


def test_counts_below_ten_are_shown_to_nobody(
    organiser: Any, make_member: Callable[..., Any], client_of: Callable[[Any], Client], ask: Ask,
    friend: Callable[..., Contact], client: Client,
) -> None:  # fmt: skip
    public = reverse("outreach:campaign", args=[ask.campaign.slug])
    staff = reverse("outreach:staff_campaign", args=[ask.campaign_id])

    def ask_one(number: int) -> None:
        owner = make_member(f"m{number}@example.org")
        (one,) = asking.pick(member=owner, ask=ask, contacts=[friend(owner, "Ann").pk])
        asking.sent(asking=one, channel="sms")
        if number:
            asking.answered(asking=one, outcome="will_vote")
        plans.make(member=owner, election=ask.campaign.election, method="day")

    for number in range(9):
        ask_one(number)
    assert selectors.public_counts(ask.campaign) == {}
    assert b"friends asked" not in client.get(public).content
    assert client_of(organiser).get(staff).content.count(b"&lt; 10") == 5
    ask_one(9)
    assert selectors.public_counts(ask.campaign) == {"sent": 10, "plans": 10}
    assert b"friends asked" in client.get(public).content
    page = client_of(organiser).get(staff).content
    assert page.count(b"&lt; 10") == 2  # nine answered, and nine of them will vote
    assert b"Ann" not in page


def test_a_draft_has_no_public_page(client: Client, organiser: Any, election: Election) -> None:
    one = campaigns.write_campaign(actor=organiser, name="Quiet", text="", election=election)
    assert client.get(reverse("outreach:campaign", args=[one.slug])).status_code == 404


def test_the_flag_is_gone(member: Any, client_of: Callable[[Any], Client]) -> None:
    from waffle import get_waffle_flag_model

    assert not get_waffle_flag_model().objects.filter(name="ask_a_friend").exists()
    page = client_of(member).get(reverse("outreach:home"))
    assert page.status_code == 200
    assert b'class="ribbon"' not in page.content
    assert not Asking.objects.exists()
