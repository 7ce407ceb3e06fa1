"""`load_roll` maps columns, reports the result, and ends with the documented exit status."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.voters import rolls

OCD = "ocd-division/country:us/state"


def test_columns_are_mapped_on_the_command_line(db: None, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    rows = "".join(f"V{n},Arbor,Ada,{n % 4},{'on' if n else 'A'}\n" for n in range(30))
    path.write_text("Number,Surname,Given,Cong,Standing\n" + rows.replace(",on\n", ",ACTIVE\n"))
    pairs = ["voter_id=Number", "last_name=Surname", "first_name=Given", "cd=Cong", "status=Standing"]
    arguments = [part for pair in pairs for part in ("--map", pair)]
    call_command("load_roll", str(path), "--layout", "generic", "--state", "HD", *arguments)
    row = rolls.get_voter("HD", "V3")
    assert row is not None
    assert (row.record.last_name, row.record.first_name, row.districts["cd"]) == ("Arbor", "Ada", f"{OCD}:hd/cd:3")
    for wrong, words in (
        ("surname=X", "surname is not a field; known are: voter_id"),
        ("last_name", "is not FIELD=COLUMN"),
    ):
        with pytest.raises(CommandError, match=words) as caught:
            call_command("load_roll", str(path), "--layout", "generic", "--map", wrong)
        assert caught.value.returncode == 2
    with pytest.raises(CommandError, match=r"line 1: the column nummer \(voter_id\) is missing"):
        call_command("load_roll", str(path), "--layout", "generic", "--map", "voter_id=Nummer")


def test_exit_status_is_1_for_bad_data_and_2_for_bad_arguments(db: None, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(b"voter_id,name\n1,Ada\n")
    for arguments, status in (
        ([str(path), "--layout", "generic"], 1),
        ([str(path), "--layout", "nowhere"], 2),
        ([str(path), "--layout", "generic", "--as-of", "soon"], 2),
        ([str(path), "--layout", "generic", "--as-of", "2999-01-01"], 2),
        ([str(tmp_path / "none.csv"), "--layout", "generic"], 2),
    ):
        with pytest.raises(CommandError) as caught:
            call_command("load_roll", *arguments)
        assert caught.value.returncode == status, arguments
    assert rolls.live_snapshots() == {}


def test_the_order_of_dates_is_named_on_the_command_line(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.csv"
    path.write_text("voter_id,last_name,dob,status\n" + "".join(f"V{n},Arbor,3/4/1984,A\n" for n in range(30)))
    arguments = [str(path), "--layout", "generic", "--state", "HD"]
    with pytest.raises(CommandError, match="--dates MM/DD/YYYY or --dates DD/MM/YYYY"):
        call_command("load_roll", *arguments)
    call_command("load_roll", *arguments, "--dates", "DD/MM/YYYY")
    assert "Dates in dob: parts with year 30; order day first." in capsys.readouterr().out
    row = rolls.get_voter("HD", "V3")
    assert row is not None
    assert row.record.dob == "1984-04-03"
    with pytest.raises(CommandError, match="invalid choice: 'European'"):
        call_command("load_roll", *arguments, "--dates", "European")
