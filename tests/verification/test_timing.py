"""The tick at which results appear."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from apps.accounts.models import User
from apps.verification import timing
from apps.verification.models import Attempt
from tests.verification.helpers import ABSENT, ME, ClientOf, RunJobs, post


@pytest.fixture(autouse=True)
def _tick(_no_tick: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "TICK", timedelta(seconds=2))


@pytest.mark.parametrize(("took", "shown_after"), [(0.0, 2), (0.4, 2), (1.999, 2), (2.0, 2), (2.001, 4), (9.0, 10)])
def test_an_answer_appears_at_the_next_tick(took: float, shown_after: int) -> None:
    asked = timezone.now()
    attempt = Attempt(state="not_found", asked_at=asked, finished_at=asked + timedelta(seconds=took))
    assert timing.revealed_at(attempt) == asked + timedelta(seconds=shown_after)


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize("row", [ME, ABSENT])
def test_a_finished_answer_waits_for_its_tick(
    row: dict[str, str], member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    client = client_of(member)
    answer = post(client, row)
    run_jobs()
    assert b"Looking for your registration" in client.get(answer["Location"]).content
    slip = f"{answer['Location']}slip/"
    assert "HX-Refresh" not in client.get(slip)
    assert b'hx-trigger="every 2s"' in client.get(answer["Location"]).content
    with time_machine.travel(timezone.now() + timedelta(seconds=2.5)):
        assert client.get(slip)["HX-Refresh"] == "true"
        assert b"Looking for your registration" not in client.get(answer["Location"], follow=True).content


def test_a_waiting_attempt_has_no_tick(db: Any) -> None:
    assert timing.revealed_at(Attempt(state="waiting")) is None
