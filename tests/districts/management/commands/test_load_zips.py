"""`load_zips` loads areas and tables, and refuses invalid files."""

import gzip
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.districts import lookup, services
from tests.districts.samples import STATE, halves, load

pytestmark = pytest.mark.django_db


def shares(zip_code: str, layer: str = "cd") -> dict[str, float | None]:
    return {each.hit.ocd_id[-1]: each.share for each in lookup.districts_for_zip(zip_code)[layer]}


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("zcta_cd.csv", "state_fips,state_abbr,zcta,cd\n99,QX,00701,1\n99,QX,00701,2\n99,QX,00702,2\n", None),
        (
            "tab20_cd11920_zcta520_natl.txt",
            "GEOID_CD119_20|NAMELSAD_CD119_20|GEOID_ZCTA5_20|AREALAND_PART\n"
            "3001|One|00701|300\n3002|Two|00701|100\n3002|Two||900\n3002|Two|00702|7\n",
            0.75,
        ),
        ("own.csv", f"zip,ocdid,share\n00701,{STATE}/cd:1,.75\n00701,{STATE}/cd:2,.25\n00702,{STATE}/cd:2,1\n", 0.75),
    ],
)
def test_a_table_supplies_every_district(tmp_path: Path, name: str, text: str, wanted: float | None) -> None:
    montana = [f"ocd-division/country:us/state:mt/cd:{n}" for n in (1, 2)]
    load(tmp_path, "cd", "119", halves(-99), **({"ids": montana} if "natl" in name else {}))
    path = tmp_path / f"{name}.gz" if name.endswith("csv") else tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("csv") else text.encode("utf-8-sig"))
    report = services.load_zip_table(path=path, layer="cd", vintage="119")
    assert report["loaded"] == 2
    assert shares("00701") == {"1": wanted, "2": wanted and 1 - wanted}
    assert list(shares("00702")) == ["2"]
    assert {each.basis for each in lookup.districts_for_zip("00701")["cd"]} == {"list"}


def test_a_zip_code_with_an_unknown_district_is_skipped(tmp_path: Path) -> None:
    load(tmp_path, "cd", "119", halves(-99))
    path = tmp_path / "zips.csv"
    path.write_text(f"zip,ocdid\n00701,{STATE}/cd:1\n00701,{STATE}/cd:9\n00702,{STATE}/cd:2\n")
    report = services.load_zip_table(path=path, layer="cd", vintage="119")
    assert report == {"loaded": 1, "skipped": {"a ZIP code with a division that this vintage lacks": 1}}
    assert lookup.districts_for_zip("00701") == {}


@pytest.mark.parametrize(
    ("content", "words", "status", "message"),
    [
        ("zip,ocdid\n00701,x\n", ("--layer", "cd", "--vintage", "118"), 1, "no vintage 118 of the layer cd"),
        ("zip,ocdid\n00701,x\n", ("--layer", "sldu", "--vintage", "119"), 1, "no vintage 119 of the layer sldu"),
        ("zip,ocdid\n00701,x\n", ("--layer", "C D", "--vintage", "119"), 2, "letters a to z"),
        ("zip,ocdid\n00701,x\n", (), 2, "--layer and --vintage"),
        ("zip,ocdid\n00701,x\n", ("--layer", "cd", "--vintage", "119"), 1, "has no division of cd 119"),
        ("zip,ocdid\n7,x\n", ("--layer", "cd", "--vintage", "119"), 1, "no ZIP code"),
        ("city,cd\nx,1\n", ("--layer", "cd", "--vintage", "119"), 2, "needs a column of ZIP codes.*city, cd"),
        ("", ("--layer", "cd", "--vintage", "119"), 2, "It has: none"),
    ],
)
def test_an_invalid_file_is_refused_and_changes_nothing(
    tmp_path: Path, content: str, words: tuple[str, ...], status: int, message: str
) -> None:
    load(tmp_path, "cd", "119", halves(-99))
    good = tmp_path / "good.csv"
    good.write_text(f"zip,ocdid\n00702,{STATE}/cd:2\n")
    services.load_zip_table(path=good, layer="cd", vintage="119")
    path = tmp_path / "zips.csv"
    path.write_text(content)
    with pytest.raises(CommandError, match=message) as stopped:
        call_command("load_zips", str(path), *words)
    assert stopped.value.returncode == status
    assert shares("00702") == {"2": None}
