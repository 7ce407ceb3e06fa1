"""Fixtures of the outreach tests: an election, an open ask, contacts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts import locking, serialization
from apps.contacts.dedupe import name_word_hashes
from apps.contacts.models import Contact
from apps.contacts.parsing import RawContact
from apps.officials.models import Deadline, Election
from apps.outreach.models import Ask
from apps.outreach.services import campaigns

HD = "ocd-division/country:us/state:hd"
CD = f"{HD}/cd:4"


@pytest.fixture
def election(db: None) -> Election:
    """Return an election in 60 days with its deadlines."""
    day = timezone.localdate() + timedelta(days=60)
    one = Election.objects.create(key="e", name="General Election", kind="general", date=day, division=HD)
    for kind, before in (("registration_deadline", 30), ("mail_request_deadline", 14), ("early_from", 12)):
        Deadline.objects.create(election=one, kind=kind, date=day - timedelta(days=before))
    return one


@pytest.fixture
def make_ask(election: Election, organizer: User) -> Callable[..., Ask]:
    """Return a function that creates asks in an open campaign."""
    campaign = campaigns.write_campaign(actor=organizer, name="Halden votes", text="Friends.", election=election)

    def make(**changes: Any) -> Ask:
        today = timezone.localdate()
        content = {
            "title": "Ask about a plan", "divisions": [CD], "statuses": ["registered", "likely"], "opens": today,
            "closes": election.date,
            "messages": {"en": "Hi {friend}, {election} is on {day}: {link}", "es": "Hola, {friend}"},
        }  # fmt: skip
        ask = campaigns.write_ask(
            actor=organizer, campaign=campaign, draft=campaigns.AskDraft(**{**content, **changes})
        )
        campaigns.set_state(actor=organizer, campaign=campaign, state="live")
        return ask

    return make


@pytest.fixture
def ask(make_ask: Callable[..., Ask]) -> Ask:
    """Return an open ask for registered friends in Congress 4."""
    return make_ask()


@pytest.fixture
def friend() -> Callable[..., Contact]:
    """Return a function that saves contacts as an import leaves them."""

    def make(owner: User, first: str, status: str = "registered", **more: Any) -> Contact:
        person = RawContact(first=first, last="Lee", emails=(f"{first.lower()}@example.org",), phones=("+19195550101",))
        one = Contact.objects.create(
            owner=owner, fingerprint=first.encode().ljust(16, b"\0")[:16], data=serialization.dump_contact(person),
            status=status, state="HD", districts={"cd": more.pop("cd", CD)},
            expires_at=timezone.now() + timedelta(days=30),
        )  # fmt: skip
        for key in name_word_hashes(owner.pk, f"{first} Lee"):
            one.keys.create(owner_id=owner.pk, hash=key)
        locking.bump_generation(owner.pk)
        return one

    return make


@pytest.fixture
def nora(member: User, client_of: Callable[[User], Client]) -> Client:
    """Return the member's browser."""
    return client_of(member)
