"""Picking friends, and expiry of their contacts."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.contacts.parsing import RawContact
from apps.contacts.services import erasure
from apps.officials.models import Election
from apps.outreach import selectors
from apps.outreach.models import Ask, FriendAsk
from apps.outreach.services import asking as services
from tests.outreach.conftest import CD

pytestmark = pytest.mark.django_db


Friend = Callable[..., Contact]


def test_a_picked_contact_stays_until_the_election_unless_unpicked(
    member: User, ask: Ask, friend: Friend, election: Election
) -> None:
    ann = friend(member, "Ann")
    before = ann.expires_at
    (asking,) = services.pick_friends(member=member, ask=ask, contacts=[ann.pk])
    ann.refresh_from_db()
    assert ann.expires_at.date() >= election.date
    services.unpick_friend(friend_ask=asking)
    ann.refresh_from_db()
    assert abs(ann.expires_at - before) < timedelta(minutes=1)
    assert selectors.eligible_contacts(member, ask) == {ann.pk}


def test_importing_a_picked_contact_again_keeps_its_expiry(
    member: User, ask: Ask, friend: Friend, election: Election, run_jobs: Callable[[], int]
) -> None:
    from apps.contacts.imports import previews

    person = RawContact(first="Ann", last="Lee", emails=("ann@example.org",))
    previews.add_person(owner=member, contact=person)
    run_jobs()
    ann = Contact.objects.get()
    Contact.objects.update(status="registered", state="HD", districts={"cd": CD})
    from apps.contacts import locking

    locking.bump_generation(member.pk)
    services.pick_friends(member=member, ask=ask, contacts=[ann.pk])
    previews.add_person(owner=member, contact=person)
    run_jobs()
    assert Contact.objects.get().expires_at.date() >= election.date


def test_a_deleted_contact_remains_in_the_counts(member: User, ask: Ask, friend: Friend) -> None:
    ann = friend(member, "Ann")
    (asking,) = services.pick_friends(member=member, ask=ask, contacts=[ann.pk])
    services.mark_sent(friend_ask=asking, channel="sms")
    Contact.objects.update(expires_at=timezone.now())
    erasure.purge_expired()
    asking.refresh_from_db()
    assert asking.contact is None
    assert selectors.count_progress(FriendAsk.objects.owned_by(member)).sent == 1


def test_an_outcome_implies_that_the_friend_was_asked(member: User, ask: Ask, friend: Friend) -> None:
    (friend_ask,) = services.pick_friends(member=member, ask=ask, contacts=[friend(member, "Ann").pk])
    services.record_outcome(friend_ask=friend_ask, outcome="needs_help")
    services.record_outcome(friend_ask=friend_ask, outcome="voted")
    friend_ask.refresh_from_db()
    assert (friend_ask.outcome, friend_ask.channel) == ("voted", "talk")
    assert friend_ask.sent_at
    services.unpick_friend(friend_ask=friend_ask)
    assert FriendAsk.objects.exists()


def test_a_repeated_report_keeps_the_first_channel(member: User, ask: Ask, friend: Friend) -> None:
    (friend_ask,) = services.pick_friends(member=member, ask=ask, contacts=[friend(member, "Ann").pk])
    services.mark_sent(friend_ask=friend_ask, channel="sms")
    services.mark_sent(friend_ask=friend_ask, channel="email")
    friend_ask.refresh_from_db()
    assert friend_ask.channel == "sms"
