"""The staff home page: queues, their age, and what is late."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.cases import services as cases
from apps.cases.models import Case
from apps.jobs.models import Job
from apps.staff import queues


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> str:
    """Register a kind for these tests only."""
    monkeypatch.setattr(cases, "_kinds", {})
    cases.register_kind("test_claims", title="Second claims", role="steward", answers=[("yes", "Yes", "y")])
    return "test_claims"


def _queue(user: User, title: str) -> queues.Queue:
    return next(queue for queue in queues.queues_for(user) if str(queue.title) == title)


def test_a_queue_counts_open_cases(kind: str, steward: User, client_of: Callable[[User], Client]) -> None:
    for key in "abc":
        cases.open_case(kind=kind, subject_id=1, key=key)
    page = client_of(steward).get(reverse("staff:home"))
    assert b"Second claims" in page.content
    assert _queue(steward, "Second claims").waiting == 3
    assert reverse("staff:queue", args=[kind]).encode() in page.content


def test_a_case_beyond_its_target_time_is_late(kind: str, steward: User) -> None:
    cases.open_case(kind=kind, subject_id=1, key="a")
    assert not _queue(steward, "Second claims").late
    Case.objects.update(opened_at=timezone.now() - timedelta(hours=25))
    assert _queue(steward, "Second claims").late


def test_roles_have_their_own_queues(kind: str, organizer: User, owner: User) -> None:
    assert "Second claims" not in {str(queue.title) for queue in queues.queues_for(organizer)}
    assert {str(queue.title) for queue in queues.queues_for(owner)} >= {"Second claims", "Failed jobs"}


def test_failed_jobs_are_shown_to_owners(kind: str, owner: User) -> None:
    Job.objects.create(task="default.canary", key="1", state="dead", finished_at=timezone.now() - timedelta(hours=2))
    queue = _queue(owner, "Failed jobs")
    assert (queue.waiting, queue.late) == (1, True)


def test_flags_are_shown_to_owners_only(owner: User, steward: User, client_of: Callable[[User], Client]) -> None:
    home = reverse("staff:home")
    assert b"components" in client_of(owner).get(home).content
    assert b"components" not in client_of(steward).get(home).content


def test_the_page_needs_few_queries(
    kind: str, owner: User, client_of: Callable[[User], Client], django_assert_max_num_queries: Any
) -> None:
    for key in range(30):
        cases.open_case(kind=kind, subject_id=1, key=str(key))
    client = client_of(owner)
    client.get(reverse("staff:home"))
    with django_assert_max_num_queries(12):
        client.get(reverse("staff:home"))
