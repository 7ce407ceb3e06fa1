"""Responses of the civicinfo methods, called by Google's own client."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.errors import HttpError  # type: ignore[import-untyped]

from apps.api.civicinfo import responses
from apps.districts.ocd_list import load_divisions
from tests.api.civic import COUNTRY, END, START, CivicCaller, assert_civic_error, holders
from tests.api.conftest import ANYTOWN, EAST, STATE, Caller
from tests.api.discovery import validate
from tests.districts.samples import halves
from tests.districts.samples import load as load_lines
from tests.officials.samples import load as load_people
from tests.officials.samples import member


def test_the_representatives_of_an_address(google: Any) -> None:
    call = google.representatives().representativeInfoByAddress(address="190 Main St, Anytown, QX 00501")
    answer = validate("RepresentativeInfoResponse", call.execute())
    assert answer["kind"] == "civicinfo#representativeInfoResponse"
    assert answer["normalizedInput"] == {"line1": "190 Main St", "state": "QX", "zip": "00501"}
    assert list(answer["divisions"]) == [COUNTRY, STATE, f"{STATE}/cd:2", f"{STATE}/county:1"]
    assert holders(answer) == {
        "President of the United States": ["Head Ofstate"],
        "U.S. Senator": ["Member 1", "Member 2"],
        "U.S. Representative": ["Member 3"],
        "Governor of QX": ["Person 1"],
        "QX Attorney General": ["Person 3"],
    }
    by_name = {office["name"]: office for office in answer["offices"]}
    assert (by_name["Governor of QX"]["levels"], by_name["Governor of QX"]["roles"]) == (
        ["administrativeArea1"],
        ["headOfGovernment"],
    )
    assert by_name["QX Attorney General"]["roles"] == ["governmentOfficer"]
    for place, office in enumerate(answer["offices"]):
        assert place in answer["divisions"][office["divisionId"]]["officeIndices"]
    one = next(each for each in answer["officials"] if each["name"] == "Member 1")
    assert one["address"] == [{"line1": "2 Dome Sq", "line2": "Room 4", "city": "Anytown", "state": "QX", "zip": "00501-0001"}]  # noqa: E501  # fmt: skip
    assert (one["phones"], one["urls"]) == (["701-555-0102"], ["https://one.example.org"])
    governor = next(each for each in answer["officials"] if each["name"] == "Person 1")
    assert (governor["emails"], governor["channels"]) == (["gov@example.org"], [{"type": "Twitter", "id": "qxgov"}])


def test_levels_roles_and_offices_can_be_selected(google: Any) -> None:
    ask = google.representatives().representativeInfoByAddress
    house = validate("RepresentativeInfoResponse", ask(address=ANYTOWN, levels="country", roles="legislatorLowerBody").execute())  # noqa: E501  # fmt: skip
    assert list(holders(house)) == ["U.S. Representative"]
    assert [each.rpartition("/")[2][:3] for each in house["divisions"]] == ["cd:"]
    both = ask(address=ANYTOWN, levels=["administrativeArea1", "locality"]).execute()
    assert sorted(holders(both)) == ["Governor of QX", "QX Attorney General"]
    bare = validate("RepresentativeInfoResponse", ask(address=ANYTOWN, includeOffices=False).execute())
    assert sorted(bare) == ["divisions", "kind", "normalizedInput"]
    assert not any("officeIndices" in each for each in bare["divisions"].values())
    assert ask(address=ANYTOWN, roles="judge").execute()["divisions"] == {}


def test_a_vacant_seat_has_a_holder_called_vacant(google: Any) -> None:
    answer = google.representatives().representativeInfoByDivision(ocdId=f"{STATE}/cd:1").execute()
    assert holders(validate("RepresentativeInfoData", answer)) == {"U.S. Representative": ["VACANT"]}


def test_the_representatives_of_a_division_and_those_inside(google: Any) -> None:
    ask = google.representatives().representativeInfoByDivision
    alone = validate("RepresentativeInfoData", ask(ocdId=STATE).execute())
    assert list(alone["divisions"]) == [STATE]
    assert set(holders(alone)) == {"U.S. Senator", "Governor of QX", "QX Attorney General"}
    inside = validate("RepresentativeInfoData", ask(ocdId=STATE, recursive=True).execute())
    assert set(inside["divisions"]) == {STATE} | {f"{STATE}/{each}" for each in ("cd:1", "cd:2", "county:1", "county:2", "sldu:3")}  # noqa: E501  # fmt: skip
    assert holders(inside)["QX State Senator"] == ["Person 2"]
    upper = ask(ocdId=STATE, recursive=True, levels="administrativeArea1", roles="legislatorUpperBody").execute()
    assert list(upper["divisions"]) == [f"{STATE}/sldu:3"]
    with pytest.raises(HttpError) as caught:
        ask(ocdId=f"{STATE}/cd:99").execute()
    assert (caught.value.status_code, caught.value.error_details[0]["reason"]) == (404, "notFound")


def test_the_divisions_of_an_address_equal_those_of_the_rest_api(google: Any, new_key: Callable[..., str]) -> None:
    own = Caller(new_key())
    for address in (ANYTOWN, "190 Main St, Anytown, QX 00501", "196 Main St, Anytown, QX 00501"):
        answer = validate(
            "DivisionByAddressResponse", google.divisions().queryDivisionByAddress(address=address).execute()
        )
        layers = own.post("districts/address", {"address": address}).json()["layers"]
        wanted = {each["id"] for layer in layers.values() for each in layer["divisions"]}
        assert set(answer["divisions"]) - {COUNTRY, STATE} == wanted
    point = google.divisions().queryDivisionByAddress(address=f"{EAST[1]}, {EAST[0]}").execute()
    assert set(point["divisions"]) == {COUNTRY, STATE, f"{STATE}/cd:2", f"{STATE}/county:2"}
    by_zip = google.divisions().queryDivisionByAddress(address="00502").execute()
    assert by_zip["normalizedInput"] == {"zip": "00502", "state": "QX"}
    assert {f"{STATE}/cd:1", f"{STATE}/cd:2"} < set(by_zip["divisions"])


def test_divisions_are_searched_by_all_words(google: Any, tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text(
        f"id,name,validFrom\n{STATE},Quixo,\n{STATE}/place:anytown,Anytown city,\n{STATE}/county:any,Any County,\n"
        f"{STATE}/cd:2,Quixo's 2nd congressional district,\n"
    )
    (tmp_path / "same.csv").write_text(f"id,sameAs\n{STATE}/place:anytown,{STATE}/county:any\n")
    load_divisions([tmp_path / "ids.csv", tmp_path / "same.csv"])

    def found(query: str) -> list[str]:
        answer = validate("DivisionSearchResponse", google.divisions().search(query=query).execute())
        return [each["ocdId"].removeprefix(f"{STATE}/") for each in answer["results"]]

    assert found("anytown CITY") == ["place:anytown"]
    assert found("quixo AND congressional") == ["cd:2"]
    assert found("county:") == ["county:1", "county:2", "county:any"]
    assert found("county: -any") == ["county:1", "county:2"]
    assert found("100%") == found("no_such") == found("-x") == []
    city = google.divisions().search(query="anytown").execute()["results"][0]
    assert (city["name"], city["aliases"]) == ("Anytown city", [f"{STATE}/county:any"])
    answer = google.representatives().representativeInfoByAddress(address=ANYTOWN).execute()
    assert answer["divisions"][STATE]["name"] == "Quixo"
    assert "Governor of Quixo" in holders(answer)


def test_elections_and_voter_information(google: Any, elections: dict[str, str]) -> None:
    listed = validate("ElectionsQueryResponse", google.elections().electionQuery().execute())
    assert sorted(each["name"] for each in listed["elections"]) == ["elsewhere", "later", "soon"]
    ask = google.elections().voterInfoQuery
    answer = validate("VoterInfoResponse", ask(address=ANYTOWN).execute())
    assert (answer["election"]["name"], [each["name"] for each in answer["otherElections"]]) == ("soon", ["later"])
    assert answer["state"][0]["electionAdministrationBody"] == {"electionInfoUrl": "https://vote.example.org"}
    assert answer["state"][0]["local_jurisdiction"]["name"]
    chosen = ask(address=ANYTOWN, electionId=elections["later"], officialOnly=True).execute()
    assert chosen["election"]["id"] == elections["later"]


def test_parties_are_left_out_of_a_nonpartisan_installation(civic: CivicCaller, people: None, settings: Any) -> None:
    ask = {"address": ANYTOWN, "roles": "legislatorUpperBody"}
    assert "party" not in civic.get("representatives", **ask).json()["officials"][0]
    settings.NONPARTISAN = False
    assert civic.get("representatives", **ask).json()["officials"][0]["party"] == "Ivy"


def test_a_new_load_is_visible_at_once(google: Any, tmp_path: Path) -> None:
    ask = google.representatives().representativeInfoByDivision(ocdId=f"{STATE}/cd:1")
    assert holders(ask.execute()) == {"U.S. Representative": ["VACANT"]}
    load_people(tmp_path, member(9, "rep", START, END, district=1), as_of=date(2026, 1, 1))
    assert holders(ask.execute()) == {"U.S. Representative": ["Member 9"]}


def test_layers_without_ocd_ids_are_left_out(civic: CivicCaller, tmp_path: Path) -> None:
    from apps.districts.services import load_boundaries
    from tests.districts.files import parquet

    file = parquet(tmp_path / "beats.parquet", halves(-99), code=["north beat", "south beat"])
    load_boundaries(path=file, layer="beat", vintage="1", id_column="code")
    answer = civic.get("divisionsByAddress", address=ANYTOWN).json()
    assert all(each.startswith("ocd-division/") for each in answer["divisions"])
    load_lines(tmp_path, "place", "1", halves(-99))
    assert len(civic.get("divisionsByAddress", address=ANYTOWN).json()["divisions"]) == len(answer["divisions"]) + 1


def test_unknown_and_past_elections_get_the_documented_errors(civic: CivicCaller, elections: dict[str, str]) -> None:
    for number, status, reason in (
        (elections["over"], 400, "invalidQuery"),
        (elections["elsewhere"], 404, "notFound"),
        ("999999", 400, "invalidValue"),
        ("x", 400, "invalidParameter"),
    ):
        assert_civic_error(civic.get("voterinfo", address=ANYTOWN, electionId=number), status, reason)
    from apps.officials.models import Election

    Election.objects.all().delete()
    assert_civic_error(civic.get("voterinfo", address=ANYTOWN), 400, "invalidValue")
    partial = civic.get("voterinfo", address=ANYTOWN, returnAllAvailableData="true").json()
    assert "election" not in validate("VoterInfoResponse", partial)


def test_too_many_divisions_are_refused(civic: CivicCaller, people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "MAX_DIVISIONS", 3)
    assert_civic_error(civic.get(f"representatives/{STATE}", recursive="true"), 403, "limitExceeded")
    few = civic.get(f"representatives/{STATE}", recursive="true", levels="country")
    assert len(few.json()["divisions"]) == 3
