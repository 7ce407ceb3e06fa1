"""Officials and elections: the formats of the public files, one vacancy, two members, dates in order."""

import gzip
import json
from collections import Counter
from datetime import date
from typing import Any

from django.core.validators import URLValidator

from .conftest import GeneratedState


def records(generated: GeneratedState, name: str) -> list[dict[str, Any]]:
    with gzip.open(generated.path / "officials" / name, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def current(generated: GeneratedState, kind: str) -> Counter[str]:
    """Return the number of current holders of legislative seats, by district."""
    return Counter(
        role["district"]
        for person in records(generated, "people.jsonl.gz")
        for role in person["roles"]
        if role["type"] == kind and role.get("end_date", "9999") > generated.manifest["as_of"]
    )


def test_both_houses_are_full_but_for_one_vacancy(generated: GeneratedState) -> None:
    upper, lower = current(generated, "upper"), current(generated, "lower")
    assert upper == {str(n): 1 for n in range(1, 13)}
    assert set(lower) == {str(n) for n in range(1, 37)} - {"27"}
    assert [district for district, members in lower.items() if members != 1] == ["12"]


def test_people_are_in_the_form_of_open_states(generated: GeneratedState) -> None:
    people = records(generated, "people.jsonl.gz")
    assert len({person["id"] for person in people}) == len(people)
    for person in people:
        assert person["id"].startswith("ocd-person/")
        assert person["_jurisdiction"] == "hd"
        assert person["email"].endswith("@example.org")
        assert all("-555-01" in office["voice"] for office in person["offices"])
        assert all(role["jurisdiction"].startswith("ocd-jurisdiction/country:us/state:hd") for role in person["roles"])
    kinds = Counter(person["_kind"] for person in people)
    assert kinds["executive"] == 5
    assert kinds["county"] == 14
    assert any(role["type"] == "governor" for person in people for role in person["roles"])


def test_members_of_congress_have_terms_up_to_the_change_of_lines(generated: GeneratedState) -> None:
    members = records(generated, "legislators.jsonl.gz")
    last = [person["terms"][-1] for person in members]
    assert sorted(term["district"] for term in last if term["type"] == "rep") == list(range(1, 8))
    assert sum(term["type"] == "sen" for term in last) == 2
    assert {term["end"] for term in last if term["type"] == "rep"} == {generated.manifest["lines_change_on"]}
    assert all(term["start"] <= generated.manifest["as_of"] < term["end"] for term in last)
    assert next(p for p in members if p["terms"][-1].get("district") == 4)["name"]["official_full"] == "Imogen Tarrow"


def test_elections_have_their_deadlines_before_them(generated: GeneratedState) -> None:
    every_row = generated.rows("officials/elections.csv")
    rows = [row for row in every_row if row["kind"] != "office"]
    assert every_row == json.loads((generated.path / "officials/elections.json").read_text())
    assert [row["kind"] for row in rows] == ["general", "special", "primary", "general"]
    assert [row["date"] for row in rows] == ["2026-11-03", "2027-01-12", "2027-05-04", "2027-11-02"]
    assert rows[1]["division"].endswith("/sldl:27")
    assert rows[0]["lines_on"] == "2027-01-03"
    for row in rows:
        assert row["registration_deadline"] < row["mail_request_deadline"] < row["early_to"] < row["date"]
        assert row["early_from"] < row["early_to"]
        assert row["mail_return_deadline"] == row["date"]
        assert date.fromisoformat(row["date"]).weekday() == 1


def test_the_state_and_each_county_have_an_election_office(generated: GeneratedState) -> None:
    offices = [row for row in generated.rows("officials/elections.csv") if row["kind"] == "office"]
    assert len(offices) > 3
    assert all(row["office_name"] and row["office_phone"] and row["office_address"] for row in offices)
    for row in offices:
        URLValidator()(row["office_url"])
    assert [row["division"] for row in offices if "/county:" not in row["division"]] == [
        "ocd-division/country:us/state:hd"
    ]


def test_demo_people_are_on_the_roll_as_documented(generated: GeneratedState) -> None:
    roll = {row["voter_id"]: row for row in generated.generic}
    cases = {row["case"]: row for row in generated.rows("demo/people.csv")}
    member, record = cases["member"], roll[cases["member"]["voter_id"]]
    for column in ("first_name", "last_name", "dob", "address", "city", "zip"):
        assert member[column] == record[column]
    assert (record["cd"], record["sldu"], record["sldl"], record["precinct"]) == ("4", "11", "27", "136")
    for case in cases.values():
        if case["voter_id"]:
            found = roll[case["voter_id"]]["last_name"]
            assert found.replace("-", " ") == case["last_name"].replace("-", " ")
    assert {case["outcome"] for case in cases.values()} == {
        "matched", "one more detail", "possible", "not found", "not registered",
    }  # fmt: skip
    assert roll[cases["confidential"]["voter_id"]]["status"] == "confidential"
    assert roll[cases["removed"]["voter_id"]]["status"] == "removed"
    absent = cases["absent"]
    assert not absent["voter_id"]
    assert not any((r["first_name"], r["last_name"]) == ("Wim", "Castellane") for r in generated.generic)
    assert {r["address"] for r in generated.generic if r["last_name"] == "Castellane"} >= {absent["address"]}
    namesakes = [r for r in generated.generic if (r["first_name"], r["last_name"]) == ("Jo", "Sandoval Reyes")]
    assert len({r["dob"] for r in namesakes}) == 2
    assert cases["follow-up"]["detail"] in {r["dob"] for r in namesakes}
    assert {row["role"] for row in cases.values()} == {"", "member", "steward", "owner"}


def test_only_the_demos_people_live_on_the_400_block(generated: GeneratedState) -> None:
    there = [
        r
        for r in generated.generic
        if r["city"] == "Port Ansel" and r["address"].split(" Apt")[0].endswith("Coopers Row")
    ]
    block = [r for r in there if r["address"].startswith("4") and len(r["address"].split()[0]) == 3]
    assert len(block) == 14
    assert {r["precinct"] for r in block} == {"136"}
