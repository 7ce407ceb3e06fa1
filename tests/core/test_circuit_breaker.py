"""An absent server delays few callers and uses up no job's attempts."""

from typing import Any

import pytest
from django.core.checks import run_checks

from apps.core import backends
from apps.core.circuit_breaker import Breaker
from apps.core.errors import BackendMisconfigured, BackendUnavailable
from apps.jobs import jobs
from apps.jobs.models import Job


class Clock:
    """A clock that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def attempt(breaker: Breaker, error: Exception | None = None) -> str:
    """Call once; return the outcome."""
    called = False
    try:
        with breaker.call():
            called = True
            if error:
                raise error
    except (BackendUnavailable, ValueError):
        return "failed" if called else "turned away"
    return "succeeded"


def test_after_three_failures_in_a_row_callers_are_turned_away_and_one_tries_later() -> None:
    clock = Clock()
    breaker = Breaker("search", clock=clock)
    down = BackendUnavailable("away")
    assert [attempt(breaker, down) for _ in range(3)] == ["failed"] * 3
    assert (attempt(breaker), breaker.open) == ("turned away", True)
    clock.now = 5.1
    assert attempt(breaker, down) == "failed"
    assert attempt(breaker) == "turned away"
    clock.now = 10.3
    assert [attempt(breaker) for _ in range(3)] == ["succeeded"] * 3
    assert not breaker.open


def test_one_answer_between_failures_and_errors_of_the_question_keep_it_closed() -> None:
    breaker = Breaker("search", clock=Clock())
    for _ in range(5):
        attempt(breaker, BackendUnavailable("away"))
        attempt(breaker)
        attempt(breaker, ValueError("a bad request"))
    assert not breaker.open
    assert attempt(breaker) == "succeeded"


@pytest.mark.django_db
def test_work_waits_for_a_server_however_long_it_is_away() -> None:
    def away(**_: int) -> None:
        raise BackendUnavailable("The search does not answer.")

    jobs.register_job("default.test_note")
    jobs.enqueue("default.test_note", key="one", args={"number": 1})
    job = Job.objects.get(key="one")
    for _ in range(12):
        Job.objects.update(not_before=None)
        jobs.run_job(job.pk, away)
    job.refresh_from_db()
    assert (job.state, job.attempts, job.reason) == ("waiting", 0, "The search does not answer.")
    assert job.not_before is not None


class Server:
    """A store whose server fails with the error of its class."""

    error: Exception | None = None

    def __init__(self, url: str) -> None:
        self.url = url

    def probe(self) -> None:
        """Raise the error."""
        if self.error:
            raise self.error


def _start(settings: Any, error: Exception | None) -> list[tuple[str, str]]:
    Server.error = error
    settings.BACKENDS = {"ID_SETS_URL": {"made": f"{__name__}.Server"}}
    settings.ID_SETS_URL = "made://somebody:hunter2@127.0.0.1:1/x"
    return [(str(found.id), str(found.msg)) for found in run_checks(tags=["servers"])]


def test_the_start_says_which_seam_is_in_trouble_and_never_its_password(settings: Any) -> None:
    assert _start(settings, None) == []
    ((kind, says),) = _start(settings, BackendUnavailable("Nobody answers. Start the server."))
    assert (kind, says) == ("core.W003", "ID_SETS_URL=made://127.0.0.1:1/x: Nobody answers. Start the server.")
    ((kind, says),) = _start(settings, BackendMisconfigured("Version 9; 8 was expected."))
    assert (kind, says) == ("core.E003", "ID_SETS_URL=made://127.0.0.1:1/x: Version 9; 8 was expected.")
    assert backends.without_secret("http://u:p@h/") == "http://h/"
