"""Command suppress_people."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.verification.helpers import ME, RunJobs, match_status
from tests.voters.synthetic_rows import voter


@pytest.mark.slow
@pytest.mark.usefixtures("roll")
def test_a_file_suppresses_and_lifts(tmp_path: Path, run_jobs: RunJobs, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "protect.csv"
    one = voter(41)
    path.write_text(
        "state,voter_id,first_name,last_name,dob,address,city,zip\n"
        f"HD,{ME['voter_id']},,,,,,\n"
        f",,{one['first_name']},{one['last_name']},{one['dob']},{one['address']},Port Ansel,{one['zip']}\n"
        ",,Ada,,,,,\n"
    )
    call_command("suppress_people", str(path), "--json")
    said = capsys.readouterr().out
    assert '"protected": 1, "looked_for": 1' in said
    assert '"line": 4, "reason": "Add voter_id, or first_name, last_name and dob."' in said
    assert match_status(ME) == "none"
    run_jobs()
    assert match_status(one) == "none"
    path.write_text(f"state,voter_id\nHD,{ME['voter_id']}\n")
    call_command("suppress_people", str(path), "--lift", "--json")
    assert '"lifted": 1' in capsys.readouterr().out
    assert match_status(ME) == "verified"
    path.write_text("state,voter_id\n")
    with pytest.raises(CommandError, match="no usable row") as caught:
        call_command("suppress_people", str(path))
    assert caught.value.returncode == 1
