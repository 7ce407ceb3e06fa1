"""Drift beyond the limits keeps a roll from going live until it is accepted."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.voters import rolls
from apps.voters.loading.load import DriftRefused
from apps.voters.models import Snapshot
from tests.voters.state_files import carolina
from tests.voters.synthetic_rows import GENERIC, voter, voters

Write = Callable[..., Path]

Load = Callable[..., Any]


def test_a_file_without_a_mapped_column_waits(state_rolls: Path, load_file: Load, tmp_path: Path) -> None:
    load_file(state_rolls / "ncvoter_HD.txt", "nc")

    def without_place(row: dict[str, str]) -> dict[str, str]:
        return {name: cell for name, cell in row.items() if name not in ("cong_dist_abbrv", "res_street_address")}

    with pytest.raises(DriftRefused) as caught:
        load_file(carolina(state_rolls, tmp_path, "less.txt", without_place), "nc")
    assert "No column of the file supplies address any more." in str(caught.value)
    assert "No row has a district of layer cd any more." in str(caught.value)


def test_columns_in_another_order_are_only_noted(load_file: Load, write: Write) -> None:
    load_file(write(voters(50)))
    load_file(write(voters(50), "b.csv", header=tuple(reversed(GENERIC))))
    assert any("another order" in note for note in rolls.live_snapshots()["HD"].drift["notes"])
    assert rolls.live_snapshots()["HD"].drift["beyond"] == []


def test_swapped_name_columns_wait(load_file: Load, write: Write) -> None:
    """First and last name are swapped in the file: so many names do not change by themselves."""
    load_file(write(voters(400)))
    live = rolls.live_snapshots()["HD"].pk
    turned = [row | {"first_name": row["last_name"], "last_name": row["first_name"]} for row in voters(400)]
    with pytest.raises(DriftRefused) as caught:
        load_file(write(turned, "b.csv"))
    assert "Last name changed for 100.0% of the voters on both rolls." in str(caught.value)
    assert "accept it on the staff page of rolls, or load it again with --accept" in str(caught.value)
    assert rolls.live_snapshots()["HD"].pk == live


def test_half_of_the_counties_missing_waits(load_file: Load, write: Write) -> None:
    names = [f"County {letter}" for letter in "ABCDEFGH"]
    rows = [row | {"county": names[n % 8]} for n, row in enumerate(voters(800))]
    load_file(write(rows))
    with pytest.raises(DriftRefused) as caught:
        load_file(write([row for row in rows if row["county"] < "County E"], "b.csv"))
    assert "4 of 8 counties are missing: County E, County F, County G, County H. Is the file complete?" in str(
        caught.value
    )
    assert rolls.live_snapshots()["HD"].counts["loaded"] == 800


def test_a_file_that_was_live_before_waits(load_file: Load, write: Write) -> None:
    august, september = write(voters(300), "august.csv"), write(voters(302), "september.csv")
    load_file(august)
    load_file(september)
    with pytest.raises(DriftRefused, match="This file was live before and was replaced"):
        load_file(august)
    assert rolls.live_snapshots()["HD"].counts["loaded"] == 302


def test_unknown_districts_wait(load_file: Load, write: Write) -> None:
    load_file(write(voters(400)))
    moved = [row | {"cd": "77"} if n % 4 == 0 else row for n, row in enumerate(voters(400))]
    with pytest.raises(DriftRefused, match=r"Districts \(cd\) that are not in the live roll: 1, like cd:77; 100"):
        load_file(write(moved, "b.csv"))


def test_a_county_that_shrinks_waits_until_accepted(load_file: Load, write: Write) -> None:
    load_file(write(voters(900)))
    live = rolls.live_snapshots()["HD"]
    fewer = write([row for row in voters(900) if row["county"] != "Isel" or int(row["voter_id"]) >= 300], "b.csv")
    with pytest.raises(DriftRefused) as caught:
        load_file(fewer)
    assert "Isel: 200 rows, 300 in the live roll (-33.3%)." in str(caught.value)
    assert rolls.live_snapshots()["HD"].pk == live.pk
    waiting = Snapshot.objects.waiting().get()
    assert waiting.drift["beyond"]
    report = load_file(fewer, accept="Isel moved its inactive voters")
    assert report.loaded == 800
    now = rolls.live_snapshots()["HD"]
    assert (now.pk, now.accepted) == (waiting.pk, "Isel moved its inactive voters")


def test_every_other_limit_keeps_a_roll_from_going_live(load_file: Load, write: Write, day: Any) -> None:
    load_file(write(voters(600)))
    rows = voters(600)
    cases = {
        "Status inactive: 33.3%": [
            row | {"status": "inactive" if n % 3 == 0 else "active"} for n, row in enumerate(rows)
        ],
        "voter ids are missing from this file": [
            row | {"voter_id": f"X{n}" if n % 5 == 0 else row["voter_id"]} for n, row in enumerate(rows)
        ],
        "rows could not be read": [
            row | {"voter_id": "" if n % 20 == 0 else row["voter_id"]} for n, row in enumerate(rows)
        ],
        "Rows not stored as confidential changed from fewer than 10 to 150": [
            row | {"status": "confidential" if n >= 450 else "active"} for n, row in enumerate(rows)
        ],
    }
    for number, (words, changed) in enumerate(cases.items()):
        with pytest.raises(DriftRefused, match=words):
            load_file(write(changed, f"{number}.csv"))
    assert Snapshot.objects.waiting().count() == 1


def test_small_counts_of_withheld_voters_are_suppressed(load_file: Load, write: Write) -> None:
    load_file(write([*voters(50), voter(60, status="confidential")]))
    load_file(write([*voters(50), voter(60, status="confidential"), voter(61, status="confidential")], "b.csv"))
    notes = " ".join(rolls.live_snapshots()["HD"].drift["notes"])
    assert "Not stored as confidential: fewer than 10, about as many as before." in notes


def test_added_and_removed_columns_are_reported(load_file: Load, write: Write) -> None:
    load_file(write(voters(50), header=("voter_id", "last_name", "state", "county", "cd")))
    load_file(write(voters(50), "b.csv", header=("last_name", "voter_id", "state", "county", "ssn")), accept="a test")
    notes = rolls.live_snapshots()["HD"].drift["notes"]
    assert "New columns: ssn. They are not stored unless the layout names them." in notes
    assert "Removed columns: cd." in notes
    assert any(note.startswith("The columns are in another order") for note in notes)
