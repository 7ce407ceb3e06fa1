"""Members pick friends and send by themselves; who is asked is kept until the election, and nobody else sees them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.activity.base import activity
from apps.contacts import segments
from apps.contacts.models import Contact
from apps.contacts.parsing import RawContact
from apps.contacts.services import erasure
from apps.core.errors import Refused
from apps.officials.models import Election
from apps.outreach import message_templates, selectors
from apps.outreach.models import Ask, Asking, Campaign
from apps.outreach.services import asking as services
from apps.privacy import registry as privacy

from .conftest import CD, HD

pytestmark = pytest.mark.django_db
Friend = Callable[..., Contact]


@pytest.fixture
def nora(member: Any, client_of: Callable[[Any], Client]) -> Client:
    """Return the member's browser."""
    return client_of(member)


def test_an_ask_is_about_friends_in_its_districts_with_its_statuses(member: Any, ask: Ask, friend: Friend) -> None:
    ann, likely = friend(member, "Ann"), friend(member, "Bob", "likely")
    friend(member, "Cy", "not_found")
    friend(member, "Dee", cd=f"{HD}/cd:5")
    assert selectors.eligible(member, ask) == {ann.pk, likely.pk}
    services.pick(member=member, ask=ask, contacts=[ann.pk])
    assert selectors.eligible(member, ask) == {likely.pk}


def test_my_contacts_in_a_district_who_have_not_pledged_in_one_call(member: Any, ask: Ask, friend: Friend) -> None:
    ann, bob = friend(member, "Ann"), friend(member, "Bob")
    one, _two = services.pick(member=member, ask=ask, contacts=[ann.pk, bob.pk])
    services.answered(asking=one, outcome="will_vote")
    pledged = selectors.pledged(ask.campaign.election_id)
    assert segments.segment_members(
        member.pk, [segments.division_segment(CD), segments.status_segment("registered")], [pledged]
    ) == {bob.pk}


def test_a_picked_friend_is_kept_until_the_election_and_put_back_is_not(
    member: Any, ask: Ask, friend: Friend, election: Election
) -> None:
    ann = friend(member, "Ann")
    before = ann.expires_at
    (asking,) = services.pick(member=member, ask=ask, contacts=[ann.pk])
    ann.refresh_from_db()
    assert ann.expires_at.date() >= election.date
    services.put_back(asking=asking)
    ann.refresh_from_db()
    assert abs(ann.expires_at - before) < timedelta(minutes=1)
    assert selectors.eligible(member, ask) == {ann.pk}


def test_bringing_a_kept_friend_again_does_not_shorten_it(
    member: Any, ask: Ask, friend: Friend, election: Election, run_jobs: Callable[[], int]
) -> None:
    from apps.contacts.imports import previews

    person = RawContact(first="Ann", last="Lee", emails=("ann@example.org",))
    previews.add_person(owner=member, contact=person)
    run_jobs()
    ann = Contact.objects.get()
    Contact.objects.update(status="registered", state="HD", districts={"cd": CD})
    from apps.contacts import locking

    locking.bump_generation(member.pk)
    services.pick(member=member, ask=ask, contacts=[ann.pk])
    previews.add_person(owner=member, contact=person)
    run_jobs()
    assert Contact.objects.get().expires_at.date() >= election.date


def test_who_is_purged_leaves_counts(member: Any, ask: Ask, friend: Friend) -> None:
    ann = friend(member, "Ann")
    (asking,) = services.pick(member=member, ask=ask, contacts=[ann.pk])
    services.sent(asking=asking, channel="sms")
    Contact.objects.update(expires_at=timezone.now())
    erasure.purge_expired()
    asking.refresh_from_db()
    assert asking.contact is None
    assert selectors.progress(Asking.objects.of(member)).sent == 1


def test_the_pages_walk_from_choosing_to_an_answer(nora: Client, member: Any, ask: Ask, friend: Friend) -> None:
    ann = friend(member, "Ann")
    assert b"Choose friends" in nora.get(reverse("outreach:home")).content
    assert b"Ann Lee" in nora.get(reverse("outreach:choose", args=[ask.pk])).content
    assert b"Ann Lee" in nora.post(reverse("outreach:find", args=[ask.pk]), {"name": "ann"}).content
    page = nora.post(reverse("outreach:pick", args=[ask.pk]), {"friend": [ann.pk, "x", "999"]}, follow=True)
    text = page.content.decode()
    assert "sms:+19195550101?&amp;body=Hi%20Ann" in text
    assert "mailto:ann@example.org?subject=General%20Election" in text
    assert "/ask/about/halden-votes/" in unquote(text)
    asking = Asking.objects.get()
    nora.post(reverse("outreach:sent", args=[asking.pk]), {"channel": "sms"})
    nora.post(reverse("outreach:sent", args=[asking.pk]), {"channel": "mail"})
    page = nora.post(reverse("outreach:answer", args=[asking.pk]), {"outcome": "will_vote"}, follow=True)
    asking.refresh_from_db()
    assert (asking.channel, asking.outcome) == ("sms", "will_vote")
    assert b"Will vote" in page.content
    assert reverse("outreach:friends", args=[ask.pk]).encode() in nora.get(reverse("outreach:home")).content


def test_a_friend_is_asked_straight_from_the_contacts(nora: Client, member: Any, ask: Ask, friend: Friend) -> None:
    ann, cy = friend(member, "Ann"), friend(member, "Cy", "not_found")
    assert reverse("outreach:pick_one", args=[ann.pk]).encode() in nora.get(reverse("contacts:home")).content
    answer = nora.post(reverse("outreach:pick_one", args=[ann.pk]))
    assert answer.headers["Location"] == f"/ask/{ask.pk}/friends/#friend-{ann.pk}"
    assert nora.post(reverse("outreach:pick_one", args=[ann.pk])).headers["Location"] == answer.headers["Location"]
    assert nora.post(reverse("outreach:pick_one", args=[cy.pk])).headers["Location"] == "/ask/"


def test_somebody_elses_friends_do_not_exist(
    member: Any, other_member: Any, client_of: Callable[[Any], Client], ask: Ask, friend: Friend
) -> None:
    ann = friend(member, "Ann")
    (asking,) = services.pick(member=member, ask=ask, contacts=[ann.pk])
    sam = client_of(other_member)
    assert sam.get(reverse("outreach:friends", args=[ask.pk])).status_code == 404
    for name in ("sent", "answer"):
        assert sam.post(reverse(f"outreach:{name}", args=[asking.pk]), {"outcome": "voted"}).status_code == 404
    assert sam.post(reverse("outreach:pick_one", args=[ann.pk])).status_code == 404
    sam.post(reverse("outreach:pick", args=[ask.pk]), {"friend": ann.pk})
    assert Asking.objects.count() == 1


@pytest.mark.parametrize("change", ["draft", "ended", "closed", "not_open", "over"])
def test_what_is_not_open_is_not_there(nora: Client, member: Any, ask: Ask, friend: Friend, change: str) -> None:
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


def test_the_message_speaks_the_chosen_language_and_unknown_ones_fall_back(ask: Ask) -> None:
    assert message_templates.message(ask, "es", "Ana") == "Hola, Ana"
    assert message_templates.message(ask, "fr", "Ann").startswith("Hi Ann, General Election is on ")
    assert message_templates.message(ask, "en", "<b>{link}").count("{link}") == 1


@pytest.mark.parametrize(
    "text",
    ["Vote and win a prize", "A free pizza for every voter", "Get $5 when you vote", "una rifa para quienes voten",
     "Hi {name}", "Vote for {supports}", "x" * 601],
)  # fmt: skip
def test_words_that_may_not_be_sent_are_refused_by_name(text: str) -> None:
    with pytest.raises(Refused):
        message_templates.check(text)


def test_nonpartisan_is_one_switch(ask: Ask, settings: Any) -> None:
    settings.NONPARTISAN = False
    assert message_templates.check("We are for {supports}, {friend}") == "We are for {supports}, {friend}"
    Ask.objects.update(words={"en": "We are for {supports}."})
    Campaign.objects.update(supports="Measure 4")
    fresh = Ask.objects.select_related("campaign__election").get()
    assert message_templates.message(fresh, "en", "Ann") == "We are for Measure 4."
    settings.NONPARTISAN = True
    assert "Measure" not in message_templates.message(fresh, "en", "Ann")


def test_the_feeds_hold_ids_and_kinds(
    nora: Client, member: Any, ask: Ask, friend: Friend, django_capture_on_commit_callbacks: Any
) -> None:
    friends = [friend(member, f"Ann{number}") for number in range(10)]
    with django_capture_on_commit_callbacks(execute=True):
        for one in services.pick(member=member, ask=ask, contacts=[one.pk for one in friends]):
            services.sent(asking=one, channel="copy")
    kinds = [entry.kind for entry in activity().feed(member.pk)]
    assert (kinds.count("ask.sent"), kinds.count("ask.picked")) == (10, 1)
    reached = activity().feed(-ask.campaign_id)[0]
    assert (reached.kind, reached.facts) == ("campaign.reached", {"campaign": ask.campaign_id, "friends": 10})
    page = nora.get(reverse("activity:feed")).content
    assert b"You asked a friend" in page
    assert b"Ann" not in page
    assert nora.get(reverse("activity:feed"), {"before": "x y"}).status_code == 200


def test_what_is_held_leaves_and_goes(member: Any, other_member: Any, ask: Ask, friend: Friend) -> None:
    for owner in (member, other_member):
        services.pick(member=owner, ask=ask, contacts=[friend(owner, "Ann").pk])
    assert len(privacy.export_all(member)["outreach.Asking"]["rows"]) == 1
    privacy.erase_all(member)
    assert [one.owner for one in Asking.objects.all()] == [other_member]
