"""Cases: one open case per key, one assignee, one decision with its effect."""

import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from apps.audit.models import AuditEntry
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.errors import Refused

resolved: list[tuple[int, str, int]] = []


def _resolve(case: Case, answer: str, actor: Any) -> None:
    if answer == "breaks":
        raise Refused("It cannot be done.")
    resolved.append((case.subject_id, answer, actor.pk))


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register a kind for these tests only."""
    monkeypatch.setattr(cases, "_kinds", dict(cases._kinds))
    resolved.clear()
    cases.register_kind(
        "test_same",
        title="Same person?",
        role="steward",
        resolve=_resolve,
        answers=[("same", "Same person", "s"), ("other", "Not the same", "n"), ("breaks", "Breaks", "b")],
    )


def _open(key: str = "1", **more: Any) -> Case:
    return cases.open_case(kind="test_same", subject_id=7, key=key, **more)


def test_the_same_key_is_the_same_case_while_it_is_open(db: None, steward: Any) -> None:
    first = _open()
    assert _open().pk == first.pk
    cases.take(first, steward)
    assert _open().pk == first.pk
    cases.close(first, steward, "same")
    assert _open().pk != first.pk


def test_facts_are_ids_only(db: None) -> None:
    with pytest.raises(ValueError, match="name"):
        _open(facts={"name": "Nora Paz"})
    with pytest.raises(ValueError, match="mail"):
        _open(facts={"mail": "nora@example.org"})


def test_an_unknown_kind_is_a_programming_error(db: None) -> None:
    with pytest.raises(ValueError, match="no_such"):
        cases.open_case(kind="no_such", subject_id=1, key="1")


def test_closing_has_its_effect_and_its_audit_entry(steward: Any) -> None:
    case = cases.take(_open(), steward)
    cases.close(case, steward, "same", note="spelling")
    assert resolved == [(7, "same", steward.pk)]
    entry = AuditEntry.objects.get(action="case.closed")
    assert (entry.subject, entry.facts) == (f"cases.case:{case.pk}", {"kind": "test_same", "answer": "same"})
    assert Case.objects.get(pk=case.pk).note == "spelling"


def test_an_effect_that_fails_leaves_the_case_open(steward: Any) -> None:
    case = cases.take(_open(), steward)
    with pytest.raises(Refused):
        cases.close(case, steward, "breaks")
    assert Case.objects.get(pk=case.pk).state == Case.State.TAKEN
    assert not AuditEntry.objects.exists()


def test_only_its_taker_closes_a_case(steward: Any, other_steward: Any) -> None:
    case = cases.take(_open(), steward)
    with pytest.raises(Refused):
        cases.take(case, other_steward)
    with pytest.raises(Refused):
        cases.close(case, other_steward, "same")
    with pytest.raises(Refused):
        cases.close(_open("2"), steward, "same")


def test_a_case_that_was_left_lying_is_free_after_half_an_hour(steward: Any, other_steward: Any) -> None:
    case = cases.take(_open(), steward)
    Case.objects.filter(pk=case.pk).update(taken_at=timezone.now() - timedelta(minutes=31))
    assert case in Case.objects.waiting()
    cases.take(case, other_steward)
    with pytest.raises(Refused):
        cases.close(case, steward, "same")


def test_a_released_case_waits_again(steward: Any) -> None:
    case = cases.take(_open(), steward)
    assert not Case.objects.waiting().exists()
    cases.release(case, steward)
    assert Case.objects.waiting().get() == case


@pytest.mark.parametrize("who", ["member", "organizer", "auditor"])
def test_another_role_decides_nothing(who: str, request: pytest.FixtureRequest, db: None) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(Refused):
        cases.take(_open(), actor)
    assert not Case.objects.for_role(actor.role).filter(kind="test_same").exists()


def test_an_owner_decides_every_kind(owner: Any) -> None:
    assert cases.take(_open(), owner).taken_by == owner
    assert Case.objects.for_role("owner").exists()


def test_an_unknown_answer_is_refused(steward: Any) -> None:
    case = cases.take(_open(), steward)
    with pytest.raises(Refused):
        cases.close(case, steward, "whatever")


def test_the_oldest_case_comes_first(db: None) -> None:
    with time_machine.travel("2026-09-02", tick=False):
        young = _open("young")
    with time_machine.travel("2026-09-01", tick=False):
        old = _open("old")
    assert list(Case.objects.waiting()) == [old, young]


@pytest.mark.django_db(transaction=True)
def test_two_who_take_one_case_at_once_get_it_once(steward: Any, other_steward: Any) -> None:
    case = _open()
    start = threading.Barrier(2)
    got: list[str] = []

    def try_it(actor: Any) -> None:
        start.wait(timeout=10)
        try:
            cases.take(Case.objects.get(pk=case.pk), actor)
            got.append("taken")
        except Refused:
            got.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=try_it, args=(actor,)) for actor in (steward, other_steward)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(got) == ["refused", "taken"]
