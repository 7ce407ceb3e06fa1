"""Limits: counted exactly and before the response, per key and window, in one statement for thousands."""

import threading
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from apps.core import quotas
from apps.core.models import QuotaUse
from apps.core.quotas import Limit, QuotaExceeded, key_for

pytestmark = pytest.mark.django_db
ANN, BOB = key_for("account", 1), key_for("account", 2)


def account(key: bytes = ANN, **changes: Any) -> Limit:
    return Limit(**{"scope": "test.account", "key": key, "maximum": 3, **changes})


def test_a_limit_is_spent_to_its_maximum_and_then_refused() -> None:
    for _ in range(3):
        quotas.spend(account())
    with pytest.raises(QuotaExceeded) as refused:
        quotas.spend(account())
    assert refused.value.free_on == timezone.localdate() + timedelta(days=1)
    assert quotas.left(account()) == 0
    quotas.spend(account(BOB))


def test_a_refused_request_counts_against_none_of_its_limits() -> None:
    network = Limit("test.network", key_for("network", "192.0.2.0/24"), 1)
    quotas.spend(network)
    with pytest.raises(QuotaExceeded) as refused:
        quotas.spend(account(), network)
    assert refused.value.limit == network
    assert quotas.used(account()) == 0


def test_the_same_key_in_another_scope_has_its_own_counter() -> None:
    quotas.spend(account())
    assert quotas.used(account(scope="test.other")) == 0


def test_uses_expire_day_by_day() -> None:
    monthly = account(days=30, maximum=2)
    with time_machine.travel("2026-03-01 12:00 -0500", tick=False):
        quotas.spend(monthly)
    with time_machine.travel("2026-03-20 12:00 -0500", tick=False):
        quotas.spend(monthly)
        with pytest.raises(QuotaExceeded) as refused:
            quotas.spend(monthly)
        assert refused.value.free_on == date(2026, 3, 31)
    with time_machine.travel("2026-03-31 12:00 -0400", tick=False):
        quotas.spend(monthly)
        assert quotas.left(monthly) == 0


def test_a_clock_that_was_set_back_frees_nothing() -> None:
    with time_machine.travel("2026-03-20 12:00 -0500", tick=False):
        for _ in range(3):
            quotas.spend(account())
    with time_machine.travel("2026-03-19 12:00 -0500", tick=False), pytest.raises(QuotaExceeded):
        quotas.spend(account())


def test_a_batch_grants_what_fits_in_order_and_in_few_statements(django_assert_max_num_queries: Any) -> None:
    shared = account(maximum=1000)
    requests = [[shared, Limit("test.voter", key_for("voter", number % 700), 1)] for number in range(1200)]
    with django_assert_max_num_queries(8):
        granted = quotas.spend_each(requests)
    assert granted == [True] * 700 + [False] * 500
    assert quotas.used(shared) == 700


def test_a_block_is_reserved_as_far_as_it_goes_and_unused_parts_come_back() -> None:
    block = account(maximum=10, amount=8)
    assert quotas.reserve(block) == 8
    assert quotas.reserve(block) == 2
    assert quotas.reserve(block) == 0
    quotas.release(block, 5)
    assert quotas.reserve(block) == 5


def test_old_counters_are_purged() -> None:
    with time_machine.travel(timezone.now() - timedelta(days=400), tick=False):
        quotas.spend(account())
    quotas.spend(account(BOB))
    assert quotas.purge() == 1
    assert QuotaUse.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_never_exceed_a_limit() -> None:
    granted: list[bool] = []

    def ask() -> None:
        try:
            quotas.spend(account())
            granted.append(True)
        except QuotaExceeded:
            granted.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(granted) == [False] * 9 + [True] * 3


def test_used_each_reads_many_counters_without_counting() -> None:
    quotas.spend(account())
    quotas.spend(account())
    limits = [account(), account(BOB), account(scope="test.other")]
    assert quotas.used_each(limits) == [2, 0, 0]
    assert quotas.used_each(limits) == [2, 0, 0]
    assert quotas.used_each([]) == []


def test_an_uncounted_limit_grants_only_while_one_more_use_would_fit() -> None:
    for left in (3, 2, 1):
        assert quotas.spend_each([[account().uncounted()]]) == [True]
        assert quotas.left(account()) == left
        quotas.spend(account())
    assert quotas.spend_each([[account().uncounted()]]) == [False]
    assert QuotaUse.objects.get(scope="test.account").used == 3


def test_an_uncounted_limit_of_an_uncounted_limit_is_the_same() -> None:
    assert account().uncounted().uncounted() == account().uncounted()


def test_an_amount_of_zero_writes_no_row() -> None:
    quotas.spend(account(amount=0))
    assert not QuotaUse.objects.exists()
