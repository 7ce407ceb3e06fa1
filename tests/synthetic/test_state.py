"""The folder as a whole: reproducible bytes, no partial output, bounded memory."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apps.synthetic import state
from apps.synthetic.state import CannotMake, make_state

from .conftest import AS_OF, GeneratedState

pytestmark = pytest.mark.slow


def test_same_seed_and_day_give_the_same_bytes(generated: GeneratedState, tmp_path: Path) -> None:
    make_state(tmp_path / "again", 6000, 7, as_of=AS_OF)
    again = json.loads((tmp_path / "again" / "manifest.json").read_text())
    assert again == generated.manifest


def test_another_seed_gives_other_people_in_the_same_state(generated: GeneratedState, tmp_path: Path) -> None:
    make_state(tmp_path / "other", 1000, 8, as_of=AS_OF, layouts=("generic",))
    other = GeneratedState(tmp_path / "other")
    assert other.generic[0]["last_name"] == generated.generic[0]["last_name"] == "Paz"
    assert other.generic[500]["voter_id"] not in {row["voter_id"] for row in generated.generic}
    assert set(other.layer("county_2023.parquet")) == set(generated.layer("county_2023.parquet"))
    assert not (other.path / "roll/ncvoter_HD.txt").exists()


def test_the_manifest_names_every_file_and_counts_its_rows(generated: GeneratedState) -> None:
    there = {p.relative_to(generated.path).as_posix() for p in generated.path.rglob("*") if p.is_file()}
    assert set(generated.manifest["files"]) == there - {"manifest.json"}
    assert generated.manifest["rows"]["roll/generic.csv"] == len(generated.generic) == 6000
    assert generated.manifest["rows"]["roll/ncvoter_HD.txt"] == len(generated.nc)
    assert generated.manifest["lines_change_on"] == "2027-01-03"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"voters": 999}, "--voters is 999"),
        ({"voters": 10_000_001}, "1000 to 10000000"),
        ({"contacts": 9}, "--contacts is 9"),
        ({"seed": -1}, "--seed is -1"),
        ({"as_of": date(1999, 12, 31)}, "--as-of is 1999-12-31"),
        ({"layouts": ("generic", "tx")}, "--layouts names tx"),
    ],
)
def test_arguments_out_of_range_are_refused_by_name(tmp_path: Path, arguments: dict[str, int], message: str) -> None:
    options: dict[str, Any] = {"voters": 1000, "seed": 1, "as_of": AS_OF, **arguments}
    with pytest.raises(CannotMake, match=message):
        make_state(tmp_path / "out", **options)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_content_is_left_alone(tmp_path: Path) -> None:
    for name, text in (("letter.txt", "dear"), ("manifest.json", "[1]")):
        (tmp_path / name).write_text(text)
        with pytest.raises(CannotMake, match="has other content"):
            make_state(tmp_path, 1000, 1, as_of=AS_OF)
        assert (tmp_path / name).read_text() == text


def test_a_failure_leaves_the_earlier_state_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    make_state(out, 1000, 1, as_of=AS_OF, layouts=("generic",))
    before = (out / "manifest.json").read_bytes()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(state, "write_cases", full)
    with pytest.raises(OSError, match="No space"):
        make_state(out, 1000, 2, as_of=AS_OF, layouts=("generic",))
    assert (out / "manifest.json").read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


def test_an_earlier_state_is_replaced_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    make_state(out, 1000, 1, as_of=AS_OF)
    make_state(out, 1000, 1, as_of=AS_OF, layouts=("generic",))
    assert not (out / "roll/ncvoter_HD.txt").exists()


def test_memory_does_not_grow_with_the_voters(tmp_path: Path) -> None:
    script = (
        "import resource, sys; from datetime import date; from pathlib import Path;"
        "from apps.synthetic.state import make_state;"
        "make_state(Path(sys.argv[1]), int(sys.argv[2]), 1, as_of=date(2026, 11, 21), layouts=('generic',));"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )

    def peak(voters: int) -> int:
        command = [sys.executable, "-c", script, str(tmp_path / str(voters)), str(voters)]
        unit = 1 if sys.platform == "darwin" else 1024  # bytes on macOS, kilobytes elsewhere
        return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout) * unit

    small, large = peak(25_000), peak(125_000)
    assert large - small < 60_000_000  # five chunks of 25,000 instead of one
    assert large < 900_000_000  # shapely, pyogrio and pyarrow are half of it
