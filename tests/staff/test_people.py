"""Search of the roll: stewards only, a reason first, written down before the answer."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.records.models import AuditEntry
from apps.staff.views import people as view
from apps.voters.models import Suppression
from apps.voters.search.base import Hit
from apps.voters.suppression import is_suppressed

ASKED = {"reason": "Ticket 12", "last_name": "Paz", "first_name": "Nora"}
HIT = Hit("HD", "H-1", "Nora", "", "Paz<script>", "", "Port Ansel", "00417", "1984", "active")


class Index:
    """An index that notes what it was asked, and whether the look was already written down."""

    asked: Mapping[str, str] | None = None
    written = 0

    def search_people(self, query: Mapping[str, str], limit: int) -> list[Hit]:
        """Return one voter."""
        del limit
        self.asked, self.written = query, AuditEntry.objects.count()
        return [HIT]


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Index:
    """Put the index of these tests in the place of the real one."""
    made = Index()
    monkeypatch.setattr(view, "voter_index", lambda: made)
    return made


def _search(client: Client, **more: str) -> Any:
    return client.post(reverse("staff:people"), {**ASKED, **more})


def test_the_look_is_written_down_before_the_index_is_asked(
    index: Index, steward: User, client_of: Callable[[User], Client]
) -> None:
    page = _search(client_of(steward))
    assert index.asked == {"last_name": "Paz", "first_name": "Nora"}
    assert index.written == 1
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.reason, entry.fields) == (steward.pk, "Ticket 12", ["first_name", "last_name"])
    assert b"Paz&lt;script&gt;" in page.content


def test_without_a_reason_nothing_is_asked(index: Index, steward: User, client_of: Callable[[User], Client]) -> None:
    page = _search(client_of(steward), reason="  ")
    assert b"Say why" in page.content
    assert index.asked is None
    assert not AuditEntry.objects.exists()


def test_a_page_that_fails_has_been_asked_for_all_the_same(
    index: Index, steward: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "search_people", lambda *_: 1 / 0)
    client = Client(raise_request_exception=False)
    client.force_login(steward)
    assert _search(client).status_code == 500
    assert AuditEntry.objects.get().reason == "Ticket 12"


def test_the_log_holds_no_name(index: Index, steward: User, client_of: Callable[[User], Client]) -> None:
    _search(client_of(steward))
    entry = AuditEntry.objects.get()
    assert "Paz" not in f"{entry.subject} {entry.fields} {entry.reason} {entry.facts}"


@pytest.mark.parametrize("who", ["member", "organiser", "auditor"])
def test_nobody_else_searches(
    who: str, index: Index, request: pytest.FixtureRequest, db: None, client_of: Callable[[User], Client]
) -> None:
    assert _search(client_of(request.getfixturevalue(who))).status_code == 404
    assert index.asked is None


def test_a_name_in_an_address_is_not_looked_at(
    index: Index, steward: User, client_of: Callable[[User], Client]
) -> None:
    client_of(steward).get(reverse("staff:people"), ASKED)
    assert index.asked is None


@pytest.mark.parametrize("more", [{"zip": "4"}, {"birth_year": "84"}, {"last_name": ""}])
def test_what_cannot_be_searched_is_said(
    more: dict[str, str], index: Index, steward: User, client_of: Callable[[User], Client]
) -> None:
    assert b"to fix" in _search(client_of(steward), **more).content.lower()
    assert index.asked is None


def test_taking_a_voter_off(steward: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(steward)
    client.post(reverse("staff:protect"), {"state": "HD", "voter_id": "H-1"})
    assert not Suppression.objects.exists()
    client.post(reverse("staff:protect"), {"state": "HD", "voter_id": "H-1", "reason": "Asked by letter"})
    assert is_suppressed("HD", "H-1")
    entry = AuditEntry.objects.get(action="voter.taken_off")
    assert "H-1" not in f"{entry.subject} {entry.facts}"
