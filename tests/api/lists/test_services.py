"""Partners' lists: no look-up before approval; parts may run twice or be killed; results are byte for byte the same."""

from pathlib import Path
from random import Random

import pytest

from apps.accounts.models import User
from apps.api.lists import services
from apps.api.models import ListPart
from apps.jobs import jobs
from apps.jobs.models import Job
from apps.voters import suppression
from tests.api.conftest import Caller
from tests.api.lists.partner_lists import PEOPLE, approve, list_row, results, submit, write_roll
from tests.sigkill import kill_in_the_middle
from tests.voters.synthetic_rows import voters


@pytest.mark.usefixtures("roll")
def test_parts_in_any_order_twice_or_lost_give_the_same_bytes(partner: Caller, owners: tuple[User, User]) -> None:
    one, again = submit(partner, PEOPLE), submit(partner, PEOPLE)
    for each in (one, again):
        approve(owners, each)
    jobs.drain(only=lambda job: job.args.get("list_id") == str(one.pk))
    for number in (2, 0, 2):
        services.match_part(str(again.pk), number)
    # A worker died in between without finishing its part, and its job is delivered again.
    ListPart.objects.filter(list=again, number=0).update(results="", rolls_hash="")
    again.refresh_from_db()
    assert again.state == "running"
    jobs.drain()
    first, second = (results(partner, each) for each in (one, again))
    assert first == second
    assert first.count(b"\n") == 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("roll")
@pytest.mark.slow
def test_a_worker_killed_at_random_moments_changes_no_byte(partner: Caller, owners: tuple[User, User]) -> None:
    people = [list_row(number) for number in range(50)]
    one, again = submit(partner, people), submit(partner, people)
    for each in (one, again):
        approve(owners, each)
    jobs.drain(only=lambda job: job.args.get("list_id") == str(one.pk))
    rng, kills = Random(), 0

    def done() -> int:
        return again.parts.exclude(rolls_hash="").count()

    while done() < 25 and kills < 4:
        before = done()
        kill_in_the_middle(jobs.drain, lambda before=before: done() > before, rng.uniform(0, 0.1))  # type: ignore[misc]
        kills += 1
        Job.objects.filter(state="running").republish()  # as the reconciler does once the lease has expired
    assert kills > 1
    jobs.drain()
    assert not Job.objects.exclude(state="done").exists()
    first, second = (results(partner, each) for each in (one, again))
    assert first == second
    assert first.count(b"\n") == 51


@pytest.mark.usefixtures("roll")
def test_a_new_live_roll_rematches_every_part(partner: Caller, owners: tuple[User, User], tmp_path: Path) -> None:
    one = submit(partner, PEOPLE)
    approve(owners, one)
    services.match_part(str(one.pk), 0)
    write_roll(tmp_path, [v for v in voters(300) if v["voter_id"] != "00000007"])
    jobs.drain()
    one.refresh_from_db()
    assert one.state == "done"
    assert len(set(one.parts.values_list("rolls_hash", flat=True))) == 1
    assert b"q7,not_found," in results(partner, one)


@pytest.mark.usefixtures("roll")
def test_a_suppressed_voter_is_not_found(partner: Caller, owners: tuple[User, User]) -> None:
    suppression.suppress(state="HD", voter_id="00000011", by="operator")
    one = submit(partner, PEOPLE)
    approve(owners, one)
    jobs.drain()
    assert b"q11,not_found," in results(partner, one)
