"""The rolls: exact layouts, districts that agree with the map, and the people who are hard to match."""

import re
from collections import Counter, defaultdict

import pyarrow.parquet as pq
import shapely

from apps.synthetic.constants import ROOT
from apps.synthetic.roll import GENERIC_COLUMNS, NC_COLUMNS

from .conftest import GeneratedState

# The 67 columns of North Carolina's file since February 2022.
NC_HEADER = """county_id county_desc voter_reg_num ncid last_name first_name middle_name name_suffix_lbl status_cd
voter_status_desc reason_cd voter_status_reason_desc res_street_address res_city_desc state_cd zip_code
mail_addr1 mail_addr2 mail_addr3 mail_addr4 mail_city mail_state mail_zipcode full_phone_number
confidential_ind registr_dt race_code ethnic_code party_cd gender_code birth_year age_at_year_end
birth_state drivers_lic precinct_abbrv precinct_desc municipality_abbrv municipality_desc ward_abbrv
ward_desc cong_dist_abbrv super_court_abbrv judic_dist_abbrv nc_senate_abbrv nc_house_abbrv
county_commiss_abbrv county_commiss_desc township_abbrv township_desc school_dist_abbrv school_dist_desc
fire_dist_abbrv fire_dist_desc water_dist_abbrv water_dist_desc sewer_dist_abbrv sewer_dist_desc
sanit_dist_abbrv sanit_dist_desc rescue_dist_abbrv rescue_dist_desc munic_dist_abbrv munic_dist_desc
dist_1_abbrv dist_1_desc vtd_abbrv vtd_desc""".split()


def test_the_layouts_have_their_columns_in_order(generated: GeneratedState) -> None:
    assert list(generated.nc[0]) == NC_COLUMNS == NC_HEADER
    assert len(NC_HEADER) == 67
    assert list(generated.generic[0]) == GENERIC_COLUMNS
    lines = (generated.path / "roll/ncvoter_HD.txt").read_text(encoding="latin-1").splitlines()
    assert {line.count("\t") for line in lines} == {66}
    assert lines[1].startswith('"8"\t"ISEL"\t')


def test_both_layouts_hold_the_same_people(generated: GeneratedState) -> None:
    nc = {row["ncid"]: row for row in generated.nc}
    generic = {row["voter_id"]: row for row in generated.generic if row["status"] != "pre-registered"}
    assert set(nc) == set(generic)
    assert len(generic) < len(generated.generic)
    for key, row in generic.items():
        other = nc[key]
        assert other["last_name"] == row["last_name"].upper()
        assert other["zip_code"] == row["zip"]
        assert other["res_street_address"].strip() == row["address"].upper()
        assert (other["cong_dist_abbrv"], other["nc_senate_abbrv"]) == (row["cd"], row["sldu"])
        assert (other["confidential_ind"] == "Y") == (row["status"] == "confidential")
        assert row["birth_year"] in ("", other["birth_year"])


def test_values_are_padded_and_not_all_ascii(generated: GeneratedState) -> None:
    assert generated.nc[5]["res_street_address"].endswith("  ")
    text = (generated.path / "roll/ncvoter_HD.txt").read_bytes()
    assert not text.isascii()
    assert "Ñ" in text.decode("latin-1") or "É" in text.decode("latin-1")


def test_ids_are_ten_digits_without_doubles_and_some_begin_with_zero(generated: GeneratedState) -> None:
    ids = [row["voter_id"] for row in generated.generic]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"\d{10}", key) for key in ids)
    assert any(key.startswith("00") for key in ids)


def test_every_status_occurs(generated: GeneratedState) -> None:
    statuses = Counter(row["status"] for row in generated.generic)
    assert set(statuses) == {
        "active", "inactive", "temporary", "denied", "removed", "confidential", "pre-registered",
    }  # fmt: skip
    assert statuses == {k: v for k, v in generated.manifest["status"].items() if v}
    assert statuses["active"] > 0.8 * len(generated.generic)
    assert {row["status_cd"] for row in generated.nc} == set("AISDR")
    assert {row["reason_cd"] for row in generated.nc if row["status_cd"] == "R"} == {"RD", "RL"}


def test_districts_of_a_voter_are_those_of_their_precinct_on_the_map(generated: GeneratedState) -> None:
    precincts = generated.layer("precinct_2026-06.parquet")
    layers = {"cd": "cd_2021.parquet", "sldu": "sldu_2021.parquet", "sldl": "sldl_2021.parquet"}
    shapes = {column: generated.layer(file) for column, file in layers.items()}
    counties = generated.layer("county_2023.parquet")
    expected = {}
    for key, precinct in precincts.items():
        inside = shapely.point_on_surface(precinct)
        expected[key] = [
            next(k.rsplit(":", 1)[1] for k, shape in shapes[column].items() if shape.contains(inside))
            for column in ("cd", "sldu", "sldl")
        ]
        assert counties[key.rsplit("/", 1)[0]].contains(inside)
    for row in generated.generic:
        key = f"{ROOT}/county:{row['county'].lower().replace(' ', '_')}/precinct:{row['precinct']}"
        assert [row["cd"], row["sldu"], row["sldl"]] == expected[key]


def test_a_voters_precinct_is_where_the_address_ranges_put_the_address(generated: GeneratedState) -> None:
    """Interpolate again, in the middle of the street; only houses beside a border may fall on its other side."""
    table = pq.read_table(generated.path / "addresses/addrfeat.parquet")
    ranges = defaultdict(list)
    for row, line in zip(table.to_pylist(), shapely.from_wkb(table["geometry"].to_pylist()), strict=True):
        for side in "LR":
            if row[f"{side}FROMHN"]:
                key = (row["FULLNAME"], row[f"ZIP{side}"], row[f"PARITY{side}"])
                ends = [int(row[f"{side}{end}HN"].lstrip("N")) for end in ("FROM", "TO")]
                ranges[key].append((*ends, line))
    precincts = generated.layer("precinct_2026-06.parquet")
    tree, keys = shapely.STRtree(list(precincts.values())), list(precincts)
    found = agree = 0
    for row in generated.generic[::5]:
        match = re.match(r"N?(\d+) (.+?)(?: (?:Apt|Unit|No|#).*)?$", row["address"])
        if match is None:
            continue
        number, street = int(match[1]), match[2]
        for first, last, line in ranges[street, row["zip"], "EO"[number % 2]]:
            if min(first, last) <= number <= max(first, last):
                place = shapely.line_interpolate_point(line, (number - first) / (last - first or 1), normalized=True)
                slug = row["county"].lower().replace(" ", "_")
                home = f"{ROOT}/county:{slug}/precinct:{row['precinct']}"
                found += 1
                agree += home in {keys[i] for i in tree.query(place, predicate="dwithin", distance=0.0003)}
                break
    assert found > 0.9 * len(generated.generic[::5])
    assert agree > 0.99 * found


def test_the_people_whom_matchers_confuse_are_there(generated: GeneratedState) -> None:
    at_home = defaultdict(list)
    for row in generated.generic:
        at_home[row["address"], row["city"]].append(row)
    juniors = twins = families = 0
    for people in at_home.values():
        names = Counter(p["last_name"] for p in people)
        families += any(n > 1 for n in names.values())
        fathers = Counter(p["first_name"] for p in people)
        juniors += any(p["suffix"] == "Jr" and fathers[p["first_name"]] > 1 for p in people)
        births = Counter((p["dob"], p["last_name"]) for p in people if p["dob"])
        twins += any(n > 1 for n in births.values())
    assert families > 900
    assert juniors >= 3
    assert twins >= 5
    cities = Counter((r["first_name"], r["last_name"], r["city"]) for r in generated.generic)
    assert sum(n > 1 for n in cities.values()) >= 5
    last = " ".join(row["last_name"] for row in generated.generic)
    assert "O'" in last
    assert "-" in last
    assert {"Bob", "Bill", "Liz", "Chris", "Mike", "Tony"} & {row["first_name"] for row in generated.generic}
    assert any(re.search(r" (Apt|Unit|#) ?\d", row["address"]) for row in generated.generic)
    assert any(row["address"].startswith("RR ") for row in generated.generic)
    assert any(row["dob"] == "" and row["birth_year"] for row in generated.generic)
    assert any(row["dob"] == "" and not row["birth_year"] for row in generated.generic)


def test_who_moved_is_there_twice_under_two_ids(generated: GeneratedState) -> None:
    people = defaultdict(list)
    for row in generated.nc:
        people[row["first_name"], row["last_name"], row["middle_name"], row["birth_year"]].append(row)
    pairs = [rows for rows in people.values() if {r["reason_cd"] for r in rows} > {"RL"}]
    assert len(pairs) > 20


def test_no_contact_detail_reaches_anybody(generated: GeneratedState) -> None:
    phones = [row["phone"] for row in generated.generic if row["phone"]]
    assert len(phones) > 0.25 * len(generated.generic)
    assert all(re.fullmatch(r"\d{3}55501\d\d", phone) for phone in phones)
    assert max(Counter(phones).values()) <= 4
    mails = [row["email"] for row in generated.generic if row["email"]]
    assert all(re.fullmatch(r"[a-z0-9.\-]+@example\.(org|com)", mail) for mail in mails)


def test_only_minors_are_pre_registered(generated: GeneratedState) -> None:
    for row in generated.generic:
        if row["status"] == "pre-registered" and row["dob"]:
            assert row["dob"] > "2008-11-21"
        elif row["dob"]:
            assert row["dob"] <= "2008-11-22"


def test_the_next_roll_is_a_month_later(generated: GeneratedState) -> None:
    later = {row["voter_id"]: row for row in generated.rows("roll/generic_next.csv")}
    first = {row["voter_id"]: row for row in generated.generic}
    changes = generated.manifest["changes"]
    assert len(later.keys() - first.keys()) == changes["new"] > 0
    assert len(first.keys() - later.keys()) == changes["dropped"] > 0
    both = [(first[key], later[key]) for key in first.keys() & later.keys()]
    assert sum(a["last_name"] != b["last_name"] for a, b in both) == changes["renamed"] > 0
    assert sum((a["address"], a["city"]) != (b["address"], b["city"]) for a, b in both) == changes["moved"] > 0
    turned = Counter((a["status"], b["status"]) for a, b in both if a["status"] != b["status"])
    assert turned == {
        ("active", "removed"): changes["removed"],
        ("active", "inactive"): changes["inactive"],
        ("inactive", "active"): changes["active_again"],
        ("active", "confidential"): changes["newly_confidential"],
    }
    assert generated.manifest["rows"]["roll/generic_next.csv"] == len(later)
