"""Layouts as data: the schema's errors name the key; a new state is one YAML; files are described in plain words."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from apps.core.errors import BadInput
from apps.synthetic.roll import NC_COLUMNS
from apps.voters import rolls
from apps.voters.layout import LAYOUT_FIELDS, Layout, known_layouts, load_layout, read_layout

from .synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]
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
def test_what_is_no_layout_at_all(settings: Any, text: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        read_layout(own(settings, text))


def test_an_unknown_layout_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match=r"known are: .*generic.*nc"):
        load_layout("../../etc/passwd")


def test_a_fixed_width_file_is_one_yaml(settings: Any, load_file: Load, tmp_path: Path) -> None:
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


def test_a_file_without_a_header_and_joined_columns(settings: Any, load_file: Load, tmp_path: Path) -> None:
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


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1976-07-04", "1976-07-04"), ("07/04/1976", "1976-07-04"), ("19760704", "1976-07-04"),
        ("XX-XX-XXXX", ""), ("##/##/####", ""), ("1900-01-01", ""), ("01/01/1800", ""), ("31/31/1976", ""),
    ],
)  # fmt: skip
def test_dates_that_are_none_are_not_kept(load_file: Load, write: Write, text: str, iso: str) -> None:
    rows = voters(3)
    rows[0]["dob"] = text
    load_file(write(rows))
    row = rolls.get_voter("HD", rows[0]["voter_id"])
    assert row is not None
    assert row.record.dob == iso


def test_check_layout_says_what_a_file_is(db: None, write: Write, load_file: Load, capsys: Any) -> None:
    load_file(write(voters(20)))
    changed = write(voters(20), "next.csv", header=("last_name", "voter_id", "state", "hava_id"))
    call_command("check_layout", str(changed))
    said = capsys.readouterr().out
    assert "next.csv: text of 4 columns, separated by commas." in said
    assert "It fits the layout generic" in said
    assert "No column for first_name (first_name). The field stays empty." in said
    assert "Compared with the last load (roll.csv" in said
    assert "New columns: hava_id. They are not stored unless the layout names them." in said


def test_check_layout_tells_what_a_state_changed(db: None, tmp_path: Path, capsys: Any) -> None:
    header = [{"ncid": "voter_number"}.get(c, c) for c in NC_COLUMNS if c != "suffix"]
    path = tmp_path / "nc.txt"
    path.write_text("\t".join([*header, "ssn"]) + "\n")
    call_command("check_layout", str(path), "--layout", "nc")
    said = capsys.readouterr().out
    assert "No column for voter_id (ncid). The file cannot be loaded without it." in said
    assert "New columns: voter_number, ssn." in said
    assert "Removed columns: ncid." in said


def test_a_file_without_names_is_told_so(db: None, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "fl.txt"
    path.write_text("ALA\t100000001\tARBOR\t\tADA\t1976\nALA\t100000002\tBIRKE\t\tBELA\t1980\n")
    call_command("check_layout", str(path))
    assert "this file has no header" in capsys.readouterr().out


def test_a_first_layout_loads_after_a_person_finished_it(
    db: None, load_file: Load, tmp_path: Path, settings: Any, capsys: Any
) -> None:
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


def test_every_key_is_explained() -> None:
    text = (settings.ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")
    for key in (*Layout.model_fields, "extends", *LAYOUT_FIELDS[:13]):
        assert f"`{key}`" in text, key
