"""Daily budgets in the database, also under concurrent requests."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
import time_machine
from django.db import connection

from apps.api import services
from apps.api.key_quotas import spent_today
from apps.api.models import ApiKey


@pytest.mark.django_db
def test_a_budget_renews_at_midnight_of_the_installation(new_key: Callable[..., str]) -> None:
    new_key(budget=2)
    key = ApiKey.objects.get()
    # 20:00 on the 20th in New York, which is already the 21st in London.
    with time_machine.travel(datetime.fromisoformat("2026-11-20T20:00:00-05:00"), tick=False):
        assert services.spend(key=key, points=2)
        assert not services.spend(key=key, points=1)
        assert services.seconds_until_tomorrow() == 4 * 3600
    with time_machine.travel(datetime.fromisoformat("2026-11-21T00:00:00-05:00"), tick=False):
        assert not services.spend(key=key, points=3)
        assert services.spend(key=key, points=2)
        assert spent_today(key) == 2


@pytest.mark.django_db
def test_keys_have_budgets_of_their_own(new_key: Callable[..., str]) -> None:
    new_key(budget=1)
    new_key(budget=1)
    one, other = ApiKey.objects.all()
    assert services.spend(key=one, points=1)
    assert not services.spend(key=one, points=1)
    assert services.spend(key=other, points=1)


@pytest.mark.django_db(transaction=True)
def test_concurrent_requests_never_exceed_the_budget(new_key: Callable[..., str]) -> None:
    new_key(budget=5)
    key = ApiKey.objects.get()

    def one(_: int) -> bool:
        try:
            return services.spend(key=key, points=1)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(one, range(12))) == [False] * 7 + [True] * 5
    assert spent_today(key) == 5


@pytest.mark.django_db
def test_a_revoked_key_spends_nothing(new_key: Callable[..., str]) -> None:
    new_key()
    key = ApiKey.objects.get()
    services.revoke_key(prefix=key.prefix)
    assert not services.spend(key=key, points=1)
