"""The commands, word for word: their files, reports and exit statuses."""

import csv
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from apps.districts.models import Vintage
from tests.districts.files import parquet
from tests.districts.test_addresses import ranges_file
from tests.districts.test_lookup import STATE, halves

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    call_command(*words, "--json")
    report: dict[str, Any] = json.loads(capsys.readouterr().out.splitlines()[-1])
    return report


def points(path: Path, rows: list[list[object]], header: tuple[str, ...] = ("id", "lon", "lat")) -> str:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


@pytest.fixture
def loaded(tmp_path: Path) -> None:
    file = parquet(tmp_path / "cd.parquet", halves(-99), ocdid=[f"{STATE}/cd:1", f"{STATE}/cd:2"])
    call_command("load_boundaries", str(file), "--layer", "cd", "--vintage", "2024")
    overlapping = np.array([shapely.box(-101, 39, -99, 42), shapely.box(-100, 39, -98, 42)])
    file = parquet(tmp_path / "a.parquet", overlapping, ocdid=["b", "a"])
    call_command("load_boundaries", str(file), "--layer", "area", "--vintage", "2024")


def test_load_boundaries_reports_and_dates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = parquet(tmp_path / "cd.parquet", halves(-99), code=["1", None])
    report = run(
        capsys,
        *("load_boundaries", str(file), "--layer", "cd", "--vintage", "2024", "--id-column", "code"),
        *("--valid-from", "2023-01-03", "--valid-to", "2033-01-02"),
    )
    assert (report["read"], report["loaded"], report["skipped"]) == (2, 1, {"no id": 1})
    made = Vintage.objects.get()
    assert (str(made), str(made.valid_from), str(made.valid_to)) == ("cd 2024", "2023-01-03", "2033-01-02")


@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("{file}", "--layer", "CD", "--vintage", "1"), 2, "--layer"),
        (("{file}", "--layer", "cd", "--vintage", "1", "--valid-from", "soon"), 2, "--valid-from soon"),
        (("{file}.gone", "--layer", "cd", "--vintage", "1"), 2, "cannot be read"),
        (("{file}", "--layer", "cd", "--vintage", "1", "--id-column", "code"), 2, "no column 'code'"),
        (("{empty}", "--layer", "cd", "--vintage", "1"), 1, "no id: 2"),
    ],
)
def test_load_boundaries_ends_with_the_promised_status(
    words: tuple[str, ...], status: int, message: str, tmp_path: Path
) -> None:
    file = parquet(tmp_path / "cd.parquet", halves(-99), ocdid=["a", "b"])
    empty = parquet(tmp_path / "empty.parquet", halves(-99), ocdid=[None, None])
    with pytest.raises(CommandError, match=message) as stopped:
        call_command("load_boundaries", *(word.format(file=file, empty=empty) for word in words))
    assert stopped.value.returncode == status
    assert not Vintage.objects.exists()


@pytest.mark.usefixtures("loaded")
def test_lookup_districts_writes_a_column_a_layer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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
def test_lookup_districts_refuses_what_it_cannot_read(content: bytes, message: str, tmp_path: Path) -> None:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_bytes(content)
    with pytest.raises(CommandError, match=message) as stopped:
        call_command("lookup_districts", "--input", str(source), "--output", str(out))
    assert stopped.value.returncode == 2
    assert not out.exists()


def test_lookup_districts_without_boundaries_ends_with_one(tmp_path: Path) -> None:
    source = points(tmp_path / "in.csv", [["a", 1, 2]])
    with pytest.raises(CommandError, match="load_boundaries") as stopped:
        call_command("lookup_districts", "--input", source, "--output", str(tmp_path / "out.csv"))
    assert stopped.value.returncode == 1


@pytest.mark.usefixtures("loaded")
def test_lookup_districts_keeps_the_order_over_many_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.districts.batch.PORTION", 7)
    out = tmp_path / "out.csv"
    source = points(tmp_path / "in.csv", [[n, -101 + n / 10, 40] for n in range(30)])
    call_command("lookup_districts", "--input", source, "--output", str(out), "--on", "2024-01-01")
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == [str(n) for n in range(30)]
    assert [row["cd"][-1] for row in rows[:25]] == ["1"] * 21 + ["2"] * 4


def test_load_addresses_reports_what_was_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = run(capsys, "load_addresses", str(ranges_file(tmp_path / "ranges.parquet")), "--format", "addrfeat")
    assert report.pop("seconds") < time.monotonic()
    assert report == {"loaded": 10, "skipped": {"a side without house numbers": 3, "no street": 1}}
    with pytest.raises(CommandError, match="--format tiger") as stopped:
        call_command("load_addresses", str(tmp_path / "ranges.parquet"), "--format", "tiger")
    assert stopped.value.returncode == 2


@pytest.mark.usefixtures("loaded")
def test_loaded_boundaries_are_listed_rolled_back_and_removed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = parquet(tmp_path / "one.parquet", halves(-99)[:1], ocdid=["x"])
    run(capsys, "load_boundaries", str(one), "--layer", "cd", "--vintage", "2024")
    assert run(capsys, "boundaries", "list")["cd 2024"].startswith("1 divisions, ... to ..., one.parquet, loaded ")
    words = ("--layer", "cd", "--vintage", "2024")
    run(capsys, "boundaries", "rollback", *words)
    assert run(capsys, "boundaries", "list")["cd 2024"].startswith("2 divisions")
    assert run(capsys, "boundaries", "remove", *words)["removed"]
    assert list(run(capsys, "boundaries", "list")) == ["area 2024"]


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    ("words", "status", "message"),
    [
        (("boundaries", "rollback", "--layer", "cd", "--vintage", "1999"), 1, "cd 1999 has no earlier load"),
        (("boundaries", "remove", "--layer", "sldu", "--vintage", "2024"), 1, "no vintage 2024 of the layer sldu"),
        (("lookup_districts", "--input", "{here}", "--output", "{here}.out", "--on", "soon"), 2, "--on soon: not a date"),
    ],
)
def test_an_unknown_layer_vintage_or_date_is_refused_in_words(
    words: tuple[str, ...], status: int, message: str
) -> None:
    with pytest.raises(CommandError, match=message) as stopped:
        call_command(*(word.format(here=__file__) for word in words))
    assert stopped.value.returncode == status
    assert Vintage.objects.live().count() == 2
