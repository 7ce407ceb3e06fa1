"""Pages of the rolls: live, waiting and failed loads; small counts are suppressed."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.jobs.models import Job
from apps.voters import rolls, sources
from apps.voters.loading.load import DriftRefused
from apps.voters.models import LiveRoll, Snapshot
from tests.voters.synthetic_rows import voter, voters


@pytest.fixture
def roll(db: None) -> Callable[..., Snapshot]:
    """Return a function that creates snapshots without files."""

    def make(status: str, **more: Any) -> Snapshot:
        facts = {"state": "HD", "layout": "generic", "file_name": "roll.csv", "file_hash": "ab" * 32}
        counts = {"loaded": 20_000, "dropped": {"confidential": 7, "removed": 311}, "quarantined": 0}
        day = date(2026, 9, 1)
        return Snapshot.objects.create(**facts, counts=counts, status=status, as_of=day, **more)

    return make


def test_a_missing_roll_is_explained(steward: User, client_of: Callable[[User], Client]) -> None:
    assert b"load_roll" in client_of(steward).get(reverse("staff:rolls")).content


def test_small_counts_of_a_live_roll_are_suppressed(
    roll: Callable[..., Snapshot], steward: User, client_of: Callable[[User], Client]
) -> None:
    LiveRoll.objects.create(state="HD", snapshot=roll("live", live_at=timezone.now()))
    page = client_of(steward).get(reverse("staff:rolls")).content.decode()
    assert "20,000" in page
    assert "311" in page
    assert "fewer than 10" in page
    assert ">7<" not in page


def test_a_waiting_roll_shows_its_drift_and_a_link(
    roll: Callable[..., Snapshot], steward: User, client_of: Callable[[User], Client]
) -> None:
    roll("waiting", drift={"beyond": ["Isel: 12 rows, 4,000 in the live roll."], "notes": [], "facts": {}})
    page = client_of(steward).get(reverse("staff:rolls")).content.decode()
    assert "Isel: 12 rows" in page
    assert "accept it or leave it" in page


def test_a_failed_load_shows_its_cause(
    roll: Callable[..., Snapshot], steward: User, client_of: Callable[[User], Client]
) -> None:
    roll("failed", reason="Line 12: a quote never closes.")
    assert b"a quote never closes" in client_of(steward).get(reverse("staff:rolls")).content


Made = Callable[..., Any]


@pytest.fixture
def two(load_file: Made, write: Made) -> tuple[Snapshot, Snapshot]:
    """Create a live roll, and one that waits because a county shrank."""
    load_file(write([*voters(900), *(voter(n) | {"voter_id": ""} for n in range(950, 960))]))
    with pytest.raises(DriftRefused):
        load_file(write([r for r in voters(900) if r["county"] != "Isel" or int(r["voter_id"]) >= 300], "b.csv"))
    return rolls.live_snapshots()["HD"], Snapshot.objects.waiting().get()


def accept_terms(steward: User) -> None:
    """Accept the terms of the source."""
    sources.accept(actor=steward, layout="generic", digest=sources.get_terms("generic").digest)


def test_a_steward_accepts_a_waiting_roll_and_goes_back(
    two: tuple[Snapshot, Snapshot], steward: User, client_of: Callable[[User], Client]
) -> None:
    live, waiting = two
    client = client_of(steward)
    page = client.get(reverse("staff:roll", args=[waiting.pk])).content.decode()
    assert "Isel: 200 rows, 300 in the live roll (-33.3%)." in page
    assert "-33.3%" in page
    answer = client.post(reverse("staff:accept_roll", args=[waiting.pk]), {"reason": "Ticket 7"}, follow=True)
    assert "Read and accept it under Sources first" in answer.content.decode()
    assert rolls.live_snapshots()["HD"].pk == live.pk
    accept_terms(steward)
    assert "Say why" in client.post(reverse("staff:accept_roll", args=[waiting.pk]), {}, follow=True).content.decode()
    client.post(reverse("staff:accept_roll", args=[waiting.pk]), {"reason": "Ticket 7"})
    assert rolls.live_snapshots()["HD"].pk == waiting.pk
    entry = AuditEntry.objects.get(action="roll.live", actor_id=steward.pk)
    assert (entry.reason, entry.subject) == ("Ticket 7", f"voters.snapshot:{waiting.pk}")
    page = client.get(reverse("staff:roll", args=[waiting.pk])).content.decode()
    assert "Go back" in page
    client.post(reverse("staff:roll_back", args=[waiting.pk]), {"reason": "Ticket 8"})
    assert rolls.live_snapshots()["HD"].pk == live.pk
    assert AuditEntry.objects.get(action="roll.rolled_back").reason == "Ticket 8"


def test_the_quarantine_requires_a_logged_reason(
    two: tuple[Snapshot, Snapshot], steward: User, client_of: Callable[[User], Client]
) -> None:
    url = reverse("staff:quarantine", args=[two[0].pk])
    client = client_of(steward)
    assert "roll.csv" not in client.get(url).content.decode().split("<main", 1)[1].split("<form")[0]
    assert b"the id is empty" not in client.post(url, {"reason": ""}).content
    assert not AuditEntry.objects.filter(kind="read").exists()
    page = client.post(url, {"reason": "Ticket 9"})
    assert b"roll.csv, 902" in page.content
    assert b"the id is empty" in page.content
    entry = AuditEntry.objects.get(kind="read")
    assert (entry.fields, entry.reason) == (["quarantined rows"], "Ticket 9")


@pytest.mark.parametrize("name", ["staff:quarantine", "staff:accept_roll", "staff:roll_back"])
def test_only_stewards_act_on_rolls(
    two: tuple[Snapshot, Snapshot], organizer: User, client_of: Callable[[User], Client], name: str
) -> None:
    assert client_of(organizer).post(reverse(name, args=[two[1].pk]), {"reason": "x"}).status_code == 404
    assert client_of(organizer).get(reverse("staff:roll", args=[two[1].pk])).status_code == 200


def test_terms_are_accepted_once_per_text(steward: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(steward)
    page = client.get(reverse("staff:roll_sources")).content.decode()
    assert "Public record under Ohio law" in page
    url = reverse("staff:accept_terms", args=["oh"])
    assert b"The text has changed" in client.post(url, {"digest": "old"}, follow=True).content
    client.post(url, {"digest": sources.get_terms("oh").digest})
    client.post(url, {"digest": sources.get_terms("oh").digest})
    assert AuditEntry.objects.filter(action="roll.terms_accepted", actor_id=steward.pk).count() == 1
    assert sources.get_terms("oh").accepted_at is not None


def test_the_button_queues_one_refresh(steward: User, client_of: Callable[[User], Client], incoming: Any) -> None:
    client = client_of(steward)
    incoming("generic", voters(20))
    assert b"Read and accept" in client.post(reverse("staff:refresh_rolls"), follow=True).content
    accept_terms(steward)
    client.post(reverse("staff:refresh_rolls"))
    client.post(reverse("staff:refresh_rolls"))
    assert Job.objects.filter(task="rolls.refresh").count() == 1
