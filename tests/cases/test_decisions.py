"""A decision takes effect after ten minutes; a failed effect returns the case to its queue."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone

from apps.cases import decisions
from apps.cases import services as cases
from apps.cases.models import Case
from apps.core.errors import Refused
from apps.jobs.models import Job

notified: list[str] = []


def _notify(case: Case, answer: str, actor: Any) -> None:
    if answer == "breaks":
        raise Refused("It cannot be done.")
    notified.append(answer)


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "_kinds", dict(cases._kinds))
    notified.clear()
    words = [("same", "Same person", "s"), ("other", "Not the same", "n"), ("breaks", "Breaks", "b")]
    cases.register_kind("test_wait", title="Same?", role="steward", resolve=_notify, answers=words)


@pytest.fixture
def case(steward: Any) -> Case:
    return cases.take(cases.open_case(kind="test_wait", subject_id=7, key="1"), steward)


def later(run_jobs: Callable[[], int], minutes: int) -> None:
    """Let some minutes pass by aging the rows, because the database's clock decides what is due."""
    past = timedelta(minutes=minutes)
    Case.objects.filter(state="answered").update(closed_at=F("closed_at") - past)
    Job.objects.filter(task=decisions.TASK, state="waiting").update(not_before=F("not_before") - past)
    run_jobs()


def test_no_one_is_notified_before_ten_minutes(case: Case, steward: Any, run_jobs: Callable[[], int]) -> None:
    decisions.decide(case=case, actor=steward, answer="same", note="spelling")
    later(run_jobs, 9)
    assert notified == []
    later(run_jobs, 2)
    assert notified == ["same"]
    decisions.apply_due(case.pk)
    assert notified == ["same"]
    assert Case.objects.get(pk=case.pk).note == "spelling"


def test_a_second_answer_is_the_one_that_holds(case: Case, steward: Any, run_jobs: Callable[[], int]) -> None:
    with time_machine.travel(timezone.now() - timedelta(minutes=5)):
        decisions.decide(case=case, actor=steward, answer="same")
    decisions.undo(case=case, actor=steward)
    decisions.decide(case=case, actor=steward, answer="other")
    later(run_jobs, 6)
    assert notified == []
    later(run_jobs, 5)
    assert notified == ["other"]


@pytest.mark.parametrize("how", ["refused", "dead"])
def test_an_answer_that_cannot_be_done_puts_the_case_back(
    case: Case, steward: Any, run_jobs: Callable[[], int], how: str
) -> None:
    decisions.decide(case=case, actor=steward, answer="breaks" if how == "refused" else "same")
    if how == "dead":
        decisions.return_to_queue(Job.objects.get(task=decisions.TASK))
    else:
        later(run_jobs, 11)
    found = Case.objects.waiting().get()
    assert (found.pk, found.answer, found.taken_by) == (case.pk, "", None)


def test_a_role_that_decides_nothing_answers_nothing(case: Case, organizer: Any) -> None:
    with pytest.raises(Refused):
        decisions.decide(case=case, actor=organizer, answer="same")
