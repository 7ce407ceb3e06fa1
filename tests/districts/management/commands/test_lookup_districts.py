"""`lookup_districts`: a column per layer, in input order; invalid input is refused."""

import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.districts.management.commands.reports import run
from tests.districts.samples import STATE

pytestmark = pytest.mark.django_db


def points(path: Path, rows: list[list[object]], header: tuple[str, ...] = ("id", "lon", "lat")) -> str:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


@pytest.mark.usefixtures("loaded")
def test_a_column_is_written_per_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[list[object]] = [
        ["first", -100.5, 40],
        ["both", -99.5, 40],
        ["sea", 0, 0],
        ["nan", "nan", 40],
        ["big", "1e308", 40],
        ["words", "east", "north"],
        ["swapped", 40, -100.5],
        ["short"],
    ]
    out = tmp_path / "out.csv"
    report = run(capsys, "lookup_districts", "--input", points(tmp_path / "in.csv", rows), "--output", str(out))
    assert out.read_text().splitlines() == [
        "id,area,cd",
        f"first,b,{STATE}/cd:1",
        f"both,b|a,{STATE}/cd:1",
        *("sea,,", "nan,,", "big,,", "words,,", "swapped,,", "short,,"),
    ]
    wanted = {"read": 8, "found": 2, "outside": 1, "swapped": 1, "bad": 5}
    assert {key: report[key] for key in wanted} == wanted
    assert report["layers"] == {"area": "2024", "cd": "2024"}


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"id,lon\n1,2\n", "lacks the column 'lat'"),
        (b"", "lacks the column 'id'"),
        (b"id,lon,lat\n1,2,3\n\xff\xfe\n", "not UTF-8 CSV"),
        (b'id,lon,lat\n1,2,3\n"open,2,3\n', r"line \d: not UTF-8 CSV"),
    ],
)
def test_invalid_input_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    with pytest.raises(CommandError, match=message) as stopped:
        call_command("lookup_districts", "--input", str(source), "--output", str(out))
    assert stopped.value.returncode == 2
    assert not out.exists()


def test_without_boundaries_the_exit_status_is_1(tmp_path: Path) -> None:
    source = points(tmp_path / "in.csv", [["a", 1, 2]])
    with pytest.raises(CommandError, match="load_boundaries") as stopped:
        call_command("lookup_districts", "--input", source, "--output", str(tmp_path / "out.csv"))
    assert stopped.value.returncode == 1


@pytest.mark.usefixtures("loaded")
def test_the_order_is_preserved_over_many_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.districts.batch.BATCH_ROWS", 7)
    out = tmp_path / "out.csv"
    source = points(tmp_path / "in.csv", [[n, -101 + n / 10, 40] for n in range(30)])
    call_command("lookup_districts", "--input", source, "--output", str(out), "--on", "2024-01-01")
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [str(n) for n in range(30)]
    assert [row["cd"][-1] for row in rows[:25]] == ["1"] * 21 + ["2"] * 4
