"""Swaps, rolling back, drift and pruning, as questions see them."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from apps.core.errors import BadInput, Refused
from apps.jobs.models import Job
from apps.matching import TypedPerson
from apps.voters import roll_events, rolls, snapshot_files, snapshots, suppression
from apps.voters.loading.load import DriftRefused
from apps.voters.models import Snapshot
from apps.voters.search.base import voter_index

from .synthetic_rows import voter, voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def typed(row: dict[str, str]) -> TypedPerson:
    """Return what the voter of a row would type."""
    return TypedPerson(**{n: row[n] for n in ("first_name", "last_name", "dob", "address", "city", "state", "zip")})


def test_a_second_load_takes_the_place_and_can_be_rolled_back(load_file: Load, write: Write) -> None:
    new = voter(9_000)
    load_file(write(voters(200)))
    first = rolls.live_snapshots()["HD"]
    load_file(write([*voters(200), new], "b.csv"))
    assert voter_index().match_one(typed(new)).voter_id == new["voter_id"]
    back = snapshots.roll_back("HD")
    assert back.pk == first.pk == rolls.live_snapshots()["HD"].pk
    assert voter_index().match_one(typed(new)).status == "none"
    assert rolls.get_voter("HD", new["voter_id"]) is None
    keys = Job.objects.filter(task="rolls.after_live").values_list("key", flat=True)
    assert sorted(keys) == sorted([f"HD:{first.pk}:1", f"HD:{first.pk}:3", f"HD:{first.pk + 1}:2"])


def test_rolling_back_without_an_earlier_roll_is_refused(load_file: Load, write: Write) -> None:
    with pytest.raises(Refused, match="No roll of HD is live"):
        snapshots.roll_back("HD")
    load_file(write(voters(20)))
    with pytest.raises(Refused, match="No earlier roll of HD is stored"):
        snapshots.roll_back("HD")


def test_the_rollback_command_names_what_is_live(load_file: Load, write: Write, capsys: Any) -> None:
    load_file(write(voters(20), "a.csv"))
    load_file(write(voters(21), "b.csv"))
    call_command("rollback_roll", "--state", "hd", "--json")
    assert '"file": "a.csv"' in capsys.readouterr().out


def test_files_older_than_the_last_two_go(load_file: Load, write: Write) -> None:
    for count in (200, 201, 202, 203):
        load_file(write(voters(count), f"{count}.csv"))
    kept = {p.name for p in (snapshots.rolls_folder() / "HD").iterdir()}
    assert kept == {str(pk) for pk in Snapshot.objects.order_by("-pk").values_list("pk", flat=True)[:2]}
    assert Snapshot.objects.filter(status="retired", folder="").count() == 2


def test_a_county_that_shrinks_waits_until_accepted(load_file: Load, write: Write) -> None:
    load_file(write(voters(900)))
    live = rolls.live_snapshots()["HD"]
    fewer = write([row for row in voters(900) if row["county"] != "Isel" or int(row["voter_id"]) >= 300], "b.csv")
    with pytest.raises(DriftRefused) as caught:
        load_file(fewer)
    assert "Isel: 200 rows, 300 in the live roll (-33.3 %)." in str(caught.value)
    assert rolls.live_snapshots()["HD"].pk == live.pk
    waiting = Snapshot.objects.waiting().get()
    assert waiting.drift["beyond"]
    report = load_file(fewer, accept="Isel moved its inactive voters")
    assert report.loaded == 800
    now = rolls.live_snapshots()["HD"]
    assert (now.pk, now.accepted) == (waiting.pk, "Isel moved its inactive voters")


def test_what_else_keeps_a_roll_from_going_live(load_file: Load, write: Write, day: Any) -> None:
    load_file(write(voters(600)))
    cases = {
        "Status inactive: 33.3%": [row | {"status": "inactive" if n % 3 == 0 else "active"} for n, row in rows_of(600)],
        "voter ids are missing from this file": [
            row | {"voter_id": f"X{n}" if n % 5 == 0 else row["voter_id"]} for n, row in rows_of(600)
        ],
        "rows could not be read": [
            row | {"voter_id": "" if n % 20 == 0 else row["voter_id"]} for n, row in rows_of(600)
        ],
        "Rows not stored as confidential changed from fewer than 10 to 150": [
            row | {"status": "confidential" if n >= 450 else "active"} for n, row in rows_of(600)
        ],
    }
    for number, (words, rows) in enumerate(cases.items()):
        with pytest.raises(DriftRefused, match=words):
            load_file(write(rows, f"{number}.csv"))
    assert Snapshot.objects.waiting().count() == 1


def rows_of(count: int) -> list[tuple[int, dict[str, str]]]:
    """Return numbered rows."""
    return list(enumerate(voters(count)))


def test_small_counts_of_protected_people_are_never_told(load_file: Load, write: Write) -> None:
    load_file(write([*voters(50), voter(60, status="confidential")]))
    load_file(write([*voters(50), voter(60, status="confidential"), voter(61, status="confidential")], "b.csv"))
    told = " ".join(rolls.live_snapshots()["HD"].drift["notes"])
    assert "Not stored as confidential: fewer than 10, about as many as before." in told


def test_columns_that_came_and_went_are_told(load_file: Load, write: Write) -> None:
    load_file(write(voters(50), header=("voter_id", "last_name", "state", "county", "cd")))
    load_file(write(voters(50), "b.csv", header=("last_name", "voter_id", "state", "county", "ssn")), accept="a test")
    told = rolls.live_snapshots()["HD"].drift["notes"]
    assert "New columns: ssn. They are not stored unless the layout names them." in told
    assert "Removed columns: cd." in told
    assert any(note.startswith("The columns are in another order") for note in told)


def test_suppression_is_immediate_and_survives_loads(load_file: Load, write: Write) -> None:
    row = voter(5)
    heard: list[Any] = []
    roll_events.on_suppressed(heard.append)
    load_file(write(voters(50)))
    assert voter_index().match_one(typed(row)).voter_id == row["voter_id"]
    suppression.suppress(state="HD", voter_id=row["voter_id"], by="operator")
    roll_events._on_suppressed.remove(heard.append)
    assert heard == [[("HD", row["voter_id"])]]
    for _ in range(2):
        assert rolls.get_voter("HD", row["voter_id"]) is None
        assert voter_index().search_people({"last_name": row["last_name"]}, 50) == [
            hit
            for hit in voter_index().search_people({"last_name": row["last_name"]}, 50)
            if hit.voter_id != row["voter_id"]
        ]
        answer = voter_index().match_one(typed(row))
        absent = voter_index().match_one(TypedPerson(first_name="Zed", last_name="Nobody", state="HD"))
        assert (answer.status, answer.voter_id, answer.score, answer.candidates) == (
            absent.status, absent.voter_id, absent.score, absent.candidates,
        )  # fmt: skip
        load_file(write(voters(51), "b.csv"))


def test_a_hit_of_an_index_that_lags_is_never_used(load_file: Load, write: Write) -> None:
    """The index still holds somebody whose row is gone: what a server behind the seam may do for a while."""
    row = voter(5)
    load_file(write(voters(50)))
    engine = voter_index().matcher()  # type: ignore[attr-defined]
    load_file(write([r for r in voters(50) if r != row], "b.csv"))
    index = voter_index()
    index._open = (tuple(snapshot_files.snapshot_key(s) for s in rolls.live_snapshots().values()), engine)  # type: ignore[attr-defined]
    assert index.match_one(typed(row)).status == "none"


def test_after_live_tells_whoever_asked(load_file: Load, write: Write, run_jobs: Callable[[], int]) -> None:
    heard: list[tuple[str, int]] = []

    def hear(state: str, snapshot_id: int) -> None:
        heard.append((state, snapshot_id))

    roll_events.on_live(hear)
    try:
        load_file(write(voters(20)))
        run_jobs()
    finally:
        roll_events._on_live.remove(hear)
    assert heard == [("HD", rolls.live_snapshots()["HD"].pk)]


def test_stewards_search_by_parts_and_wildcards_are_letters(load_file: Load, write: Write) -> None:
    load_file(write([*voters(40), voter(50, last_name="O'Brien-Muñoz", first_name="Zoë", city="St. Paul")]))
    index = voter_index()
    (hit,) = index.search_people({"last_name": "obrien", "first_name": "zo", "city": "saint paul"}, 10)
    assert (hit.first_name, hit.last_name, hit.birth_year) == ("Zoë", "O'Brien-Muñoz", "1980")
    assert not hasattr(hit, "address")
    assert len(index.search_people({"last_name": "Arbor"}, 5)) == 5
    assert index.search_people({"last_name": "Arbor", "birth_year": "1931"}, 50)[0].birth_year == "1931"
    every = len(index.search_people({"last_name": "ar"}, 50))
    for wild, found in (("Ar%", every), ("Ar_or", 0), ("ar*", every), ("' OR 1=1 --", 0), ("AR\0", every)):
        assert len(index.search_people({"last_name": wild}, 50)) == found, wild
    for short in ("", "%%%", "a", "_"):
        with pytest.raises(BadInput, match="at least two letters"):
            index.search_people({"last_name": short}, 5)


@pytest.mark.django_db(transaction=True)
def test_questions_during_swaps_see_one_whole_roll(write: Write) -> None:
    """Look-ups hammer while rolls swap: each answer is that of the old roll or of the new one, never an error."""
    from apps.voters.layout import load_layout
    from apps.voters.loading.load import LoadRequest, load

    layout = load_layout("generic")
    both = [write(voters(300), "a.csv"), write([*voters(300), voter(9_000)], "b.csv")]
    load(LoadRequest(path=both[0], layout=layout, accept="a test"))
    always, sometimes = typed(voter(5)), typed(voter(9_000))
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
