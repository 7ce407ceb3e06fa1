"""The rolls page: what is live, what waits, what went wrong; small counts are not told."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.voters.models import LiveRoll, Snapshot


@pytest.fixture
def roll(db: None) -> Callable[..., Snapshot]:
    """Return a maker of snapshots without files."""

    def make(status: str, **more: Any) -> Snapshot:
        facts = {"state": "HD", "layout": "generic", "file_name": "roll.csv", "file_hash": "ab" * 32}
        counts = {"loaded": 20_000, "dropped": {"confidential": 7, "removed": 311}, "quarantined": 0}
        day = date(2026, 9, 1)
        return Snapshot.objects.create(**facts, counts=counts, status=status, as_of=day, **more)

    return make


def test_without_a_roll_the_page_says_what_to_do(steward: User, client_of: Callable[[User], Client]) -> None:
    assert b"load_roll" in client_of(steward).get(reverse("staff:rolls")).content


def test_a_live_roll_shows_its_counts_but_no_small_one(
    roll: Callable[..., Snapshot], steward: User, client_of: Callable[[User], Client]
) -> None:
    LiveRoll.objects.create(state="HD", snapshot=roll("live", live_at=timezone.now()))
    page = client_of(steward).get(reverse("staff:rolls")).content.decode()
    assert "20,000" in page
    assert "311" in page
    assert "fewer than 10" in page
    assert ">7<" not in page


def test_what_waits_says_why_and_how_to_accept_it(
    roll: Callable[..., Snapshot], steward: User, client_of: Callable[[User], Client]
) -> None:
    roll("waiting", drift={"beyond": ["Isel: 12 rows, 4,000 in the live roll."], "notes": [], "facts": {}})
    page = client_of(steward).get(reverse("staff:rolls")).content.decode()
    assert "Isel: 12 rows" in page
    assert "--accept" in page


def test_a_load_that_stopped_says_why(
    roll: Callable[..., Snapshot], steward: User, client_of: Callable[[User], Client]
) -> None:
    roll("failed", reason="Line 12: a quote never closes.")
    assert b"a quote never closes" in client_of(steward).get(reverse("staff:rolls")).content
