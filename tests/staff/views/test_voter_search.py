"""Search of the roll: stewards only, with a reason that is logged first."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.cases.models import Case
from apps.core.errors import BackendUnavailable
from apps.staff import people_limits
from apps.staff.views import voter_search as view
from apps.voters.models import Suppression
from apps.voters.search.base import VoterHit
from apps.voters.suppression import is_suppressed

REASON = "Ticket 12 of Monday"
QUERY = {"reason": REASON, "last_name": "Paz", "first_name": "Nora"}
HIT = VoterHit("HD", "H-1", "Nora", "", "Paz<script>", "", "Port Ansel", "00417", "1984", "active")


class Index:
    """An index that records its queries, and whether the access was already logged."""

    asked: Mapping[str, str] | None = None
    written = 0

    def search_people(self, query: Mapping[str, str], limit: int) -> list[VoterHit]:
        """Return one voter."""
        del limit
        self.asked, self.written = query, AuditEntry.objects.count()
        return [HIT]


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Index:
    """Replace the real index."""
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
    assert (entry.actor_id, entry.reason, entry.fields) == (steward.pk, REASON, ["first_name", "last_name"])
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
    assert AuditEntry.objects.get().reason == REASON


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


def test_people_per_day_are_limited_and_owners_alerted_at_half(
    index: Index, steward: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_limits, "PEOPLE_PER_DAY", 4)
    client = client_of(steward)
    assert _search(client).status_code == 200
    assert not Case.objects.exists()
    assert [_search(client).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert AuditEntry.objects.count() == 4
    assert Case.objects.get().kind == "staff_search"


def test_a_street_is_masked_until_it_is_opened_and_counts(
    index: Index, steward: User, client_of: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(steward)
    page = _search(client)
    assert b"Open the street" in page.content
    opened = client.post(reverse("staff:street"), {"state": "HD", "voter_id": "H-1", "reason": REASON})
    assert opened.status_code == 200
    assert AuditEntry.objects.latest("number").fields == ["address"]
    assert people_limits.left(steward) == people_limits.PEOPLE_PER_DAY - 2
    monkeypatch.setattr(people_limits, "PEOPLE_PER_DAY", 2)
    refused = client.post(reverse("staff:street"), {"state": "HD", "voter_id": "H-1", "reason": REASON})
    assert refused.status_code == 302


def test_a_taken_case_stands_for_the_reason(
    index: Index, steward: User, other_steward: User, client_of: Callable[[User], Client]
) -> None:
    row = Case.objects.create(kind="x", subject_id=1, key="1", state="taken", taken_by=steward)
    assert index.asked is None
    assert b"no case that you have taken" in _search(client_of(other_steward), case=str(row.pk), reason="").content
    assert index.asked is None
    _search(client_of(steward), case=str(row.pk), reason="")
    assert AuditEntry.objects.get().reason == f"Case {row.pk}"


@pytest.mark.parametrize("reason", ["", "too short", "              x"])
def test_a_reason_has_fifteen_characters(
    reason: str, index: Index, steward: User, client_of: Callable[[User], Client]
) -> None:
    assert b"15 characters or more" in _search(client_of(steward), reason=reason).content
    assert index.asked is None


def test_a_last_name_of_one_letter_is_an_error_of_the_form(steward: User, client_of: Callable[[User], Client]) -> None:
    """Regression test: the search itself refuses such a name, which was a server error."""
    for name in ("a", "李", "'"):
        page = _search(client_of(steward), last_name=name)
        assert page.status_code == 200
        assert b"at least two letters" in page.content
    assert people_limits.left(steward) == people_limits.PEOPLE_PER_DAY


@pytest.mark.django_db(transaction=True)
def test_parallel_searches_see_fifty_people_at_most(steward: User) -> None:
    gate = threading.Barrier(6)
    seen: list[int] = []

    def search() -> None:
        try:
            gate.wait(10)
            seen.append(people_limits.reserve(steward, 25))
        finally:
            connection.close()

    threads = [threading.Thread(target=search) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seen) == [0, 0, 0, 0, 25, 25]
