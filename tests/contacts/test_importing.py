"""Imports: nothing lost, nothing twice, the same again changes nothing."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.db import connection

from apps.contacts import serialization
from apps.contacts.imports import previews
from apps.contacts.imports import runner as import_runner
from apps.contacts.models import Contact, ContactKey, Import, ImportedRow, ImportPart
from apps.contacts.services import erasure
from apps.jobs.models import Job

pytestmark = pytest.mark.django_db


def table(count: int, start: int = 0) -> bytes:
    """Return a table of made-up people."""
    rows = [f"Ann{n},Lee{n},ann{n}@example.org,919-555-01{n % 100:02d}" for n in range(start, start + count)]
    return "\n".join(["First Name,Last Name,E-mail,Phone", *rows]).encode()


def bring(owner: Any, data: bytes) -> Import:
    """Return a confirmed import."""
    return previews.confirm(draft=previews.start_file(owner=owner, stream=BytesIO(data), file_name="contacts.csv"))


def names(owner: Any) -> list[str]:
    """Return the names of somebody's contacts."""
    return sorted(serialization.load_contact(one.data).name for one in Contact.objects.owned_by(owner))


def test_a_draft_is_no_contact(member: Any) -> None:
    draft = previews.start_file(owner=member, stream=BytesIO(table(3)))
    assert draft.state == "draft"
    assert not Contact.objects.exists()
    previews.discard(draft=draft)
    assert not ImportPart.objects.exists()


def test_every_row_becomes_one_contact(member: Any, run_jobs: Callable[[], int]) -> None:
    one = bring(member, table(250))
    run_jobs()
    one.refresh_from_db()
    assert (one.state, one.new, one.same, one.done) == ("done", 250, 0, 250)
    assert one.counts == {"no_roll": 250}
    assert Contact.objects.owned_by(member).count() == 250
    assert not ImportPart.objects.filter(kind="rows").exists()


def test_the_same_file_again_changes_nothing(member: Any, run_jobs: Callable[[], int]) -> None:
    bring(member, table(120))
    run_jobs()
    before = {one.pk: (one.data, one.status) for one in Contact.objects.all()}
    keys = ContactKey.objects.count()
    again = bring(member, table(120))
    run_jobs()
    again.refresh_from_db()
    assert (again.new, again.same) == (0, 120)
    assert {one.pk: (one.data, one.status) for one in Contact.objects.all()} == before
    assert ContactKey.objects.count() == keys


def test_a_stretch_that_runs_twice_writes_once(member: Any) -> None:
    one = bring(member, table(150))
    job = Job.objects.get(task="import.chunk")
    import_runner.run_import(import_id=one.pk)
    import_runner.run_import(**job.args)
    one.refresh_from_db()
    assert (one.state, one.new, Contact.objects.count(), ImportedRow.objects.count()) == ("done", 150, 150, 150)


def test_a_worker_that_dies_inside_has_written_nothing(
    member: Any, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    one = bring(member, table(250))
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


def test_a_long_import_hands_over_after_its_second(
    member: Any, run_jobs: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_runner, "MAX_JOB_SECONDS", 0)
    big, small = bring(member, table(450)), bring(member, table(5, start=1000))
    run_jobs()
    ended = list(Import.objects.order_by("finished_at").values_list("pk", flat=True))
    assert ended == [small.pk, big.pk]
    assert Contact.objects.count() == 455


def test_rows_about_one_person_meet(member: Any, run_jobs: Callable[[], int]) -> None:
    rows = b"""Name,Email,Phone,Street,City,Zip
Ann Lee,ann@example.org,,,,
Ann M Lee,,919-555-0101,,,
Ann Lee,ann@example.org,919-555-0101,12 Main St,Port Ansel,00417
Bob Lee,ann@example.org,,,,
Ann Lee,,,12 Main St,Port Ansel,00417
"""
    one = bring(member, rows)
    run_jobs()
    one.refresh_from_db()
    assert names(member) == ["Ann M Lee", "Bob Lee"]
    assert (one.new, one.same) == (2, 3)
    ann = next(
        c for c in (serialization.load_contact(x.data) for x in Contact.objects.all()) if c.first == "Ann"
    )
    assert (ann.emails, ann.phones) == (("ann@example.org",), ("+19195550101",))


def test_rows_of_another_import_meet_and_add(member: Any, run_jobs: Callable[[], int]) -> None:
    bring(member, b"Name,Email\nAnn Lee,ann@example.org\n")
    run_jobs()
    bring(member, b"Name,Email,Phone\nAnn Lee,ann@example.org,919-555-0101\n")
    run_jobs()
    only = serialization.load_contact(Contact.objects.get().data)
    assert only.phones == ("+19195550101",)


def test_undo_takes_back_what_only_this_import_brought(member: Any, run_jobs: Callable[[], int]) -> None:
    bring(member, b"Name,Email\nAnn Lee,ann@example.org\n")
    run_jobs()
    second = bring(member, b"Name,Email,Phone\nAnn Lee,ann@example.org,919-555-0101\nBob Ray,bob@example.org,\n")
    run_jobs()
    erasure.undo_import(import_=second)
    run_jobs()
    only = serialization.load_contact(Contact.objects.get().data)
    assert (only.name, only.phones) == ("Ann Lee", ())


def test_undo_in_the_middle_ends_the_import(member: Any, run_jobs: Callable[[], int]) -> None:
    one = bring(member, table(250))
    Import.objects.filter(pk=one.pk).update(state="running")
    import_runner._import_part(one.pk, float("inf"), set())
    assert Contact.objects.count() == 100
    erasure.undo_import(import_=one)
    run_jobs()
    assert not Contact.objects.exists()
    one.refresh_from_db()
    assert one.state == "undone"


def test_an_import_without_its_job_is_queued_again(member: Any, run_jobs: Callable[[], int]) -> None:
    one = bring(member, table(3))
    Job.objects.filter(task="import.chunk").update(state="done")
    assert import_runner.requeue_lost_imports(True) == 1
    assert import_runner.requeue_lost_imports(False) == 1
    assert import_runner.requeue_lost_imports(False) == 0
    run_jobs()
    one.refresh_from_db()
    assert one.state == "done"


def test_a_dead_job_stops_its_import(member: Any) -> None:
    one = bring(member, table(3))
    import_runner.on_dead_letter(Job.objects.get(task="import.chunk"))
    one.refresh_from_db()
    assert (one.state, one.reason) == ("stopped", "trouble")


def test_a_dump_shows_nobody(member: Any, run_jobs: Callable[[], int]) -> None:
    bring(member, b"Name,Email,Phone,Street,City\nZerubbabel Quock,zq@example.org,919-555-0142,77 Elm St,Tarn\n")
    previews.start_file(owner=member, stream=BytesIO(b"Name,Email\nZerubbabel Quock,zq@example.org\n"))
    run_jobs()
    dump = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')
            dump += [str(value) for row in cursor.fetchall() for value in row]
    text = "\n".join(dump).lower()
    for marker in ("zerubbabel", "quock", "zq@", "5550142", "77 elm", "tarn"):
        assert marker not in text
