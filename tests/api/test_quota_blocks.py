"""Blocks of budgets per process never exceed the budget, and revoked keys end within a second."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.utils import timezone

from apps.api import key_quotas, quota_blocks, services
from apps.api.models import ApiKey


@pytest.fixture
def quota_key(new_key: Callable[..., str]) -> Iterator[tuple[str, ApiKey]]:
    """Return a key of 10,000 points, whose block may grow to 100, with the process's cache cleared."""
    quota_blocks._blocks.clear()
    quota_blocks.clear_key_cache()
    key = new_key(budget=10_000)
    yield key, ApiKey.objects.get()
    quota_blocks._blocks.clear()
    quota_blocks.clear_key_cache()


@pytest.mark.django_db(transaction=True)
def test_a_block_is_reserved_before_it_is_spent_and_grows_with_use(quota_key: tuple[str, ApiKey]) -> None:
    _, row = quota_key
    for used in range(1, 400):
        assert services.spend(key=row, points=1)
        assert used <= key_quotas.spent_today(row) <= min(2 * used, used + 100)
    quota_blocks.return_all_blocks()
    assert key_quotas.spent_today(row) == 399


@pytest.mark.django_db(transaction=True)
def test_most_requests_of_a_busy_key_run_no_query(
    quota_key: tuple[str, ApiKey], django_assert_max_num_queries: Any
) -> None:
    key, row = quota_key
    with django_assert_max_num_queries(140):  # five statements a block of 100
        for _ in range(2_000):
            assert services.get_live_key(key) == row
            assert services.spend(key=row, points=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_two_processes_never_spend_more_than_the_budget(quota_key: tuple[str, ApiKey]) -> None:
    _, row = quota_key
    one, other = quota_blocks.QuotaBlock(row), quota_blocks.QuotaBlock(row)
    answered = sum(block.spend(1) for _ in range(6_000) for block in (one, other))
    assert answered == 10_000
    assert not one.spend(1)
    assert not other.spend(1)
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert one.spend(1)
        assert key_quotas.spent_today(row) == 1


@pytest.mark.django_db(transaction=True)
def test_a_key_revoked_in_another_process_is_refused_within_a_second(
    quota_key: tuple[str, ApiKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, row = quota_key
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    assert services.get_live_key(key) == row
    ApiKey.objects.update(revoked_at=timezone.now())
    now += quota_blocks.KEY_SECONDS
    assert services.get_live_key(key) is None


@pytest.mark.django_db(transaction=True)
def test_a_key_revoked_in_this_process_is_refused_at_once(quota_key: tuple[str, ApiKey]) -> None:
    key, row = quota_key
    assert services.get_live_key(key) == row
    services.revoke_key(prefix=row.prefix)
    assert services.get_live_key(key) is None


@pytest.mark.django_db(transaction=True)
def test_without_the_database_no_block_is_reserved(
    quota_key: tuple[str, ApiKey], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, row = quota_key
    assert all(services.spend(key=row, points=1) for _ in range(5))
    held = quota_blocks._blocks[connection.settings_dict["NAME"], row.pk]._left

    def down(**_: Any) -> bool:
        raise DatabaseError

    monkeypatch.setattr(key_quotas, "reserve_points", down)
    assert all(services.spend(key=row, points=1) for _ in range(held))
    with pytest.raises(DatabaseError):
        services.spend(key=row, points=1)
