"""Every rule of the retention table, with a stopped clock: a row stays until its days have passed, and then goes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import DataExport, User
from apps.api.lists.models import PartnerList
from apps.api.services import create_key
from apps.contacts.models import Contact, OptOutRequest, Revocation
from apps.core.models import QuotaUse
from apps.notifications.models import Notice, OutgoingEmail
from apps.privacy import registry as privacy
from apps.verification.models import Attempt, Claim, Letter, SuppressionRequest

pytestmark = pytest.mark.django_db
Left = Callable[[], int]
Make = Callable[[User], "QuerySet[Any] | Left"]


def _row(model: Any, **fields: object) -> "QuerySet[Any]":
    row = model.objects.create(**fields)
    return model.objects.filter(pk=row.pk)


def _unconfirmed(_member: User) -> "QuerySet[Any]":
    user = User.objects.create_user("new@example.org", "a long password")
    EmailAddress.objects.create(user=user, email=user.email, verified=False)
    return User.objects.filter(pk=user.pk)


def _quota(_member: User) -> "QuerySet[Any]":
    return _row(QuotaUse, scope="test", key=b"k" * 16, day=timezone.localdate(), used=1)


def _partner_list(_member: User) -> "QuerySet[Any]":
    key = create_key(name="Partner", scopes=["lists"], daily_budget=9)[0]
    return _row(PartnerList, key=key, purpose="test", kind="form", people=0)


def _never_used(member: User) -> "QuerySet[Any]":
    User.objects.filter(pk=member.pk).update(joined_at=timezone.now())
    return User.objects.filter(pk=member.pk, erase_at=None)


def _not_warned(member: User) -> Left:
    _never_used(member)
    return lambda: int(not Notice.objects.filter(member=member, kind="accounts.inactive").exists())


ROWS: dict[str, Make] = {
    "accounts.exports": lambda member: _row(DataExport, member=member),
    "accounts.inactive": _never_used,
    "accounts.inactive_warned": _not_warned,
    "accounts.sessions": lambda _: _row(Session, session_key="s" * 32, expire_date=timezone.now()),
    "accounts.unconfirmed": _unconfirmed,
    "api.lists": _partner_list,
    "contacts": lambda member: _row(
        Contact, owner=member, fingerprint=b"f" * 16, data="x", expires_at=timezone.now() + timedelta(days=30)
    ),
    "contacts.opt_out_requests": lambda _: _row(OptOutRequest, token=b"t" * 16, email="a@example.org"),
    "contacts.revocations": lambda _: _row(Revocation, provider="google", token="t"),
    "core.quotas": _quota,
    "notifications.emails": lambda _: _row(OutgoingEmail, to="a@example.org", subject="s", text="t"),
    "notifications.notices": lambda member: _row(Notice, member=member, kind="new_roll", key="1"),
    "verification.attempts": lambda member: _row(Attempt, member=member, query="{}"),
    "verification.claims": lambda member: _row(
        Claim, member=member, state=Claim.State.RELEASED, ended_at=timezone.now(), query="{}"
    ),
    "verification.letters": lambda member: _row(Letter, member=member, query="{}"),
    "verification.suppression_requests": lambda _: _row(SuppressionRequest, query="{}", by="person"),
}
# Rules with a clock of their own: files, and triggers of the database.
ELSEWHERE = {
    "accounts.tombstones": "tests/accounts/test_tombstones.py::test_tombstones_are_purged_only_after_every_backup",
    "activity": "tests/contracts/test_activity.py",
    "audit.entries": "tests/audit/test_services.py::test_old_entries_go_after_two_years_and_the_chain_says_so",
}


def test_every_rule_is_tested() -> None:
    assert {rule.name for rule in privacy.retention_table()} == {*ROWS, *ELSEWHERE}
    for place in ELSEWHERE.values():
        path, _colons, name = place.partition("::")
        assert name in (Path(__file__).parents[2] / path).read_text()


@pytest.mark.parametrize("name", sorted(ROWS))
def test_a_row_goes_when_its_days_have_passed(name: str, member: User) -> None:
    (rule,) = (one for one in privacy.retention_table() if one.name == name)
    began = datetime.fromisoformat("2026-03-02T12:00:00-05:00")
    # Counters have whole days.
    margin = timedelta(days=1, hours=1) if name == "core.quotas" else timedelta(hours=1)
    with time_machine.travel(began, tick=False) as clock:
        made = ROWS[name](member)
        left = made if callable(made) else made.count
        clock.move_to(began + timedelta(days=rule.days) - margin)
        privacy.retain(name)
        assert left() == 1, f"{name} goes too early"
        clock.move_to(began + timedelta(days=rule.days) + margin)
        privacy.retain(name)
        assert left() == 0, f"{name} stays too long"
