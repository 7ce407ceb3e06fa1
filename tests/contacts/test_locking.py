"""Optimistic locking of a member's contacts."""

import pytest

from apps.accounts.models import User
from apps.contacts import locking
from apps.core.errors import JobFailed

pytestmark = pytest.mark.django_db


def test_a_change_planned_at_an_old_generation_conflicts(member: User) -> None:
    planned = locking.current_generation(member.pk)
    locking.bump_generation(member.pk)
    with pytest.raises(locking.VersionConflictError), locking.change_at(member.pk, planned):
        pass
    current = locking.current_generation(member.pk)
    with locking.change_at(member.pk, current):
        pass
    assert locking.current_generation(member.pk) == current + 1


def test_conflicts_are_retried_up_to_a_limit() -> None:
    attempts: list[int] = []

    def lose_twice() -> str:
        attempts.append(1)
        if len(attempts) < 3:
            raise locking.VersionConflictError
        return "written"

    def always_lose() -> None:
        raise locking.VersionConflictError

    assert locking.retry_on_conflict(lose_twice) == "written"
    with pytest.raises(JobFailed):
        locking.retry_on_conflict(always_lose)
