"""`deadletters`: failed jobs are listed, replayed or dropped, all of them or by id."""

import pytest
from django.core.management import CommandError, call_command

from apps.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def letters() -> list[Job]:
    return [
        Job.objects.create(task="mail.canary", key=key, state="dead", attempts=5, reason="The file is gone.")
        for key in "ab"
    ]


def test_the_list_names_task_and_reason(letters: list[Job], capsys: pytest.CaptureFixture[str]) -> None:
    Job.objects.update(finished_at="2026-11-03T12:00:00Z")
    call_command("deadletters", "list")
    output = capsys.readouterr().out
    assert output.count("mail.canary") == 2
    assert "The file is gone." in output
    assert "list: 2" in output


def test_a_replayed_job_waits_with_all_its_attempts(letters: list[Job]) -> None:
    call_command("deadletters", "replay", str(letters[0].pk))
    first, second = Job.objects.order_by("pk")
    assert (first.state, first.attempts, first.reason) == ("waiting", 0, "")
    assert second.state == "dead"


def test_dropping_without_ids_deletes_all_of_them_and_nothing_else(letters: list[Job]) -> None:
    Job.objects.create(task="mail.canary", key="c")
    call_command("deadletters", "drop")
    assert list(Job.objects.values_list("key", flat=True)) == ["c"]


def test_an_unknown_id_exits_with_2_and_changes_nothing(letters: list[Job]) -> None:
    with pytest.raises(CommandError, match="No dead letter has the id") as error:
        call_command("deadletters", "drop", "999999")
    assert error.value.returncode == 2
    assert Job.objects.count() == 2


def test_replaying_nothing_exits_with_1() -> None:
    with pytest.raises(CommandError) as error:
        call_command("deadletters", "replay")
    assert error.value.returncode == 1
