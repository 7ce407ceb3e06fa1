"""Stewards create and correct elections; errors are shown at their field, and the reason is logged."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.officials.elections import load_elections
from apps.officials.models import Election

STATE = "ocd-division/country:us/state:qx"
DAY = timezone.localdate() + timedelta(60)
GOOD = {
    "name": "General election",
    "kind": "general",
    "date": str(DAY),
    "division": STATE,
    "source": "https://vote.example.org",
    "registration_deadline": str(DAY - timedelta(25)),
    "mail_return_deadline": str(DAY + timedelta(3)),
    "reason": "Ticket 12",
}


@pytest.fixture
def browser(steward: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(steward)


def enter(browser: Client, **changed: Any) -> Any:
    return browser.post(reverse("staff:new_election"), GOOD | changed)


def test_an_election_is_created_and_logged(browser: Client, steward: User) -> None:
    assert enter(browser).url == reverse("staff:elections")
    made = Election.objects.get()
    assert (made.name, made.date, made.edited, made.checked) == ("General election", DAY, True, timezone.localdate())
    assert {each.kind: each.date for each in made.deadlines.all()} == {
        "registration_deadline": DAY - timedelta(25),
        "mail_return_deadline": DAY + timedelta(3),
    }
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id, entry.reason) == ("election.added", steward.pk, "Ticket 12")
    page = browser.get(reverse("staff:elections")).content.decode()
    assert "General election" in page
    assert "edited here" in page


def test_a_correction_survives_a_file_load(browser: Client, tmp_path: Path) -> None:
    file = tmp_path / "e.csv"
    file.write_text(f"id,name,kind,date,division,registration_deadline\ng,Vote,general,{DAY},{STATE},{DAY}\n")
    load_elections(path=file)
    known = Election.objects.get()
    address = reverse("staff:election", args=[known.pk])
    shown = browser.get(address).content.decode()
    assert f'value="{DAY}"' in shown
    assert browser.post(address, GOOD | {"name": "Vote, corrected"}).status_code == 302
    assert load_elections(path=file)["kept"] == 1
    known.refresh_from_db()
    assert (known.name, known.key) == ("Vote, corrected", "g")
    assert known.deadlines.get(kind="registration_deadline").date == DAY - timedelta(25)
    assert AuditEntry.objects.get().action == "election.edited"


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("date", "soon"),
        ("date", "11/03/2026"),
        ("division", "QX"),
        ("division", f"{STATE}/"),
        ("name", ""),
        ("name", "x" * 201),
        ("kind", "party"),
        ("source", ""),
        ("reason", " "),
        ("registration_deadline", str(DAY + timedelta(1))),
        ("early_from", str(DAY + timedelta(1))),
        ("lines_on", str(DAY - timedelta(1))),
        ("polls_open", "dawn"),
    ],
)
def test_an_error_is_shown_and_nothing_is_saved(browser: Client, field: str, typed: str) -> None:
    answer = enter(browser, **{field: typed})
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [field]
    assert not Election.objects.exists()
    assert not AuditEntry.objects.exists()


def test_days_and_hours_must_be_in_order(browser: Client) -> None:
    early = {"early_from": str(DAY - timedelta(3)), "early_to": str(DAY - timedelta(5))}
    answer = enter(browser, **early, polls_open="20:00", polls_close="07:00")
    assert set(answer.context["form"].errors) == {"early_to", "polls_close"}


def test_an_unknown_election_is_not_found(browser: Client) -> None:
    assert browser.get(reverse("staff:election", args=[4711])).status_code == 404


def test_past_elections_are_listed_separately(browser: Client) -> None:
    Election.objects.create(key="old", name="Old vote", kind="general", date=date(2020, 11, 3), division=STATE)
    page = browser.get(reverse("staff:elections")).content.decode()
    assert "No election is coming" in page
    assert "Old vote" in page
