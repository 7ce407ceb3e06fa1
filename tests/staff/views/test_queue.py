"""Queues of cases from the oldest to the last; each access is logged."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.cases import services as cases
from apps.cases.models import Case
from apps.jobs.models import Job

KIND = "test_claims"


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register a kind that shows personal fields, for these tests only."""
    monkeypatch.setattr(cases, "_kinds", {})
    cases.register_kind(
        KIND,
        title="Second claims",
        role="steward",
        answers=[("same", "Same person", "s"), ("other", "Not the same", "n")],
        reads=["name", "address"],
    )


@pytest.fixture
def three(db: None) -> list[Case]:
    """Open three cases, the oldest first."""
    return [cases.open_case(kind=KIND, subject_id=number, key=str(number)) for number in range(3)]


def _post(client: Client, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"staff:{name}", args=[KIND, *args]), data)


def test_cases_are_decided_from_the_oldest_to_the_last(
    three: list[Case], steward: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(steward)
    answer = _post(client, "start")
    for case in three:
        assert answer.url == reverse("staff:case", args=[KIND, case.pk])
        page = client.get(answer.url)
        assert b'data-key="s"' in page.content
        answer = _post(client, "answer", case.pk, answer="same", note="spelling")
    assert answer.url == reverse("staff:queue", args=[KIND])
    assert b"Nothing is left" in client.get(answer.url).content
    assert not Case.objects.exclude(state="answered").exists()


def test_a_decision_can_be_retracted_for_ten_minutes(
    three: list[Case], steward: User, client_of: Callable[[User], Client], run_jobs: Callable[[], int]
) -> None:
    client = client_of(steward)
    _post(client, "take", three[0].pk)
    after = client.get(_post(client, "answer", three[0].pk, answer="same").url)
    assert reverse("staff:take_back", args=[KIND, three[0].pk]).encode() in after.content
    assert b"answered: Same person" in after.content
    run_jobs()
    back = _post(client, "take_back", three[0].pk)
    assert back.url == reverse("staff:case", args=[KIND, three[0].pk])
    assert Case.objects.get(pk=three[0].pk).state == "taken"
    assert not AuditEntry.objects.filter(action="case.closed").exists()


def test_a_decision_is_final_after_ten_minutes(
    three: list[Case], steward: User, client_of: Callable[[User], Client], run_jobs: Callable[[], int]
) -> None:
    client = client_of(steward)
    _post(client, "take", three[0].pk)
    _post(client, "answer", three[0].pk, answer="same")
    Case.objects.update(closed_at=timezone.now() - timedelta(minutes=11))
    Job.objects.update(not_before=None)
    run_jobs()
    assert Case.objects.get(pk=three[0].pk).state == "closed"
    assert AuditEntry.objects.get(action="case.closed").facts["answer"] == "same"
    page = client.get(_post(client, "take_back", three[0].pk).url)
    assert b"cannot be taken back" in page.content


def test_only_the_author_retracts_a_decision(
    three: list[Case], steward: User, other_steward: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(steward)
    _post(client, "take", three[0].pk)
    _post(client, "answer", three[0].pk, answer="same")
    other = client_of(other_steward)
    assert b"take-back" not in other.get(reverse("staff:queue", args=[KIND])).content
    _post(other, "take_back", three[0].pk)
    assert Case.objects.get(pk=three[0].pk).state == "answered"


def test_access_is_logged_before_the_page(
    three: list[Case], steward: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(steward)
    client.get(reverse("staff:case", args=[KIND, three[0].pk]))
    assert not AuditEntry.objects.filter(kind="read").exists()
    _post(client, "take", three[0].pk)
    client.get(reverse("staff:case", args=[KIND, three[0].pk]))
    entry = AuditEntry.objects.get(kind="read")
    assert (entry.subject, entry.fields) == (f"cases.case:{three[0].pk}", ["address", "name"])
    assert entry.reason == f"To decide case {three[0].pk}"


def test_skipping_releases_a_case(three: list[Case], steward: User, client_of: Callable[[User], Client]) -> None:
    client = client_of(steward)
    _post(client, "start")
    answer = _post(client, "skip", three[0].pk)
    assert answer.url == reverse("staff:case", args=[KIND, three[1].pk])
    assert Case.objects.get(pk=three[0].pk).state == "waiting"


def test_a_case_taken_by_another_user_shows_no_details(
    three: list[Case], steward: User, other_steward: User, client_of: Callable[[User], Client]
) -> None:
    _post(client_of(steward), "take", three[0].pk)
    client = client_of(other_steward)
    page = client.get(reverse("staff:case", args=[KIND, three[0].pk]))
    assert b"Another staff member is looking at this case" in page.content
    assert b"data-key" not in page.content
    _post(client, "answer", three[0].pk, answer="same")
    assert Case.objects.get(pk=three[0].pk).state == "taken"
    assert not AuditEntry.objects.filter(kind="read").exists()


def test_queues_of_other_roles_are_not_found(
    three: list[Case], organizer: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(organizer)
    assert client.get(reverse("staff:queue", args=[KIND])).status_code == 404
    assert client.get(reverse("staff:case", args=[KIND, three[0].pk])).status_code == 404
    assert _post(client, "take", three[0].pk).status_code == 404
    assert _post(client, "start").status_code == 404


def test_an_unregistered_queue_is_not_found(steward: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(steward).get(reverse("staff:queue", args=["whatever"])).status_code == 404


def test_an_unknown_decision_changes_nothing(
    three: list[Case], steward: User, client_of: Callable[[User], Client]
) -> None:
    client = client_of(steward)
    _post(client, "take", three[0].pk)
    _post(client, "answer", three[0].pk, answer="whatever")
    assert Case.objects.get(pk=three[0].pk).state == "taken"


def test_a_case_that_waits_for_a_second_person_is_marked_for_the_first(
    steward: User, other_steward: User, client_of: Callable[[User], Client]
) -> None:
    cases.register_kind(KIND, title="Two", role="steward", first_people=lambda case: {case.subject_id})
    cases.open_case(kind=KIND, subject_id=steward.pk, key="1")
    pages = [client_of(who).get(reverse("staff:queue", args=[KIND])).content for who in (steward, other_steward)]
    assert [b"For a second person" in page for page in pages] == [True, False]
