"""The registry of personal data and the retention table."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone

from apps.audit import services as audit
from apps.cases import services as cases
from apps.cases.models import Case
from apps.jobs.models import Job
from apps.notifications.models import Notice, OutgoingEmail
from apps.privacy import registry as privacy


def test_every_personal_model_is_registered() -> None:
    assert privacy.unregistered() == [], "Register these with records.personal, or say why they are not personal."


def test_an_unregistered_model_is_detected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "_entries", {k: v for k, v in privacy._entries.items() if k is not Notice})
    assert "notifications.Notice" in privacy.unregistered()


def test_the_export_holds_everything_and_who_looked(member: Any, other_member: Any, steward: Any) -> None:
    Notice.objects.create(member=member, kind="gone", key="1")
    Notice.objects.create(member=other_member, kind="gone", key="1")
    audit.log_read(actor=steward, subject=member, fields=["cases"], reason="A call")
    told = privacy.export_all(member)
    assert len(told["notifications.Notice"]["rows"]) == 1
    assert told["audit.AuditEntry"]["rows"][0]["reason"] == "A call"
    assert set(told) >= {"cases.Case", "accounts.User"}


def test_erasing_takes_the_rows_and_keeps_the_others(
    member: Any, other_member: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cases, "_kinds", {**cases._kinds, "k": cases.CaseKind("k", "K", "steward")})
    Notice.objects.create(member=member, kind="gone", key="1")
    Notice.objects.create(member=other_member, kind="gone", key="1")
    cases.open_case(kind="k", subject_id=1, key="1", member=member)
    closed = Case.objects.create(
        kind="k", subject_id=2, key="2", member=member, state="closed", note="spelling", facts={"a": 1}
    )
    erased = privacy.erase_all(member)
    assert erased["notifications.Notice"] == 1
    assert list(erased)[-1] == "accounts.User"
    assert Notice.objects.count() == 1
    left = Case.objects.get()
    assert (left.pk, left.member, left.note, left.facts) == (closed.pk, None, "", {})


def test_one_job_a_rule_and_day(db: None) -> None:
    privacy.run_retention()
    privacy.run_retention()
    names = sorted(job.args["name"] for job in Job.objects.filter(task="default.retain"))
    assert names == [rule.name for rule in privacy.retention_table()]


@pytest.mark.parametrize(
    ("name", "days", "model", "fields", "stamp"),
    [
        ("notifications.notices", 365, Notice, {"kind": "gone"}, "made_at"),
        ("notifications.emails", 2, OutgoingEmail, {"to": "nora@example.org"}, "made_at"),
    ],
)
def test_what_is_too_old_goes_and_younger_stays(
    name: str, days: int, model: Any, fields: dict[str, str], stamp: str, member: Any, run_jobs: Callable[[], int]
) -> None:
    try:
        model._meta.get_field("member")
        fields = {**fields, "member": member}
    except FieldDoesNotExist:
        assert model is OutgoingEmail
    for key, age in enumerate((days - 1, days + 1)):
        more = {"key": str(key)} if model is Notice else {}
        row = model.objects.create(**fields, **more)
        model.objects.filter(pk=row.pk).update(**{stamp: timezone.now() - timedelta(days=age)})
    privacy.run_retention()
    run_jobs()
    left = model.objects.get()
    assert getattr(left, stamp) > timezone.now() - timedelta(days=days)


def test_a_rule_that_is_gone_ends_as_a_dead_letter(db: None, run_jobs: Callable[[], int]) -> None:
    from apps.jobs import jobs

    jobs.enqueue("default.retain", key="x", args={"name": "of.yesterday"})
    run_jobs()
    assert Job.objects.get().state == "dead"


def test_the_table_says_what_security_promises() -> None:
    days = {rule.name: rule.days for rule in privacy.retention_table()}
    assert days["audit.entries"] == 730
