"""A load: exact counts, what is stored, and what is never stored."""

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from apps.jobs.models import Job
from apps.matching import TypedPerson
from apps.synthetic.roll import NC_COLUMNS
from apps.voters import rolls, suppression
from apps.voters.layout import SHIPPED_LAYOUTS
from apps.voters.loading.store import ROLL_FILE
from apps.voters.models import LiveRoll, Snapshot
from apps.voters.search.base import voter_index
from tests.voters.queries import query_of
from tests.voters.synthetic_rows import voter, voters

Load = Callable[..., Any]
Write = Callable[..., Path]
OCD = "ocd-division/country:us/state:hd"


def test_counts_are_exact(load_file: Load, write: Write) -> None:
    rows = voters(40)
    rows[3]["status"] = "confidential"
    rows[4]["status"] = "pre-registered"
    rows[5]["status"] = "removed"
    rows[6]["status"] = "no such word"
    rows[7]["voter_id"] = ""
    report = load_file(write(rows))
    assert (report.read, report.loaded, report.quarantined) == (40, 36, 2)
    assert dict(report.dropped) == {"confidential": 1, "preregistered": 1}
    assert report.states == {"HD": 36}
    assert report.first_errors == [
        "roll.csv line 8, column status: the status 'no such word' is not in the layout.",
        "roll.csv line 9, column voter_id: the id is empty.",
    ]


def test_the_first_load_of_a_state_is_live_at_once_and_enqueues_a_job(load_file: Load, write: Write, day: date) -> None:
    load_file(write(voters(10)), as_of=day)
    snapshot = rolls.live_snapshots()["HD"]
    assert (snapshot.status, snapshot.as_of, snapshot.layout) == ("live", day, "generic")
    assert len(snapshot.hash) == 64
    job = Job.objects.get(task="rolls.after_live")
    assert job.args == {"snapshot_id": snapshot.pk}


def test_a_stored_voter_has_their_districts(load_file: Load, write: Write) -> None:
    load_file(write([voter(7, voter_id="0007", county="Isel County")]))
    row = rolls.get_voter("HD", "0007")
    assert row is not None
    assert (row.record.first_name, row.record.address, row.record.zip, row.registered) == (
        "Hana",
        "8 Harbor Lane",
        "00407",
        True,
    )
    assert row.districts == {
        "cd": f"{OCD}/cd:4",
        "sldu": f"{OCD}/sldu:11",
        "sldl": f"{OCD}/sldl:27",
        "county": f"{OCD}/county:isel",
        "precinct": f"{OCD}/county:isel/precinct:8",
    }
    assert "Hana" not in repr(row)


def test_a_withheld_voter_is_stored_as_a_keyed_hash_only(load_file: Load, write: Write) -> None:
    marked = voter(1, voter_id="MARK-1", last_name="Markerly", address="9 Marker Court", status="confidential")
    load_file(write([*voters(5, 10), marked]))
    snapshot = rolls.live_snapshots()["HD"]
    for path in [p for p in snapshot.path.rglob("*") if p.is_file()]:
        content = path.read_bytes().lower()
        assert b"marker" not in content, path.name
        assert b"mark-1" not in content, path.name
    assert suppression.is_suppressed("HD", "MARK-1")
    assert rolls.get_voter("HD", "MARK-1") is None


def test_withheld_on_one_line_is_withheld_on_all(load_file: Load, write: Write) -> None:
    both = [voter(1), voter(1, status="confidential")]
    report = load_file(write([*voters(5, 10), *both]))
    assert report.loaded == 5
    assert rolls.get_voter("HD", both[0]["voter_id"]) is None
    answer = voter_index().match_one(query_of(both[0]))
    assert (answer.status, answer.voter_id, answer.candidates) == ("none", "", ())


def test_removed_voters_are_stored_but_never_matched(load_file: Load, write: Write) -> None:
    gone = voter(1, status="removed")
    load_file(write([*voters(5, 10), gone]))
    row = rolls.get_voter("HD", gone["voter_id"])
    assert row is not None
    assert not row.registered
    assert voter_index().match_one(query_of(gone)).status == "none"


def test_the_registered_row_of_two_counties_wins(load_file: Load, write: Write) -> None:
    moved = [voter(1, status="active", county="Marn"), voter(1, status="removed", county="Isel")]
    report = load_file(write([*voters(5, 10), *moved]))
    assert dict(report.dropped) == {"duplicate": 1}
    row = rolls.get_voter("HD", moved[0]["voter_id"])
    assert row is not None
    assert row.county == "Marn"


def test_a_file_of_two_states_loads_two_rolls(load_file: Load, write: Write) -> None:
    report = load_file(write([voter(1), voter(1, state="n.c."), voter(2, state="")]), state="HD")
    assert report.states == {"HD": 2, "NC": 1}
    assert set(rolls.live_snapshots()) == {"HD", "NC"}
    row = rolls.get_voter("NC", voter(1)["voter_id"])
    assert row is not None
    assert row.districts["cd"] == "ocd-division/country:us/state:nc/cd:4"


def test_phone_and_email_are_loaded_only_if_enabled(load_file: Load, write: Write, settings: Any) -> None:
    rows = [voter(1, phone="(701) 555-0142", email="ada@example.org"), *voters(5, 10)]
    folder = Path(settings.DATA_DIR) / "layouts"
    folder.mkdir(exist_ok=True)
    generic = (SHIPPED_LAYOUTS / "generic.yaml").read_text()
    (folder / "statewide.yaml").write_text(
        generic.replace("name: generic", "name: statewide").replace("own_file: true\n", "")
    )
    asked = TypedPerson(first_name="Bela", last_name="Arbor", phone="701-555-0142", state="HD")
    load_file(write(rows), layout="statewide")
    before = voter_index().match_one(asked, "contact").candidates
    settings.LOAD_PHONE = True
    load_file(write(rows), layout="statewide")
    after = voter_index().match_one(asked, "contact").candidates
    level = 6  # the place of phone among the compared fields
    assert {c.levels[level] for c in before} <= {-1}
    assert after[0].levels[level] == 0


def test_phone_and_email_of_an_operators_own_file_are_always_loaded(load_file: Load, write: Write) -> None:
    load_file(write([voter(1, phone="(701) 555-0142"), *voters(5, 10)]))
    asked = TypedPerson(first_name="Bela", last_name="Arbor", phone="701-555-0142", state="HD")
    assert voter_index().match_one(asked, "contact").candidates[0].levels[6] == 0


def test_unknown_columns_are_reported_and_not_stored(load_file: Load, write: Write) -> None:
    rows = [row | {"ssn": "078-05-1120"} for row in voters(3)]
    report = load_file(write(rows, header=(*rows[0], "party")))
    assert report.ignored_columns == ["ssn", "party"]
    assert b"078-05" not in (rolls.live_snapshots()["HD"].path / ROLL_FILE).read_bytes()


def test_an_old_and_a_new_header_of_north_carolina_read_alike(load_file: Load, tmp_path: Path, day: date) -> None:
    new = dict.fromkeys(NC_COLUMNS, "") | {
        "county_id": "100", "county_desc": "YANCEY", "ncid": "AA1", "last_name": "ARBOR", "first_name": "ADA",
        "middle_name": "MAY", "name_suffix_lbl": "JR", "status_cd": "A", "res_street_address": "12  MILL ST      ",
        "res_city_desc": "BURNSVILLE", "state_cd": "NC", "zip_code": "28714", "birth_year": "1961",
        "registr_dt": "XX-XX-XXXX", "confidential_ind": "N", "cong_dist_abbrv": "11", "precinct_abbrv": "01-BUR",
        "mail_addr1": "PO BOX 7", "mail_city": "BURNSVILLE", "mail_state": "NC", "mail_zipcode": "28714",
    }  # fmt: skip
    assert len(NC_COLUMNS) == 67
    old = dict.fromkeys(_old_header(), "") | {c: v for c, v in new.items() if c in _old_header()}
    old |= {"midl_name": "MAY", "name_sufx_cd": "JR", "Confidential_ind": "N", "registr_dt": "##/##/####"}
    added = new | {"hava_id_req": "N", "ssn": "078051120", "no_dl_ssn_chkbx": "N"}
    seen = []
    for number, row in enumerate((old, new, added)):
        second = row | {"ncid": "AA2", "Confidential_ind" if row is old else "confidential_ind": "Y"}
        path = tmp_path / f"nc{number}.txt"
        lines = ("\t".join(f'"{value}"' for value in values) for values in (row, row.values(), second.values()))
        path.write_text("\n".join(lines) + "\n", encoding="latin-1")
        report = load_file(path, "nc", as_of=day)
        assert (report.loaded, dict(report.dropped)) == (1, {"confidential": 1})
        seen.append(rolls.get_voter("NC", "AA1"))
    assert seen[0] == seen[1] == seen[2]
    assert seen[0] is not None
    assert (seen[0].record.middle_name, seen[0].record.suffix, seen[0].record.address) == ("MAY", "JR", "12 MILL ST")
    assert seen[0].mailing_address == "PO BOX 7\nBURNSVILLE, NC 28714"
    assert seen[0].districts["precinct"].endswith("/county:yancey/precinct:1-bur")
    assert b"078051120" not in (rolls.live_snapshots()["NC"].path / ROLL_FILE).read_bytes()


def test_a_snapshot_is_private_to_its_owner(load_file: Load, write: Write) -> None:
    load_file(write(voters(5)))
    snapshot = Snapshot.objects.get()
    files = [p for p in snapshot.path.rglob("*") if p.is_file()]
    assert {p.stat().st_mode & 0o777 for p in files} == {0o600}
    assert snapshot.path.stat().st_mode & 0o777 == 0o700
    with sqlite3.connect(snapshot.path / ROLL_FILE) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert LiveRoll.objects.get().snapshot == snapshot


def _old_header() -> list[str]:
    moved = {"middle_name": "midl_name", "name_suffix_lbl": "name_sufx_cd", "confidential_ind": "Confidential_ind"}
    kept = [moved.get(c, c) for c in NC_COLUMNS if c not in {"age_at_year_end", "birth_state", "vtd_abbrv"}]
    more = ["name_prefx_cd", "birth_age", "birth_place", "absent_ind", "dist_2_abbrv", "dist_2_desc", "vtd_x"]
    return [*reversed(kept), *more]
