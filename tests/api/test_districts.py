"""Points, addresses and ZIP codes to districts by HTTP: results, and every kind of bad input."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.api.assertions import assert_problem
from tests.api.conftest import ANYTOWN, EAST, STATE, WEST, Caller
from tests.districts.samples import halves, load

pytestmark = pytest.mark.usefixtures("state")


def ids(layer: Any) -> list[str]:
    return [division["id"].rpartition("/")[2] for division in layer["divisions"]]


def test_a_point_has_its_division_vintage_method_and_accuracy_in_every_layer(caller: Caller) -> None:
    response = caller.post("districts/point", {"lon": EAST[0], "lat": EAST[1]})
    assert response.status_code == 200
    body = response.json()
    assert (body["method"], body["accuracy_metres"]) == ("given", 0)
    assert {layer: ids(each) for layer, each in body["layers"].items()} == {"cd": ["cd:2"], "county": ["county:2"]}
    assert body["layers"]["cd"]["divisions"][0]["name"] == "District 2"
    vintage = body["layers"]["cd"]["vintage"]
    assert (vintage["name"], vintage["valid_from"], vintage["source"]) == ("2022", None, "cd-2022.parquet")
    assert response.headers["Cache-Control"] == "no-store, private"


def test_a_point_outside_has_no_division_and_still_its_layers(caller: Caller) -> None:
    body = caller.post("districts/point", {"lon": 0, "lat": 0}).json()
    assert {layer: ids(each) for layer, each in body["layers"].items()} == {"cd": [], "county": []}


def test_the_date_selects_the_vintage(caller: Caller, tmp_path: Path) -> None:
    load(tmp_path, "cd", "2032", halves(-98.4), valid_from=date(2033, 1, 3))
    body = {"lon": EAST[0], "lat": EAST[1]}
    now = caller.post("districts/point", body | {"on": "2032-12-31"}).json()
    then = caller.post("districts/point", body | {"on": "2033-01-03"}).json()
    assert (ids(now["layers"]["cd"]), ids(then["layers"]["cd"])) == (["cd:2"], ["cd:1"])
    assert (now["on"], then["on"]) == ("2032-12-31", "2033-01-03")
    assert then["layers"]["cd"]["vintage"]["valid_from"] == "2033-01-03"


def test_many_points_keep_their_order(caller: Caller) -> None:
    lon, lat = [EAST[0], 0, WEST[0] - 0.5, 40.5], [EAST[1], 0, WEST[1], -98.5 + 9]
    body = caller.post("districts/points", {"lon": lon[:3], "lat": lat[:3]}).json()
    cd = body["layers"]["cd"]
    assert body["count"] == 3
    assert [None if place is None else cd["divisions"][place][-4:] for place in cd["at"]] == ["cd:2", None, "cd:1"]
    assert cd["also"] == []
    assert cd["vintage"]["name"] == "2022"
    assert body["swapped"] == []


def test_overlapping_divisions_are_all_returned(caller: Caller, tmp_path: Path) -> None:
    load(tmp_path, "water", "1", [shapely.box(-101, 39, -98, 42), shapely.box(-100, 39, -98, 42)])
    one = caller.post("districts/point", {"lon": EAST[0], "lat": EAST[1]}).json()
    body = {"lon": [0, EAST[0], -100.5, EAST[0]], "lat": [0, EAST[1], 40.5, EAST[1]]}
    many = caller.post("districts/points", body).json()["layers"]["water"]
    assert ids(one["layers"]["water"]) == ["water:1", "water:2"]
    assert [each[-7:] for each in many["divisions"]] == ["water:1", "water:2"]
    assert (many["at"], many["also"]) == ([None, 0, 0, 0], [[1, 1], [3, 1]])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"lon": 1}, "lat"),
        ({"lon": "-98.5", "lat": 40.5}, "lon"),
        ({"lon": True, "lat": 40.5}, "lon"),
        ({"lon": None, "lat": 40.5}, "lon"),
        ({"lon": [1], "lat": 40.5}, "lon"),
        ('{"lon": NaN, "lat": 40.5}', "lon"),
        ('{"lon": Infinity, "lat": 40.5}', "lon"),
        ('{"lon": 1e999, "lat": 40.5}', "lon"),
        ({"lon": 1e308, "lat": 40.5}, "lon"),
        ('{"lon": 1' + "0" * 400 + ', "lat": 40.5}', "lon"),
        ({"lon": 1, "lat": 1, "name": "x"}, "name"),
        ({"lon": 1, "lat": 1, "on": "2024-02-30"}, "on"),
        ({"lon": 1, "lat": 1, "on": "20240201"}, "on"),
        ({"lon": 1, "lat": 1, "on": 1700000000}, "on"),
        ({"lon": 1, "lat": 1, "on": "2024-02-01T00:00:00"}, "on"),
        ({"lon": 1, "lat": 1, "on": {"$ne": 1}}, "on"),
    ],
)
def test_an_invalid_point_names_its_field(caller: Caller, body: Any, field: str) -> None:
    wrong = assert_problem(caller.post("districts/point", body), 422)
    assert wrong["errors"][0]["field"] == field
    assert wrong["detail"].startswith(f"{field}: ")


def test_swapped_coordinates_are_reported(caller: Caller) -> None:
    wrong = assert_problem(caller.post("districts/point", {"lon": EAST[1], "lat": EAST[0]}), 422)
    assert wrong["errors"][0]["field"] == "lat"
    assert "swapped" in wrong["detail"]


def test_swapped_coordinates_within_latitude_range_are_reported(caller: Caller, tmp_path: Path) -> None:
    load(tmp_path, "isle", "1", [shapely.box(10, 50, 12, 52)])
    assert "swapped" in assert_problem(caller.post("districts/point", {"lon": 51, "lat": 11}), 422)["detail"]
    body = caller.post("districts/points", {"lon": [11, 51, 0, 51], "lat": [51, 11, 0, -11]}).json()
    assert body["swapped"] == [1]
    assert body["layers"]["isle"]["at"] == [0, None, None, None]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"lon": [1, 2], "lat": [1]}, 422, ""),
        ({"lon": [], "lat": []}, 422, "lon"),
        ('{"lon": [1, NaN], "lat": [1, 2]}', 422, "lon[1]"),
        ({"lon": [1, 2], "lat": [1, 91]}, 422, "lat[1]"),
        ({"lon": [1, "2"], "lat": [1, 2]}, 422, "lon[1]"),
        ({"lon": {"0": 1}, "lat": [1]}, 422, "lon"),
        ({"lon": [1] * 10_001, "lat": [1] * 10_001}, 413, "lon"),
    ],
)
def test_an_invalid_batch_is_refused_as_a_whole(caller: Caller, body: Any, status: int, field: str) -> None:
    assert assert_problem(caller.post("districts/points", body), status)["errors"][0]["field"] == field


def test_ten_thousand_points_are_accepted_and_errors_are_limited(caller: Caller) -> None:
    body = caller.post("districts/points", {"lon": [EAST[0]] * 10_000, "lat": [EAST[1]] * 10_000}).json()
    assert body["layers"]["county"]["at"] == [0] * 10_000
    wrong = assert_problem(caller.post("districts/points", {"lon": ["x"] * 10_000, "lat": [1] * 10_000}), 422)
    assert len(wrong["errors"]) == 20


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "7", '"x"', "[" * 100_000, b"\xff\xfe", "{}" * 3])
def test_a_body_that_is_not_an_object_is_refused(caller: Caller, body: Any) -> None:
    assert caller.post("districts/point", body).status_code in {400, 415, 422}


def test_a_body_that_is_too_big_is_refused(caller: Caller) -> None:
    assert_problem(caller.post("districts/addresses", {"addresses": ["x" * 3_000_000]}), 413)


def test_only_json_bodies_are_accepted(caller: Caller) -> None:
    body = {"lon": EAST[0], "lat": EAST[1]}
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        assert_problem(caller.post("districts/point", json.dumps(body), content_type=media_type), 415)
    assert "body" in assert_problem(caller.post("districts/point?lon=1", body), 400)["detail"]


def test_an_address_has_a_location_with_method_and_accuracy(caller: Caller) -> None:
    body = caller.post("districts/address", {"address": ANYTOWN}).json()
    assert body["outcome"] == "found"
    assert (body["match"]["method"], body["match"]["exact"]) == ("range", True)
    assert body["match"]["accuracy_metres"] > 0
    assert ids(body["layers"]["cd"]) == ["cd:2"] or ids(body["layers"]["cd"]) == ["cd:1"]
    assert body["layers"]["cd"]["vintage"]["name"] == "2022"


def test_an_ambiguous_address_has_choices_and_an_unknown_one_names_what_is_missing(caller: Caller) -> None:
    unclear = caller.post("districts/address", {"address": "150 Main, Anytown, QX 00501"}).json()
    assert (unclear["outcome"], unclear["layers"], unclear["match"]) == ("choices", {}, None)
    assert {choice["label"].split(",")[0] for choice in unclear["choices"]} == {"150 Main St", "150 Main Ave"}
    unknown = caller.post("districts/address", {"address": "1 Nowhere Rd, Anytown, QX 00501"}).json()
    assert (unknown["outcome"], unknown["missing"]) == ("not_found", "street")


def test_many_addresses_equal_single_ones(caller: Caller) -> None:
    addresses = [
        ANYTOWN,
        "1 Nowhere Rd, Anytown, QX 00501",
        "150 Main, Anytown, QX 00501",
        "196 Main St, Anytown, QX 00501",
    ]
    body = caller.post("districts/addresses", {"addresses": addresses, "on": "2026-11-03"}).json()
    assert [row["outcome"] for row in body["answers"]] == ["found", "not_found", "choices", "found"]
    assert set(body["vintages"]) == {"cd", "county"}
    for line, row in zip(addresses, body["answers"], strict=True):
        one = caller.post("districts/address", {"address": line, "on": "2026-11-03"}).json()
        assert row["divisions"] == {
            layer: [each["id"] for each in found["divisions"]]
            for layer, found in one["layers"].items()
            if found["divisions"]
        }
        assert row["match"] == one["match"]


@pytest.mark.parametrize(
    "address", ["", "ab", "x" * 201, 7, None, ["1 Main St"], {"$ne": 1}, "1 Main\x00 St", "1 Main\nSt", "1 \ud800 St"]
)
def test_an_invalid_address_is_refused(caller: Caller, address: Any) -> None:
    assert (
        assert_problem(caller.post("districts/address", {"address": address}), 422)["errors"][0]["field"] == "address"
    )
    wrong = assert_problem(caller.post("districts/addresses", {"addresses": [ANYTOWN, address]}), 422)
    assert wrong["errors"][0]["field"] == "addresses[1]"


def test_more_than_a_thousand_addresses_are_too_many(caller: Caller) -> None:
    assert_problem(caller.post("districts/addresses", {"addresses": [ANYTOWN] * 1001}), 413)
    assert_problem(caller.post("districts/addresses", {"addresses": []}), 422)


@pytest.mark.parametrize(
    "line", ["\u202e'; DROP TABLE streets; --", "½ Main St", "😀😀😀", "1 " * 99, "(((1 Main St", "%%%_"]
)
def test_unusual_addresses_are_not_found(caller: Caller, line: str) -> None:
    assert caller.post("districts/address", {"address": line}).json()["outcome"] == "not_found"


def test_an_error_never_repeats_what_was_sent(caller: Caller) -> None:
    secret = "4711 Marker Lane"
    answers = [
        caller.post("districts/address", {"address": f"{secret}\x00"}),
        caller.post("districts/address", {"address": secret, "on": secret}),
        caller.post("districts/address", f'{{"address": "{secret}"'),
        caller.post("districts/point", {"lon": secret, "lat": 47.114711}),
        caller.post("districts/point", {"lon": 1, "lat": 4711.4711}),
    ]
    for response in answers:
        assert response.status_code in {400, 422}
        assert b"4711" not in response.content


def test_no_input_is_logged(caller: Caller, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    caller.post("districts/address", {"address": "4711 Marker Lane, Anytown"})
    caller.post("districts/addresses", {"addresses": ["4711 Marker Lane, Anytown"]})
    caller.post("districts/point", {"lon": 47.114711, "lat": "4711"})
    caller.post("districts/point?address=4711+Marker", {"lon": 1, "lat": 1})
    assert caplog.text.count("api:address") == 2
    assert "4711" not in caplog.text
    assert "Marker" not in caplog.text


def test_a_zip_code_has_every_division_with_its_share(caller: Caller) -> None:
    body = caller.get("districts/zip/00502").json()
    assert (body["method"], body["accuracy_metres"]) == ("zip", None)
    cd = body["layers"]["cd"]
    assert ids(cd) == ["cd:2", "cd:1"]
    assert sum(division["share"] for division in cd["divisions"]) == pytest.approx(1, abs=1e-3)
    assert cd["vintage"]["name"] == "2022"


@pytest.mark.parametrize("zip_code", ["0050", "005021", "abcde", "00502-1234", "٠٠٥٠٢", "00502%0A"])
def test_an_invalid_zip_code_is_refused(caller: Caller, zip_code: str) -> None:
    assert assert_problem(caller.get(f"districts/zip/{zip_code}"), 422)["errors"][0]["field"] == "zip_code"


def test_an_unknown_zip_code_is_not_found(caller: Caller) -> None:
    assert_problem(caller.get("districts/zip/99999"), 404)


def test_a_day_without_boundaries_is_not_found(caller: Caller, tmp_path: Path) -> None:
    from apps.districts.models import Vintage

    Vintage.objects.update(valid_from=date(2022, 1, 1))
    for path, body in (
        ("point", {"lon": 1, "lat": 1}),
        ("points", {"lon": [1], "lat": [1]}),
        ("address", {"address": ANYTOWN}),
        ("addresses", {"addresses": [ANYTOWN]}),
    ):
        wrong = assert_problem(caller.post(f"districts/{path}", body | {"on": "2021-12-31"}), 404)
        assert "2021-12-31" in wrong["detail"]
    assert_problem(caller.get(f"divisions/{STATE}/cd:1?on=2021-12-31"), 404)
