"""Changes of a state's header are described in plain language."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.voters import rolls
from tests.voters.state_files import carolina, check_layout

Load = Callable[..., Any]


@pytest.mark.slow
def test_known_changes_of_north_carolinas_header_are_described(
    state_rolls: Path, load_file: Load, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """2022-02 renamed, dropped and moved columns; then dates were masked in two ways; 2026-02 added three columns."""
    load_file(state_rolls / "ncvoter71_HD.txt", "nc")
    before = rolls.live_snapshots()["HD"].counts["loaded"]
    output = check_layout(state_rolls / "ncvoter_HD.txt", capsys)
    for words in (
        "It fits the layout nc: the file has 100% of the layout's columns.",
        "Probably renamed: midl_name is now middle_name.",
        "Probably renamed: name_sufx_cd is now name_suffix_lbl.",
        "Probably renamed: birth_place is now birth_state.",
        "Removed columns: absent_ind, name_prefx_cd, dist_2_abbrv, dist_2_desc",
        "The columns are in another order; they are read by name, so this has no effect.",
    ):
        assert words in output, output
    report = load_file(state_rolls / "ncvoter_HD.txt", "nc")
    assert report.loaded == before
    assert report.drift["HD"]["beyond"] == []
    assert any("midl_name is now middle_name" in note for note in report.drift["HD"]["notes"])
    for mask, name in (("XX-XX-XXXX", "dashes.txt"), ("##/##/####", "signs.txt")):
        path = carolina(state_rolls, tmp_path, name, lambda row, mask=mask: row | {"registr_dt": mask})  # type: ignore[misc]
        report = load_file(path, "nc")
        assert report.loaded == before
        notes = report.drift["HD"]["notes"]
        assert ("The column registr_dt contains a mask; it contained dates before." in notes) == (name == "dashes.txt")
    added = {"hava_id_req": "N", "ssn": "900-00-0001", "no_dl_ssn_chkbx": "N"}
    path = carolina(state_rolls, tmp_path, "2026.txt", lambda row: row | added)
    report = load_file(path, "nc")
    assert (
        "New columns: hava_id_req, ssn, no_dl_ssn_chkbx. They are not stored unless the layout names them."
        in (report.drift["HD"]["notes"])
    )
    assert {"hava_id_req", "ssn", "no_dl_ssn_chkbx"} <= set(report.ignored_columns)
    for stored in rolls.live_snapshots()["HD"].path.rglob("*"):
        assert stored.is_dir() or b"900-00-0001" not in stored.read_bytes()
