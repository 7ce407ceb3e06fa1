"""Quotas of look-ups: spent first, per account, network and target, failing closed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import RequestFactory

from apps.accounts.models import User
from apps.cases.models import Case
from apps.verification import quotas
from apps.verification.models import Attempt, Claim, QuotaUse
from tests.verification.helpers import ABSENT, ME, ClientOf, form_of, post


@pytest.mark.usefixtures("roll")
def test_the_fourth_lookup_of_a_day_is_rejected(member: User, client_of: ClientOf) -> None:
    client = client_of(member)
    for _ in range(3):
        assert post(client, ABSENT).status_code == 302
    page = post(client, ABSENT)
    assert page.status_code == 429
    assert 86_000 < int(page["Retry-After"]) <= 86_400
    assert b"The next is free" in page.content
    assert Attempt.objects.count() == 3


@pytest.mark.usefixtures("roll")
def test_the_sixth_account_on_one_target_is_flagged_and_reads_as_not_found(
    make_member: Callable[..., User], client_of: ClientOf, run_jobs: Callable[[], int]
) -> None:
    for number in range(6):
        member = make_member(f"asks{number}@example.org")
        year = str(1950 + number) if number < 5 else ME["dob"][:4]
        post(client_of(member), ME, dob_year=year)
    run_jobs()
    held = Attempt.objects.get(is_flagged=True)
    assert (held.member, held.state) == (member, "not_found")
    assert Case.objects.get(kind="busy_target").member == member
    page = client_of(member).get(f"/registration/looks/{held.pk}/")
    assert b"We did not find your registration" in page.content
    assert not Claim.objects.filter(member=member).exists()


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "network"),
    [
        ("203.0.113.7", "198.51.100.1", 0, "203.0.113.0/24"),
        ("203.0.113.7", "", 0, "203.0.113.0/24"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.9", 1, "198.51.100.0/24"),
        ("10.0.0.1", "198.51.100.9, 10.0.0.2", 2, "198.51.100.0/24"),
        ("2001:db8:1:2::3", "", 0, "2001:db8:1::/48"),
        ("", "", 0, "unknown"),
    ],
)
def test_forwarded_addresses_count_only_behind_known_proxies(
    settings: Any, peer: str, forwarded: str, proxies: int, network: str
) -> None:
    """S4: a forged header from one peer is one network."""
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert quotas.client_network(request) == network


@pytest.mark.usefixtures("roll")
def test_a_network_has_its_own_quota(
    make_member: Callable[..., User], client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "LOOKUPS_PER_NETWORK_AND_DAY", 4)
    answers = []
    for number in range(5):
        client = client_of(make_member(f"asks{number}@example.org"))
        answers.append(client.post("/registration/find/", _form_at(number), HTTP_X_FORWARDED_FOR=f"6.6.6.{number}"))
    assert [answer.status_code for answer in answers] == [302, 302, 302, 302, 429]


def _form_at(number: int) -> dict[str, str]:

    return form_of(ABSENT, address=f"{number + 1} Mill Street")


@pytest.mark.usefixtures("roll")
def test_a_failing_quota_answers_nothing(member: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    """S3: closed, never unlimited."""

    def down(*_: object, **__: object) -> None:
        raise DatabaseError("the table is away")

    monkeypatch.setattr(QuotaUse.objects, "bulk_create", down)
    client = client_of(member)
    client.raise_request_exception = False
    assert post(client, ME).status_code == 500
    assert not Attempt.objects.exists()


def test_old_use_is_deleted(member: User) -> None:
    from datetime import timedelta

    from django.utils import timezone

    quotas.spend(member=member, network="n", target=b"t" * 16)
    QuotaUse.objects.filter(kind="account").update(used_at=timezone.now() - timedelta(days=8))
    assert quotas.purge_use(timezone.now()) == 1
    assert QuotaUse.objects.count() == 2
