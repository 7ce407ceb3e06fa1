"""Search of the roll: stewards only, with a reason that is logged first."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.core.errors import BackendUnavailable
from apps.staff.views import voter_search as view
from apps.voters.models import Suppression
from apps.voters.search.base import VoterHit
from apps.voters.suppression import is_suppressed

QUERY = {"reason": "Ticket 12", "last_name": "Paz", "first_name": "Nora"}
HIT = VoterHit("HD", "H-1", "Nora", "", "Paz<script>", "", "Port Ansel", "00417", "1984", "active")


class Index:
    """An index that notes what it was asked, and whether the look was already written down."""

    asked: Mapping[str, str] | None = None
    written = 0

    def search_people(self, query: Mapping[str, str], limit: int) -> list[VoterHit]:
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
    return client.post(reverse("staff:people"), {**QUERY, **more})


def test_a_search_is_logged_before_it_runs(index: Index, steward: User, client_of: Callable[[User], Client]) -> None:
    page = _search(client_of(steward))
    assert index.asked == {"last_name": "Paz", "first_name": "Nora"}
    assert index.written == 1
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.reason, entry.fields) == (steward.pk, "Ticket 12", ["first_name", "last_name"])
    assert b"<mark>Paz</mark>&lt;script&gt;" in page.content


def test_a_search_requires_a_reason(index: Index, steward: User, client_of: Callable[[User], Client]) -> None:
    page = _search(client_of(steward), reason="  ")
    assert b"Say why" in page.content
    assert index.asked is None
    assert not AuditEntry.objects.exists()


def test_a_failing_search_is_logged(index: Index, steward: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "search_people", lambda *_: 1 / 0)
    client = Client(raise_request_exception=False)
    client.force_login(steward)
    assert _search(client).status_code == 500
    assert AuditEntry.objects.get().reason == "Ticket 12"


def test_the_log_contains_no_name(index: Index, steward: User, client_of: Callable[[User], Client]) -> None:
    _search(client_of(steward))
    entry = AuditEntry.objects.get()
    assert "Paz" not in f"{entry.subject} {entry.fields} {entry.reason} {entry.facts}"


@pytest.mark.parametrize("who", ["member", "organizer", "auditor"])
def test_only_stewards_search(
    who: str, index: Index, request: pytest.FixtureRequest, db: None, client_of: Callable[[User], Client]
) -> None:
    assert _search(client_of(request.getfixturevalue(who))).status_code == 404
    assert index.asked is None


def test_a_name_in_the_url_is_ignored(index: Index, steward: User, client_of: Callable[[User], Client]) -> None:
    client_of(steward).get(reverse("staff:people"), QUERY)
    assert index.asked is None


@pytest.mark.parametrize("more", [{"zip": "4"}, {"birth_year": "84"}, {"last_name": ""}])
def test_invalid_searches_are_explained(
    more: dict[str, str], index: Index, steward: User, client_of: Callable[[User], Client]
) -> None:
    assert b"to fix" in _search(client_of(steward), **more).content.lower()
    assert index.asked is None


def test_a_voter_is_suppressed(steward: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(steward)
    client.post(reverse("staff:protect"), {"state": "HD", "voter_id": "H-1"})
    assert not Suppression.objects.exists()
    client.post(reverse("staff:protect"), {"state": "HD", "voter_id": "H-1", "reason": "Asked by letter"})
    assert is_suppressed("HD", "H-1")
    entry = AuditEntry.objects.get(action="voter.taken_off")
    assert "H-1" not in f"{entry.subject} {entry.facts}"


def test_matching_values_are_marked_and_filters_passed(
    index: Index, steward: User, client_of: Callable[[User], Client]
) -> None:
    page = _search(client_of(steward), first_name="no", last_name="p", state="hd")
    assert index.asked == {"last_name": "p", "first_name": "no", "state": "hd"}
    assert "<mark>No</mark>ra" in page.content.decode().replace("\n", "")
    assert "<mark>P</mark>az&lt;script&gt;" in page.content.decode()


def test_an_unavailable_server_falls_back_to_the_embedded_index(
    steward: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> None:
        raise BackendUnavailable("nobody answers")

    monkeypatch.setattr(view, "voter_index", away)
    page = _search(client_of(steward))
    assert page.status_code == 200
    assert b"The search server does not answer" in page.content


def test_searches_per_day_are_limited(
    index: Index, steward: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "SEARCHES_PER_DAY", 2)
    client = client_of(steward)
    assert [_search(client).status_code for _ in range(3)] == [200, 200, 429]
    assert AuditEntry.objects.count() == 2
