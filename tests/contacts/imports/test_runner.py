"""Running imports: nothing lost, nothing duplicated, repeats change nothing."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.contacts import locking
from apps.contacts.imports import runner as import_runner
from apps.contacts.models import (
    Contact,
    ContactKey,
    Import,
    ImportedRow,
    ImportPart,
)
from apps.jobs.models import Job
from tests.contacts.helpers import WIM, contact_table, import_file, import_people, lookups_today

pytestmark = pytest.mark.django_db


def test_every_row_becomes_one_contact(member: User, run_jobs: Callable[[], int]) -> None:
    one = import_file(member, contact_table(250))
    run_jobs()
    one.refresh_from_db()
    assert (one.state, one.new, one.same, one.done) == ("done", 250, 0, 250)
    assert one.counts == {"no_roll": 250}
    assert Contact.objects.owned_by(member).count() == 250
    assert not ImportPart.objects.filter(kind="rows").exists()


def test_importing_the_same_file_again_changes_nothing(member: User, run_jobs: Callable[[], int]) -> None:
    import_file(member, contact_table(120))
    run_jobs()
    before = {one.pk: (one.data, one.status) for one in Contact.objects.all()}
    keys = ContactKey.objects.count()
    again = import_file(member, contact_table(120))
    run_jobs()
    again.refresh_from_db()
    assert (again.new, again.same) == (0, 120)
    assert {one.pk: (one.data, one.status) for one in Contact.objects.all()} == before
    assert ContactKey.objects.count() == keys


def test_a_part_that_runs_twice_writes_once(member: User) -> None:
    one = import_file(member, contact_table(150))
    job = Job.objects.get(task="import.chunk")
    import_runner.run_import(import_id=one.pk)
    import_runner.run_import(**job.args)
    one.refresh_from_db()
    assert (one.state, one.new, Contact.objects.count(), ImportedRow.objects.count()) == ("done", 150, 150, 150)


def test_a_worker_killed_inside_a_transaction_writes_nothing(
    member: User, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = import_file(member, contact_table(250))
    with monkeypatch.context() as patch:
        calls = []

        def dies_on_the_second(*args: Any, **kwargs: Any) -> None:
            calls.append(1)
            if len(calls) == 2:
                raise KeyboardInterrupt

        patch.setattr(import_runner, "write_keys", dies_on_the_second)
        with pytest.raises(KeyboardInterrupt):
            import_runner.run_import(import_id=one.pk)
    assert Contact.objects.count() == ImportedRow.objects.count() == 0
    run_jobs()
    one.refresh_from_db()
    assert (one.state, one.new, Contact.objects.count()) == ("done", 250, 250)


def test_small_imports_overtake_large_ones(
    member: User, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runner, "MAX_JOB_SECONDS", 0)
    big, small = import_file(member, contact_table(450)), import_file(member, contact_table(5, start=1000))
    run_jobs()
    ended = list(Import.objects.order_by("finished_at").values_list("pk", flat=True))
    assert ended == [small.pk, big.pk]
    assert Contact.objects.count() == 455


def test_an_import_without_a_job_is_requeued(member: User, run_jobs: Callable[[], int]) -> None:
    one = import_file(member, contact_table(3))
    Job.objects.filter(task="import.chunk").update(state="done")
    assert import_runner.requeue_lost_imports(True) == 1
    assert import_runner.requeue_lost_imports(False) == 1
    assert import_runner.requeue_lost_imports(False) == 0
    run_jobs()
    one.refresh_from_db()
    assert one.state == "done"


def test_a_dead_lettered_job_stops_its_import(member: User) -> None:
    one = import_file(member, contact_table(3))
    import_runner.on_dead_letter(Job.objects.get(task="import.chunk"))
    one.refresh_from_db()
    assert (one.state, one.reason) == ("stopped", "trouble")


def test_importing_a_contact_again_extends_its_expiry(member: User, run_jobs: Callable[[], int]) -> None:
    import_file(member, b"Name\nAnn Lee\n", run_jobs)
    Contact.objects.update(expires_at=timezone.now() + timedelta(hours=1))
    import_file(member, b"Name\nAnn Lee\n", run_jobs)
    assert Contact.objects.get().expires_at > timezone.now() + timedelta(days=29)


def test_the_import_keeps_its_counts(member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None]) -> None:
    load_roll()
    import_people(member, WIM + "Zerline,Nobody,,,,,,\n", run_jobs)
    assert Import.objects.get().counts == {"registered": 1, "not_found": 1}


def test_a_plan_repeated_after_conflicts_spends_one_lookup(
    member: User, run_jobs: Callable[[], int], load_roll: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_roll()
    losses = iter([True, True, False])
    change = locking.change_at

    def loses_twice(owner_id: int, planned_at: int) -> Any:
        return change(owner_id, planned_at - next(losses, False))

    monkeypatch.setattr(locking, "change_at", loses_twice)
    (wim,) = import_people(member, WIM, run_jobs)
    assert wim.status == "registered"
    assert lookups_today(member) == 1
