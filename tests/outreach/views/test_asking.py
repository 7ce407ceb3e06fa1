"""Pages for asking friends."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.officials.models import Election
from apps.outreach import selectors
from apps.outreach.models import Ask, Campaign, FriendAsk
from apps.outreach.services import asking as services

pytestmark = pytest.mark.django_db


Friend = Callable[..., Contact]


def test_the_pages_lead_from_choosing_to_an_outcome(nora: Client, member: User, ask: Ask, friend: Friend) -> None:
    ann = friend(member, "Ann")
    assert b"Choose friends" in nora.get(reverse("outreach:home")).content
    assert b"Ann Lee" in nora.get(reverse("outreach:choose", args=[ask.pk])).content
    assert b"Ann Lee" in nora.post(reverse("outreach:find", args=[ask.pk]), {"name": "ann"}).content
    page = nora.post(reverse("outreach:pick", args=[ask.pk]), {"friend": [ann.pk, "x", "999"]}, follow=True)
    text = page.content.decode()
    assert "sms:+19195550101?&amp;body=Hi%20Ann" in text
    assert "mailto:ann@example.org?subject=General%20Election" in text
    assert "/ask/about/halden-votes/" in unquote(text)
    asking = FriendAsk.objects.get()
    nora.post(reverse("outreach:sent", args=[asking.pk]), {"channel": "sms"})
    nora.post(reverse("outreach:sent", args=[asking.pk]), {"channel": "email"})
    page = nora.post(reverse("outreach:answer", args=[asking.pk]), {"outcome": "will_vote"}, follow=True)
    asking.refresh_from_db()
    assert (asking.channel, asking.outcome) == ("sms", "will_vote")
    assert b"Will vote" in page.content
    assert reverse("outreach:friends", args=[ask.pk]).encode() in nora.get(reverse("outreach:home")).content


def test_a_friend_can_be_picked_from_the_contacts(nora: Client, member: User, ask: Ask, friend: Friend) -> None:
    ann, cy = friend(member, "Ann"), friend(member, "Cy", "not_found")
    assert reverse("outreach:pick_one", args=[ann.pk]).encode() in nora.get(reverse("contacts:home")).content
    answer = nora.post(reverse("outreach:pick_one", args=[ann.pk]))
    assert answer.headers["Location"] == f"/ask/{ask.pk}/friends/#friend-{ann.pk}"
    assert nora.post(reverse("outreach:pick_one", args=[ann.pk])).headers["Location"] == answer.headers["Location"]
    assert nora.post(reverse("outreach:pick_one", args=[cy.pk])).headers["Location"] == "/ask/"


def test_friends_of_other_members_are_not_found(
    member: User, other_member: User, client_of: Callable[[User], Client], ask: Ask, friend: Friend
) -> None:
    ann = friend(member, "Ann")
    (asking,) = services.pick_friends(member=member, ask=ask, contacts=[ann.pk])
    sam = client_of(other_member)
    assert sam.get(reverse("outreach:friends", args=[ask.pk])).status_code == 404
    for name in ("sent", "answer"):
        assert sam.post(reverse(f"outreach:{name}", args=[asking.pk]), {"outcome": "voted"}).status_code == 404
    assert sam.post(reverse("outreach:pick_one", args=[ann.pk])).status_code == 404
    sam.post(reverse("outreach:pick", args=[ask.pk]), {"friend": ann.pk})
    assert FriendAsk.objects.count() == 1


@pytest.mark.parametrize("change", ["draft", "ended", "closed", "not_open", "over"])
def test_asks_that_are_not_open_are_not_found(
    nora: Client, member: User, ask: Ask, friend: Friend, change: str
) -> None:
    friend(member, "Ann")
    today = timezone.localdate()
    if change in {"draft", "ended"}:
        Campaign.objects.update(state=change)
    elif change == "over":
        Election.objects.update(date=today - timedelta(days=1))
    else:
        Ask.objects.update(
            **({"closes": today - timedelta(days=1)} if change == "closed" else {"opens": today + timedelta(days=1)})
        )
    assert nora.get(reverse("outreach:choose", args=[ask.pk])).status_code == 404
    assert ask.title.encode() not in nora.get(reverse("outreach:home")).content


def test_a_picked_friend_can_be_removed_from_the_list(nora: Client, member: User, ask: Ask, friend: Friend) -> None:
    friend(member, "Ann")
    assert b"Ann Lee" not in nora.post(reverse("outreach:find", args=[ask.pk]), {"name": "bob"}).content
    (friend_ask,) = services.pick_friends(member=member, ask=ask, contacts=selectors.eligible_contacts(member, ask))
    answer = nora.post(reverse("outreach:answer", args=[friend_ask.pk]), {"outcome": "put_back"})
    assert answer.headers["Location"] == reverse("outreach:choose", args=[ask.pk])
    assert not FriendAsk.objects.exists()
