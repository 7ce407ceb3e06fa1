"""Layouts: schema errors name the key, and one YAML file describes a state's voter file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from apps.core.errors import BadInput
from apps.voters import rolls
from apps.voters.layout import LAYOUT_FIELDS, Layout, known_layouts, load_layout, read_layout
from tests.voters.synthetic_rows import GENERIC

Load = Callable[..., Any]
SMALLEST = {"name": "own", "title": "Own", "columns": {"voter_id": "id", "last_name": "last"}}


def own(settings: Any, content: dict[str, Any] | str, name: str = "own") -> Path:
    """Write an operator's own layout."""
    folder = settings.DATA_DIR / "layouts"
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / f"{name}.yaml"
    path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", known_layouts())
def test_every_shipped_layout_is_valid(name: str) -> None:
    layout = load_layout(name)
    assert layout.permitted_use
    assert layout.source


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colums": {}}, "key colums: is not a layout key"),
        ({"columns": {"voter_id": "id"}}, "key columns: has to name a column for last_name"),
        ({"columns": {"voter_id": "id", "last_name": "l", "ssn": "ssn"}}, "key columns: has the field 'ssn'"),
        ({"status": {"column": "s", "registered": {"A": 1}}}, "key status.registered.A"),
        ({"drop": [{"column": "c", "values": ["Y"], "reason": "odd"}]}, "key drop.0.reason"),
        (
            {"districts": {"cd": {"column": "c", "id": "cd:{valu}"}}},
            "key districts.cd.id: may use {value} and {county}",
        ),
        ({"districts": {"CD 1": {"column": "c", "id": "cd:{value}"}}}, "key districts: has the layer 'CD 1'"),
        ({"header": False}, "a layout without a header needs `names`"),
        ({"format": "fixed"}, "a fixed layout needs `widths`"),
        ({"dates": ["DDMMYY"]}, "key dates.0"),
        ({"title": None}, "key title"),
        ({"name": "other"}, "name is 'other'; write 'own'"),
    ],
)
def test_a_wrong_layout_names_the_key(settings: Any, change: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_layout(own(settings, SMALLEST | change))
    assert message in str(caught.value)
    assert str(caught.value).startswith("own.yaml")


@pytest.mark.parametrize(
    ("text", "message"), [("a: [1", "own.yaml line 1: invalid YAML"), ("- 1\n", "a layout is a list of keys")]
)
def test_a_file_that_is_not_a_layout_is_bad_input(settings: Any, text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read_layout(own(settings, text))


def test_an_unknown_layout_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match=r"known are: .*generic.*nc"):
        load_layout("../../etc/passwd")


def test_a_layout_reads_fixed_width_columns(settings: Any, load_file: Load, tmp_path: Path) -> None:
    own(
        settings,
        SMALLEST
        | {
            "state": "TX",
            "format": "fixed",
            "widths": {
                "id": [1, 6],
                "last": [7, 10],
                "first": [17, 8],
                "born": [25, 8],
                "flag": [33, 1],
                "cd": [34, 2],
            },
            "columns": {"voter_id": "id", "last_name": "last", "first_name": "first", "dob": "born"},
            "dates": ["MMDDYYYY"],
            "drop": [{"column": "flag", "values": ["Y"], "reason": "confidential"}],
            "districts": {"cd": {"column": "cd", "id": "cd:{value}"}},
        },
    )
    path = tmp_path / "roll.txt"
    lines = ["000001ARBOR     ADA     07041976N07", "000002BIRKE     BELA    01011980Y07", "1"]
    path.write_text("\n".join(lines) + "\n")
    report = load_file(path, "own")
    assert (report.loaded, dict(report.dropped), report.quarantined) == (1, {"confidential": 1}, 1)
    row = rolls.get_voter("TX", "000001")
    assert row is not None
    assert (row.record.last_name, row.record.first_name, row.record.dob) == ("ARBOR", "ADA", "1976-07-04")
    assert row.districts == {"cd": "ocd-division/country:us/state:tx/cd:7"}


def test_a_layout_reads_a_file_without_a_header(settings: Any, load_file: Load, tmp_path: Path) -> None:
    own(
        settings,
        SMALLEST
        | {
            "state": "FL",
            "header": False,
            "names": ["id", "last", "line1", "line2", "exempt", "status"],
            "columns": {"voter_id": "id", "last_name": "last", "address": ["nowhere", "line1 + line2"]},
            "status": {"column": "status", "registered": {"ACT": "active"}, "drop": {"PRE": "preregistered"}},
            "drop": [{"column": "exempt", "values": ["Y"], "reason": "exempt"}],
        },
    )
    path = tmp_path / "roll.txt"
    rows = [
        "1\tArbor\t1 Mill St\tApt 2\tN\tACT",
        "2\tBirke\t2 Mill St\t\tN\tACT",
        "3\tC\t\t\tN\tPRE",
        "4\tD\t\t\tY\tACT",
    ]
    path.write_text("\r\n".join(rows))
    report = load_file(path, "own")
    assert (report.loaded, dict(report.dropped)) == (2, {"preregistered": 1, "exempt": 1})
    found = [rolls.get_voter("FL", number) for number in "12"]
    assert [row.record.address for row in found if row] == ["1 Mill St Apt 2", "2 Mill St"]


def test_the_documentation_explains_every_key() -> None:
    text = (settings.ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
    for key in (*Layout.model_fields, "extends", *LAYOUT_FIELDS[:13]):
        assert f"`{key}`" in text, key


def test_a_layout_may_extend_another(settings: Any, load_file: Load, tmp_path: Path) -> None:
    folder = settings.DATA_DIR / "layouts"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "club.yaml").write_text(
        "name: club\nextends: generic\ntitle: Our list\ncolumns:\n  voter_id: Number\n  last_name: Surname\n"
    )
    path = tmp_path / "club.csv"
    path.write_text("Number,Surname,first_name,state\n1,Arbor,Ada,HD\n")
    assert load_file(path, "club").loaded == 1
    row = rolls.get_voter("HD", "1")
    assert row is not None
    assert row.record.first_name == "Ada"


def test_the_generic_layout_reads_every_generated_column() -> None:
    layout = load_layout("generic")
    named = {*layout.columns, *layout.districts, "status"}
    assert set(GENERIC) <= named
