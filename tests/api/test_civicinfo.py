"""Google's own client, pointed at us: every method, every documented error, who may ask, and what is kept of it."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from googleapiclient.errors import HttpError

from apps.api import services
from apps.api.civicinfo import views
from apps.api.civicinfo.asked import LEVELS, ROLES
from apps.api.civicinfo.offices import address_of
from apps.api.models import ApiKey
from apps.districts.listed import load_divisions
from apps.officials.elections import load_elections
from tests.api.conftest import EAST, STATE, Caller
from tests.api.discovery import client, document, valid
from tests.api.test_access import PARTNER
from tests.api.test_districts import ANYTOWN
from tests.districts.test_lookup import halves
from tests.districts.test_lookup import load as load_lines
from tests.officials.test_officials import load as load_people
from tests.officials.test_officials import member, person, role

START, END = "2020-01-03", "2099-01-03"
COUNTRY = "ocd-division/country:us"


@pytest.fixture
def people(state: Path) -> None:
    """Both senators, one representative of two, a governor, a state senator of a district without lines."""
    term = {"start": START, "end": END}
    offices = {"address": "2 Dome Sq; Room 4; Anytown, QX 00501-0001", "phone": "701-555-0102"}
    executive = {"type": "prez", "start": START, "end": END, "party": "Ivy"}
    load_people(
        state,
        member(1, "sen", **term, **offices, url="https://one.example.org"),
        member(2, "sen", **term),
        member(3, "rep", **term, district=2),
        {"id": {"govtrack": 7}, "name": {"first": "Head", "last": "Ofstate"}, "terms": [executive]},
        as_of=timezone.localdate(),
    )
    load_people(
        state,
        person(1, role("governor"), _kind="executive", email="gov@example.org", ids={"twitter": "qxgov"}),
        person(2, role("upper", "3")),
        person(3, role("attorney general")),
        as_of=timezone.localdate(),
    )


@pytest.fixture
def google(people: None, live_server: Any, new_key: Callable[..., str]) -> Iterator[Any]:
    """Google's client with a key of ours."""
    with client(live_server.url, new_key()) as made:
        yield made


class Civic:
    """A program that calls by hand."""

    def __init__(self, key: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.key = key

    def get(self, path: str, headers: dict[str, str] | None = None, **asked: Any) -> Any:
        return self.client.get(
            f"/civicinfo/v2/{path}", ({"key": self.key} if self.key else {}) | asked, headers=headers
        )


@pytest.fixture
def civic(state: Path, new_key: Callable[..., str]) -> Civic:
    return Civic(new_key())


def refused(response: Any, status: int, reason: str) -> dict[str, Any]:
    """Return the error of an answer that has Google's form."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/json; charset=UTF-8"
    error: dict[str, Any] = response.json()["error"]
    assert (error["code"], error["errors"][0]["reason"], error["errors"][0]["domain"]) == (status, reason, "global")
    assert error["message"] == error["errors"][0]["message"]
    assert error["status"].isupper()
    return error


def holders(answer: dict[str, Any]) -> dict[str, list[str]]:
    """Return the names of the holders of each office, by the office's name."""
    return {
        office["name"]: [answer["officials"][each]["name"] for each in office["officialIndices"]]
        for office in answer["offices"]
    }


def test_who_represents_an_address(google: Any) -> None:
    call = google.representatives().representativeInfoByAddress(address="190 Main St, Anytown, QX 00501")
    answer = valid("RepresentativeInfoResponse", call.execute())
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


def test_levels_roles_and_offices_are_chosen(google: Any) -> None:
    ask = google.representatives().representativeInfoByAddress
    house = valid("RepresentativeInfoResponse", ask(address=ANYTOWN, levels="country", roles="legislatorLowerBody").execute())  # noqa: E501  # fmt: skip
    assert list(holders(house)) == ["U.S. Representative"]
    assert [each.rpartition("/")[2][:3] for each in house["divisions"]] == ["cd:"]
    both = ask(address=ANYTOWN, levels=["administrativeArea1", "locality"]).execute()
    assert sorted(holders(both)) == ["Governor of QX", "QX Attorney General"]
    bare = valid("RepresentativeInfoResponse", ask(address=ANYTOWN, includeOffices=False).execute())
    assert sorted(bare) == ["divisions", "kind", "normalizedInput"]
    assert not any("officeIndices" in each for each in bare["divisions"].values())
    assert ask(address=ANYTOWN, roles="judge").execute()["divisions"] == {}


def test_an_empty_seat_has_a_holder_called_vacant(google: Any) -> None:
    answer = google.representatives().representativeInfoByDivision(ocdId=f"{STATE}/cd:1").execute()
    assert holders(valid("RepresentativeInfoData", answer)) == {"U.S. Representative": ["VACANT"]}


def test_who_represents_a_division_and_what_lies_inside(google: Any) -> None:
    ask = google.representatives().representativeInfoByDivision
    alone = valid("RepresentativeInfoData", ask(ocdId=STATE).execute())
    assert list(alone["divisions"]) == [STATE]
    assert set(holders(alone)) == {"U.S. Senator", "Governor of QX", "QX Attorney General"}
    inside = valid("RepresentativeInfoData", ask(ocdId=STATE, recursive=True).execute())
    assert set(inside["divisions"]) == {STATE} | {f"{STATE}/{each}" for each in ("cd:1", "cd:2", "county:1", "county:2", "sldu:3")}  # noqa: E501  # fmt: skip
    assert holders(inside)["QX State Senator"] == ["Person 2"]
    upper = ask(ocdId=STATE, recursive=True, levels="administrativeArea1", roles="legislatorUpperBody").execute()
    assert list(upper["divisions"]) == [f"{STATE}/sldu:3"]
    with pytest.raises(HttpError) as caught:
        ask(ocdId=f"{STATE}/cd:99").execute()
    assert (caught.value.status_code, caught.value.error_details[0]["reason"]) == (404, "notFound")


def test_the_divisions_of_an_address_are_those_of_our_own_api(google: Any, new_key: Callable[..., str]) -> None:
    own = Caller(new_key())
    for address in (ANYTOWN, "190 Main St, Anytown, QX 00501", "196 Main St, Anytown, QX 00501"):
        answer = valid(
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
        answer = valid("DivisionSearchResponse", google.divisions().search(query=query).execute())
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


@pytest.fixture
def elections(state: Path) -> dict[str, str]:
    """A coming election of the state, one of a county elsewhere, and one that is over; numbers by name."""
    from apps.officials.models import Election

    day = timezone.localdate() + timedelta(30)
    rows = [
        f"soon,{day},{STATE},https://vote.example.org",
        f"later,{day + timedelta(1)},{STATE},",
        f"elsewhere,{day},ocd-division/country:us/state:zz,",
        f"over,2020-11-03,{STATE},",
    ]
    (state / "e.csv").write_text("name,date,division,source\n" + "\n".join(rows) + "\n")
    load_elections(path=state / "e.csv")
    return {each.name: str(each.pk) for each in Election.objects.all()}


def test_elections_and_what_a_voter_needs_to_know(google: Any, elections: dict[str, str]) -> None:
    listed = valid("ElectionsQueryResponse", google.elections().electionQuery().execute())
    assert sorted(each["name"] for each in listed["elections"]) == ["elsewhere", "later", "soon"]
    ask = google.elections().voterInfoQuery
    answer = valid("VoterInfoResponse", ask(address=ANYTOWN).execute())
    assert (answer["election"]["name"], [each["name"] for each in answer["otherElections"]]) == ("soon", ["later"])
    assert answer["state"][0]["electionAdministrationBody"] == {"electionInfoUrl": "https://vote.example.org"}
    assert answer["state"][0]["local_jurisdiction"]["name"]
    chosen = ask(address=ANYTOWN, electionId=elections["later"], officialOnly=True).execute()
    assert chosen["election"]["id"] == elections["later"]


def test_elections_that_cannot_be_answered(civic: Civic, elections: dict[str, str]) -> None:
    for number, status, reason in (
        (elections["over"], 400, "invalidQuery"),
        (elections["elsewhere"], 404, "notFound"),
        ("999999", 400, "invalidValue"),
        ("x", 400, "invalidParameter"),
    ):
        refused(civic.get("voterinfo", address=ANYTOWN, electionId=number), status, reason)
    from apps.officials.models import Election

    Election.objects.all().delete()
    refused(civic.get("voterinfo", address=ANYTOWN), 400, "invalidValue")
    partial = civic.get("voterinfo", address=ANYTOWN, returnAllAvailableData="true").json()
    assert "election" not in valid("VoterInfoResponse", partial)


def test_a_call_too_long_for_an_address_is_sent_as_the_client_does(google: Any, people: None) -> None:
    call = google.representatives().representativeInfoByAddress(
        address="190 Main St, Anytown, QX 00501", levels=["country"] * 200
    )
    assert len(call.uri) > 2048
    assert "U.S. Senator" in holders(call.execute())
    assert call.method == "POST"


BAD_ADDRESSES = [
    ("", 400, "required", "No address provided"),
    ("   ", 400, "required", "No address provided"),
    ("x" * 400, 400, "parseError", "Failed to parse address"),
    ("1 Main\x00 St", 400, "parseError", "Failed to parse address"),
    ("Main St, Anytown", 400, "parseError", "Failed to parse address"),
    ("150 Main, Anytown, QX 00501", 400, "parseError", "Failed to parse address"),
    ("1 Nowhere Rd, Anytown, QX 00501", 404, "notFound", "No information for this address"),
    ("99999", 404, "notFound", "No information for this address"),
    ("0, 0", 404, "notFound", "No information for this address"),
    ("95.0, 40.5", 404, "notFound", "No information for this address"),
]


@pytest.mark.parametrize(("address", "status", "reason", "message"), BAD_ADDRESSES)
@pytest.mark.parametrize("path", ["representatives", "divisionsByAddress", "voterinfo"])
def test_bad_addresses_get_the_documented_errors(
    path: str, address: str, status: int, reason: str, message: str, civic: Civic
) -> None:
    assert refused(civic.get(path, address=address), status, reason)["message"] == message


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("representatives", {"address": ANYTOWN, "levels": "galaxy"}),
        ("representatives", {"address": ANYTOWN, "roles": ["judge", "king"]}),
        ("representatives", {"address": ANYTOWN, "includeOffices": "maybe"}),
        ("representatives", {"address": ANYTOWN, "alt": "proto"}),
        ("representatives", {"address": ANYTOWN, "callback": "steal"}),
        ("representatives", {"address": ANYTOWN, "fields": "offices(name"}),
        ("representatives", {"address": ANYTOWN, "fields": "a" + "(a" * 40}),
        ("representatives", {"address": ANYTOWN, "prettyPrint": "4711"}),
        (f"representatives/{STATE}", {"recursive": "often"}),
        ("representatives/elsewhere", {}),
        ("divisions", {}),
        ("divisions", {"query": "x" * 300}),
        ("elections", {"productionDataOnly": "4711"}),
    ],
)
def test_wrong_values_name_their_parameter_and_cost_nothing(path: str, asked: dict[str, Any], civic: Civic) -> None:
    error = refused(civic.get(path, **asked), 400, "invalidParameter")
    assert error["errors"][0]["locationType"] == "parameter"
    assert "4711" not in json.dumps(error)
    assert ApiKey.objects.get().spent == (1 if path == "representatives/elsewhere" else 0)


def test_what_the_method_does_not_know_is_refused(civic: Civic) -> None:
    refused(civic.get("divisionsByAddress", address=ANYTOWN, levels="country"), 400, "badRequest")
    refused(civic.get("representatives", adress=ANYTOWN), 400, "badRequest")
    for path in ("", "voters", "representatives/"):
        refused(civic.get(path), 404, "notFound")
    for name in ("put", "patch", "delete", "post", "options"):
        refused(getattr(civic.client, name)("/civicinfo/v2/elections"), 405, "httpMethodNotAllowed")


def test_the_methods_and_parameters_are_those_of_the_document() -> None:
    methods = [method for resource in document()["resources"].values() for method in resource["methods"].values()]
    for method in methods:
        for name in ("levels", "roles"):
            if name in method["parameters"]:
                assert tuple(method["parameters"][name]["enum"]) == {"levels": LEVELS, "roles": ROLES}[name]
    from apps.api.civicinfo.urls import urlpatterns

    ours = {str(each.pattern).replace("<path:ocd_id>", "{ocdId}") for each in urlpatterns if each.name != "nothing"}
    assert ours == {method["path"].removeprefix("civicinfo/v2/") for method in methods}


def test_a_part_of_the_answer_is_chosen(civic: Civic, people: None) -> None:
    whole = civic.get("representatives", address=ANYTOWN).json()
    part = civic.get("representatives", address=ANYTOWN, fields="kind,offices(name,levels),divisions/*/name").json()
    assert set(part) == {"kind", "offices", "divisions"}
    assert {tuple(each) for each in part["offices"]} == {("name", "levels")}
    assert {key: each["name"] for key, each in whole["divisions"].items()} == {
        key: each["name"] for key, each in part["divisions"].items()
    }
    assert civic.get("representatives", address=ANYTOWN, fields="*").json() == whole


def test_a_key_comes_by_query_or_header(civic: Civic, people: None, new_key: Callable[..., str]) -> None:
    key = new_key()
    for headers in ({"X-Goog-Api-Key": key}, {"Authorization": f"Bearer {key}"}):
        assert Civic(None).get("representatives", headers, address=ANYTOWN).status_code == 200
    answer = refused(Civic(None).get("representatives", address=ANYTOWN), 403, "forbidden")
    assert answer["status"] == "PERMISSION_DENIED"
    revoked = new_key()
    services.revoke_key(prefix=revoked.split("_")[1])
    for bad in (revoked, key[:-1] + "_", "AIzaSyD-Google-Key"):
        error = refused(Civic(bad).get("representatives", address=ANYTOWN), 400, "badRequest")
        assert error["details"][0]["reason"] == "API_KEY_INVALID"
    for scope, open_paths in (
        ("districts", {"divisionsByAddress", "voterinfo"}),
        ("officials", {f"representatives/{STATE}"}),
    ):
        one = Civic(new_key(scope))
        for path in ("representatives", "divisionsByAddress", "voterinfo", f"representatives/{STATE}"):
            asked = {"returnAllAvailableData": "true"} if path == "voterinfo" else {}
            asked |= {} if "/" in path else {"address": ANYTOWN}
            answered = one.get(path, **asked)
            if path in open_paths:
                assert answered.status_code == 200, (path, answered.content)
            else:
                refused(answered, 403, "insufficientPermissions")


def test_budgets_hold_here_too(state: Path, new_key: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    one = Civic(new_key(budget=2))
    for _ in range(2):
        assert one.get("divisionsByAddress", address=ANYTOWN).status_code == 200
    spent = one.get("divisionsByAddress", address=ANYTOWN)
    assert refused(spent, 429, "rateLimitExceeded")["status"] == "RESOURCE_EXHAUSTED"
    assert 0 < int(spent.headers["Retry-After"]) <= 25 * 3600

    def down(**_: Any) -> bool:
        raise DatabaseError

    monkeypatch.setattr(views, "spend", down)
    assert refused(one.get("elections"), 503, "backendError")["status"] == "UNAVAILABLE"


def test_a_mistake_of_ours_has_the_form_and_not_the_text(
    civic: Civic, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("4711 Marker Lane")

    monkeypatch.setattr(views.answers, "divisions_of_address", broken)
    response = civic.get("divisionsByAddress", address="4711 Marker Lane")
    refused(response, 500, "backendError")
    assert b"Marker" not in response.content
    assert "api.raised" in caplog.text
    assert "Marker" not in caplog.text


def test_too_much_at_once_is_refused(civic: Civic, people: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.answers, "MOST_DIVISIONS", 3)
    refused(civic.get(f"representatives/{STATE}", recursive="true"), 403, "limitExceeded")
    few = civic.get(f"representatives/{STATE}", recursive="true", levels="country")
    assert len(few.json()["divisions"]) == 3


def test_pages_of_named_origins_read_answers(civic: Civic, settings: Any) -> None:
    asked = {"address": ANYTOWN}
    for origin in (PARTNER, "https://evil.example.org"):
        answer = civic.get("divisionsByAddress", {"Origin": origin}, **asked)
        assert not [name for name in answer.headers if name.startswith("Access-Control")]
    settings.API_ORIGINS = [PARTNER]
    answer = civic.get("divisionsByAddress", {"Origin": PARTNER}, **asked)
    assert answer.headers["Access-Control-Allow-Origin"] == PARTNER
    assert answer.headers["Cache-Control"] == "no-store, private"
    wrong = civic.get("divisionsByAddress", {"Origin": "https://evil.example.org"}, **asked)
    assert "Access-Control-Allow-Origin" not in wrong.headers
    before = {"Origin": PARTNER, "Access-Control-Request-Method": "GET"}
    allowed = civic.client.options("/civicinfo/v2/representatives", headers=before)
    assert "X-Goog-Api-Key" in allowed.headers["Access-Control-Allow-Headers"]


def test_party_is_told_only_where_it_is_shown_anywhere(civic: Civic, people: None, settings: Any) -> None:
    ask = {"address": ANYTOWN, "roles": "legislatorUpperBody"}
    assert "party" not in civic.get("representatives", **ask).json()["officials"][0]
    settings.NONPARTISAN = False
    assert civic.get("representatives", **ask).json()["officials"][0]["party"] == "Ivy"


def test_another_program_sees_a_new_load_at_once(google: Any, tmp_path: Path) -> None:
    ask = google.representatives().representativeInfoByDivision(ocdId=f"{STATE}/cd:1")
    assert holders(ask.execute()) == {"U.S. Representative": ["VACANT"]}
    load_people(tmp_path, member(9, "rep", START, END, district=1), as_of=date(2026, 1, 1))
    assert holders(ask.execute()) == {"U.S. Representative": ["Member 9"]}


def test_lines_of_ids_that_are_not_ocd_stay_out(civic: Civic, tmp_path: Path) -> None:
    from apps.districts.services import load_boundaries
    from tests.districts.files import parquet

    file = parquet(tmp_path / "beats.parquet", halves(-99), code=["north beat", "south beat"])
    load_boundaries(path=file, layer="beat", vintage="1", id_column="code")
    answer = civic.get("divisionsByAddress", address=ANYTOWN).json()
    assert all(each.startswith("ocd-division/") for each in answer["divisions"])
    load_lines(tmp_path, "place", "1", halves(-99))
    assert len(civic.get("divisionsByAddress", address=ANYTOWN).json()["divisions"]) == len(answer["divisions"]) + 1


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2421 Rayburn House Office Building Washington DC 20515-0501",
         {"line1": "2421 Rayburn House Office Building", "city": "Washington", "state": "DC", "zip": "20515-0501"}),
        ("300 N Salisbury St, Room 2104; Raleigh, NC 27603-5925",
         {"line1": "300 N Salisbury St, Room 2104", "city": "Raleigh", "state": "NC", "zip": "27603-5925"}),
        ("State Capitol", {"line1": "State Capitol"}),
        ("PO Box 12 Anytown QX 00501", {"line1": "PO Box 12 Anytown QX 00501"}),
    ],
)  # fmt: skip
def test_an_office_address_is_taken_apart_where_it_can_be(text: str, parts: dict[str, str]) -> None:
    assert address_of(text) == parts
