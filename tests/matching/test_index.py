"""The embedded index: reproducible bytes, no partial index, errors that name the damaged file."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from apps.matching import IndexBuilder, IndexDamaged, MatchingError, VoterRecord, open_index
from apps.matching.index import block_files, layout
from tests.matching.conftest import ROLL, build, neighbors


def _bytes(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir()}


def test_the_same_roll_gives_the_same_bytes_however_it_comes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*ROLL, *neighbors(700)]
    build(tmp_path / "one", rows)
    monkeypatch.setattr(block_files, "ROWS_AT_A_TIME", 101)
    with IndexBuilder(tmp_path / "two", "ZZ") as builder:
        assert [builder.add(rows[:13]), builder.add(iter(rows[13:]))] == [13, len(rows) - 13]
        builder.finish()
    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_the_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.matching.conftest import ROLL, build; "
        "print(build(Path(sys.argv[1]), ROLL).snapshot)"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / seed)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_voters_keep_their_ids_as_text(tmp_path: Path) -> None:
    index = build(tmp_path / "i", [VoterRecord("0007", "ANN"), VoterRecord("Ä-1", "BOB")])
    assert [index.voter_id(0), index.voter_id(1)] == ["0007", "Ä-1"]


def test_a_build_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    with IndexBuilder(tmp_path / "i", "ZZ") as builder:
        builder.add(ROLL)
    assert list(tmp_path.iterdir()) == []


def test_a_standing_index_is_never_written_over(tmp_path: Path) -> None:
    build(tmp_path / "i", ROLL)
    with pytest.raises(MatchingError, match="never overwritten"):
        IndexBuilder(tmp_path / "i", "ZZ")


@pytest.mark.parametrize("name", sorted(layout.FILES))
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    build(tmp_path / "i", ROLL)
    (tmp_path / "i" / name).unlink()
    with pytest.raises(IndexDamaged) as caught:
        open_index(tmp_path / "i")
    assert caught.value.file == name


def test_a_cut_file_is_named(tmp_path: Path) -> None:
    build(tmp_path / "i", ROLL)
    with (tmp_path / "i" / layout.BLOCKS).open("r+b") as file:
        file.truncate(4)
    with pytest.raises(IndexDamaged, match=r"blocks\.bin: has 4 bytes"):
        open_index(tmp_path / "i")


def test_verify_detects_a_changed_byte(tmp_path: Path) -> None:
    build(tmp_path / "i", ROLL)
    with (tmp_path / "i" / layout.ROWS).open("r+b") as file:
        file.write(b"\xff")
    open_index(tmp_path / "i")
    with pytest.raises(IndexDamaged) as caught:
        open_index(tmp_path / "i", verify=True)
    assert caught.value.file == layout.ROWS


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format": 1}', "\x00"])
def test_a_broken_manifest_is_named(tmp_path: Path, content: str) -> None:
    build(tmp_path / "i", ROLL)
    (tmp_path / "i" / layout.MANIFEST).write_text(content)
    with pytest.raises(IndexDamaged, match="manifest"):
        open_index(tmp_path / "i")


def test_another_format_is_an_error(tmp_path: Path) -> None:
    build(tmp_path / "i", ROLL)
    manifest = json.loads((tmp_path / "i" / layout.MANIFEST).read_text())
    (tmp_path / "i" / layout.MANIFEST).write_text(json.dumps({**manifest, "format": 0}))
    with pytest.raises(IndexDamaged, match="is of format 0"):
        open_index(tmp_path / "i")


def test_no_folder_at_all(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="is missing"):
        open_index(tmp_path / "nowhere")


def test_a_block_above_its_cap_is_left_out(tmp_path: Path) -> None:
    same_door = [VoterRecord(str(i), f"A{chr(65 + i)}X", address="1 ELM ST") for i in range(26)]
    small = build(tmp_path / "small", same_door[:20])
    large = build(tmp_path / "large", [*same_door, *[v._replace(voter_id=f"b{v.voter_id}") for v in same_door]])
    # Each voter has keys by address (cap 30), by first name and street, and by first name and house number.
    assert len(small._blocks) == 20 + 20 + 20
    assert len(large._blocks) == 0 + 52 + 52
