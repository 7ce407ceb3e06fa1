"""The audit chain: append-only, ordered, and broken where an entry was changed."""

import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from apps.audit import services as audit
from apps.audit.models import AuditEntry
from apps.core.errors import Refused


def _write(times: int = 1, **more: Any) -> None:
    for number in range(times):
        audit.log_write(actor=None, action="test.done", subject=f"test:{number}", **more)


def test_a_read_is_written_down_with_its_reason(steward: Any, member: Any) -> None:
    audit.log_read(actor=steward, subject=member, fields=["email", "cases"], reason="  Asked\nby mail ")
    entry = AuditEntry.objects.get()
    assert (entry.kind, entry.actor_id, entry.role) == ("read", steward.pk, "steward")
    assert (entry.subject, entry.fields, entry.reason) == (
        f"accounts.user:{member.pk}",
        ["cases", "email"],
        "Asked by mail",
    )


def test_a_read_without_a_reason_is_refused(steward: Any, member: Any) -> None:
    with pytest.raises(Refused):
        audit.log_read(actor=steward, subject=member, fields=["email"], reason="  ")
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_read_cannot_be_taken_back_with_a_transaction(steward: Any, member: Any) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        audit.log_read(actor=steward, subject=member, fields=["email"], reason="A call")


def test_facts_hold_no_text(db: None) -> None:
    with pytest.raises(ValueError, match="street"):
        _write(facts={"street": "418 Coopers Row"})


def test_an_intact_chain_is_reported(db: None) -> None:
    _write(5)
    state = audit.verify_chain()
    assert (state.entries, state.broken) == (5, None)


def test_the_database_refuses_to_change_or_drop_an_entry(db: None) -> None:
    _write(2)
    for act in (
        lambda: AuditEntry.objects.filter(number=1).update(reason="other"),
        lambda: AuditEntry.objects.filter(number=1).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE audit_auditentry SET actor_id = 99 WHERE number = 3", 3),
        ("UPDATE audit_auditentry SET reason = 'other' WHERE number = 3", 3),
        ("UPDATE audit_auditentry SET at = '2026-01-01 00:00:00' WHERE number = 3", 3),
        ("DELETE FROM audit_auditentry WHERE number = 3", 4),
        ("DELETE FROM audit_auditentry WHERE number = 1", 2),
    ],
)
def test_tampering_is_found_at_its_row(db: None, as_superuser: Callable[[str], None], sql: str, broken: int) -> None:
    _write(5)
    as_superuser(sql)
    state = audit.verify_chain()
    assert state.broken == broken
    with pytest.raises(CommandError, match=f"entry {broken}:") as error:
        call_command("verify_audit")
    assert error.value.returncode == 1


def test_the_chain_cannot_be_mended_without_the_key(db: None, settings: Any) -> None:
    _write(1)
    settings.AUDIT_KEY = "another key than the one that wrote it"
    assert audit.verify_chain().broken == 1


def test_the_command_says_that_the_chain_is_sound(db: None) -> None:
    _write(3)
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "entries: 3" in out.getvalue()
    assert "state: sound" in out.getvalue()


def test_old_entries_go_after_two_years_and_the_chain_says_so(db: None) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=900), tick=False):
        _write(3)
    _write(2)
    assert audit.purge(timezone.now() - timedelta(days=730)) == 3
    assert list(AuditEntry.objects.order_by("number").values_list("number", "action")) == [
        (4, "test.done"),
        (5, "test.done"),
        (6, "audit.purged"),
    ]
    assert audit.verify_chain().broken is None
    assert audit.purge(timezone.now() - timedelta(days=730)) == 0


@pytest.mark.django_db(transaction=True)
def test_appends_from_many_threads_make_one_chain() -> None:
    start = threading.Barrier(4)

    def append() -> None:
        start.wait(timeout=10)
        try:
            _write(10)
        finally:
            connection.close()

    threads = [threading.Thread(target=append) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    state = audit.verify_chain()
    assert (state.entries, state.broken) == (40, None)


def test_the_end_of_the_chain_is_logged(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(2)
    lines: list[tuple[str, dict[str, Any]]] = []
    writer: Callable[..., None] = lambda event, **facts: lines.append((event, facts))  # noqa: E731
    monkeypatch.setattr(audit, "log", type("Log", (), {"info": staticmethod(writer)}))
    audit.log_head()
    head = AuditEntry.objects.get(number=2).hash[:16]
    assert lines == [("audit.head", {"count": 2, "head": head})]
