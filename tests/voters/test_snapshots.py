"""Swaps, rollbacks and pruning of snapshots, as lookups see them."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from apps.core.errors import Refused
from apps.jobs.models import Job
from apps.voters import rolls, snapshots
from apps.voters.models import Snapshot
from apps.voters.search.base import voter_index
from tests.voters.queries import query_of
from tests.voters.synthetic_rows import voter, voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def test_a_second_load_replaces_the_first_and_can_be_rolled_back(load_file: Load, write: Write) -> None:
    new = voter(9_000)
    load_file(write(voters(200)))
    first = rolls.live_snapshots()["HD"]
    load_file(write([*voters(200), new], "b.csv"))
    assert voter_index().match_one(query_of(new)).voter_id == new["voter_id"]
    back = snapshots.roll_back("HD")
    assert back.pk == first.pk == rolls.live_snapshots()["HD"].pk
    assert voter_index().match_one(query_of(new)).status == "none"
    assert rolls.get_voter("HD", new["voter_id"]) is None
    keys = Job.objects.filter(task="rolls.after_live").values_list("key", flat=True)
    assert sorted(keys) == sorted([f"HD:{first.pk}:1", f"HD:{first.pk}:3", f"HD:{first.pk + 1}:2"])


def test_rolling_back_without_an_earlier_roll_is_refused(load_file: Load, write: Write) -> None:
    with pytest.raises(Refused, match="No roll of HD is live"):
        snapshots.roll_back("HD")
    load_file(write(voters(20)))
    with pytest.raises(Refused, match="No earlier roll of HD is stored"):
        snapshots.roll_back("HD")


def test_files_of_all_but_the_last_two_snapshots_are_removed(load_file: Load, write: Write) -> None:
    for count in (200, 201, 202, 203):
        load_file(write(voters(count), f"{count}.csv"))
    kept = {p.name for p in (snapshots.rolls_folder() / "HD").iterdir()}
    assert kept == {str(pk) for pk in Snapshot.objects.order_by("-pk").values_list("pk", flat=True)[:2]}
    assert Snapshot.objects.filter(status="retired", folder="").count() == 2


@pytest.mark.django_db(transaction=True)
def test_look_ups_during_swaps_read_one_whole_roll(write: Write) -> None:
    """Concurrent lookups while rolls swap: each result is from the old roll or from the new one, never an error."""
    from apps.voters.layout import load_layout
    from apps.voters.loading.load import LoadRequest, load

    layout = load_layout("generic")
    both = [write(voters(300), "a.csv"), write([*voters(300), voter(9_000)], "b.csv")]
    load(LoadRequest(path=both[0], layout=layout, accept="a test"))
    always, sometimes = query_of(voter(5)), query_of(voter(9_000))
    wrong: list[Any] = []
    asked = 0
    stop = threading.Event()

    def hammer() -> None:
        nonlocal asked
        try:
            while not stop.is_set():
                one, two = voter_index().match_many([always, sometimes])
                row = rolls.get_voter("HD", voter(5)["voter_id"])
                if (
                    one.voter_id != voter(5)["voter_id"]
                    or row is None
                    or (two.voter_id == "00009000") != (two.status == "verified")
                ):
                    wrong.append((one.status, two.status))
                asked += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is wrong
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=hammer) for _ in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(1, 5):
        load(LoadRequest(path=both[turn % 2], layout=layout, accept="a test"))
        snapshots.roll_back("HD")
    stop.set()
    for thread in threads:
        thread.join()
    assert not wrong
    assert asked > 10
