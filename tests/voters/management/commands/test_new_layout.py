"""`new_layout` drafts a layout from a header."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.voters import rolls

Load = Callable[..., Any]


def test_a_draft_layout_loads_a_file(db: None, load_file: Load, tmp_path: Path, settings: Any, capsys: Any) -> None:
    path = tmp_path / "swvf_1_22.csv"
    path.write_text(
        "SOS_VOTERID,LAST_NAME,FIRST_NAME,DATE_OF_BIRTH,VOTER_STATUS,RESIDENTIAL_ADDRESS1,RESIDENTIAL_CITY,PARTY\n"
        "OH1,ARBOR,ADA,1976-07-04,CONFIRMATION,1 MILL ST,XENIA,D\n"
    )
    call_command("new_layout", str(path))
    written = settings.DATA_DIR / "layouts" / "swvf_1_22.yaml"
    assert "never stored:\n#   PARTY" in written.read_text()
    report = load_file(path, "swvf_1_22", state="OH")
    assert report.loaded == 1
    row = rolls.get_voter("OH", "OH1")
    assert row is not None
    assert (row.record.status, row.record.dob, row.record.address) == ("inactive", "1976-07-04", "1 MILL ST")
    with pytest.raises(CommandError, match="exists already") as caught:
        call_command("new_layout", str(path))
    assert caught.value.returncode == 1
