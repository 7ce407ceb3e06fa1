"""Limits of look-ups: spent first, exactly, and failing closed."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import RequestFactory
from django.utils import timezone

from apps.accounts.models import User
from apps.cases.models import Case
from apps.core import quotas as core_quotas
from apps.core.models import QuotaUse
from apps.core.quotas import QuotaExceeded
from apps.verification import quotas
from apps.verification.models import Attempt
from apps.verification.quotas import Origin, VoterCounts
from tests.verification.helpers import ABSENT, ME, ClientOf, post

VOTER = ("HD", "00000040")


@pytest.mark.usefixtures("roll")
def test_the_fourth_lookup_of_a_day_is_refused_before_the_questions(member: User, client_of: ClientOf) -> None:
    client = client_of(member)
    for left in (3, 2, 1):
        assert f"You have {left} of 3 checks left" in client.get("/registration/find/").content.decode()
        assert post(client, ABSENT).status_code == 302
    assert b"The next is free" in client.get("/registration/find/").content
    page = post(client, ABSENT)
    assert page.status_code == 429
    assert 0 < int(page["Retry-After"]) <= 86_400
    assert Attempt.objects.count() == 3


def _spend(member: User, origin: Origin, free: int | None = None) -> None:
    quotas.spend_lookup(member=member, origin=origin, free_snapshot=free)


def test_an_evening_of_sixty_people_on_one_invited_network(make_member: Callable[..., User]) -> None:
    """60 look-ups of a network; an organizer's invitation adds 200 for one place."""
    members = [make_member(f"phone{number}@example.org") for number in range(20)]
    for number in range(60):
        _spend(members[number // 3], Origin("192.0.2.0/24"))
    late = make_member("late@example.org")
    with pytest.raises(QuotaExceeded):
        _spend(late, Origin("192.0.2.0/24"))
    _spend(late, Origin("192.0.2.0/24", invitation="7"))
    assert quotas.allowance(late).remaining == 2
    assert core_quotas.used(quotas.invitation_limit("7")) == 1


def test_an_invitation_in_the_session_is_read_and_a_forged_one_ignored(rf: RequestFactory) -> None:
    request = rf.get("/")
    for token, invitation in ((quotas.sign_invitation(7), "7"), ("7:forged", ""), ("", "")):
        request.session = {quotas.INVITATION_SESSION_KEY: token}  # type: ignore[assignment]
        assert quotas.origin_of(request).invitation == invitation


def test_the_total_alarms_at_half_and_closes_only_for_new_uninvited_accounts(
    settings: Any, make_member: Callable[..., User]
) -> None:
    settings.LOOKUPS_PER_DAY = 4
    members = [make_member(f"asks{n}@example.org") for n in range(3)]
    new, old, invited = members
    alarms = [
        quotas.spend_lookup(member=new, origin=Origin("a"), free_snapshot=None),
        quotas.spend_lookup(member=new, origin=Origin("b"), free_snapshot=None),
        quotas.spend_lookup(member=old, origin=Origin("b"), free_snapshot=None),
        quotas.spend_lookup(member=old, origin=Origin("b"), free_snapshot=None),
    ]
    assert alarms == [False, True, False, False]
    User.objects.filter(pk=old.pk).update(joined_at=timezone.now() - timedelta(days=8))
    old.refresh_from_db()
    with pytest.raises(QuotaExceeded):
        _spend(new, Origin("c"))
    _spend(old, Origin("c"))
    _spend(invited, Origin("c", invitation="7"))


@pytest.mark.usefixtures("roll")
def test_half_of_the_total_opens_one_case(settings: Any, member: User, client_of: ClientOf) -> None:
    settings.LOOKUPS_PER_DAY = 4
    client = client_of(member)
    for _ in range(3):
        post(client, ABSENT)
    assert Case.objects.get().kind == "lookup_total"


def test_a_new_roll_gives_one_free_lookup(member: User) -> None:
    for _ in range(2):
        _spend(member, Origin("n"), free=5)
    assert quotas.allowance(member).remaining == 2


def test_wrong_dates_are_limited_by_month_and_by_year(member: User) -> None:
    wrong, right = VoterCounts(wrong_date=[VOTER]), VoterCounts(matched=[VOTER])
    now = timezone.now()
    for month, is_open in ((0, False), (40, False), (80, False), (366 + 45, True)):
        with time_machine.travel(now + timedelta(days=month)):
            if month < 80:
                quotas.spend_voters(wrong, "a")
                assert quotas.spend_voters(right, "a") is True
                quotas.spend_voters(wrong, "a")
            assert quotas.spend_voters(right, "a") is is_open


@pytest.mark.django_db
def test_a_right_lookup_counts_nothing() -> None:
    for _ in range(9):
        assert quotas.spend_voters(VoterCounts(matched=[VOTER]), "x") is True


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_are_counted_exactly() -> None:
    """Ten guesses at once: never more than five wrong ones are answered before the right one."""
    gate = threading.Barrier(10)
    errors: list[BaseException] = []

    def guess() -> None:
        try:
            gate.wait(10)
            quotas.spend_voters(VoterCounts(wrong_door=[VOTER]), "x")
        except BaseException as error:  # noqa: BLE001 - shown by the assertion
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert QuotaUse.objects.get(scope="lookup.door").used == 5
    assert quotas.spend_voters(VoterCounts(matched=[VOTER]), "x") is False


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


def test_lookups_lists_and_suppressions_share_two_birth_dates(member: User) -> None:
    """On a roll with years only, two guesses in each channel named three times as many birth years."""
    quotas.spend_suppression(VoterCounts(wrong_date=[VOTER]), "suppression")
    quotas.spend_list([VoterCounts(wrong_date=[VOTER])])
    right = VoterCounts(matched=[VOTER])
    assert not quotas.spend_voters(right, "look-up")
    assert not quotas.spend_suppression(right, "suppression")
    assert quotas.spend_list([right]) == [False]


def test_wrong_doors_of_a_list_leave_the_own_lookup(member: User) -> None:
    """An outdated list of a partner must not close the look-ups of the people on it."""
    quotas.spend_list([VoterCounts(wrong_door=[VOTER])] * 6)
    assert quotas.spend_voters(VoterCounts(matched=[VOTER]), "own look-up")
