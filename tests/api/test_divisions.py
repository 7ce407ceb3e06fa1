"""Public divisions: JSON, GeoJSON, and their caching."""

import pytest
import shapely

from tests.api.assertions import assert_problem
from tests.api.conftest import STATE, Caller
from tests.districts.samples import halves

pytestmark = pytest.mark.usefixtures("state")
WEST = f"divisions/{STATE}/cd:1"


def test_a_division_has_its_vintage_containers_and_neighbors(anybody: Caller) -> None:
    body = anybody.get(WEST).json()
    assert (body["id"], body["name"], body["layer"]) == (f"{STATE}/cd:1", "District 1", "cd")
    assert body["within"] == ["ocd-division/country:us", STATE]
    assert [each["id"][-4:] for each in body["neighbours"]] == ["cd:2"]
    assert body["vintage"]["name"] == "2022"
    assert anybody.get(WEST.replace("/", "%2F").replace("divisions%2F", "divisions/")).json() == body


def test_an_outline_is_a_simplified_feature(anybody: Caller) -> None:
    response = anybody.get(f"{WEST}/outline")
    assert response.headers["Content-Type"] == "application/geo+json"
    body = response.json()
    assert (body["type"], body["id"]) == ("Feature", f"{STATE}/cd:1")
    assert (body["properties"]["simplified"], body["properties"]["vintage"]["name"]) == (True, "2022")
    drawn = shapely.geometry.shape(body["geometry"])
    assert drawn.symmetric_difference(halves(-99.9995)[0]).area < 0.01


def test_an_unknown_division_is_not_found(anybody: Caller) -> None:
    for path in (
        f"divisions/{STATE}/cd:99",
        "divisions/x",
        f"divisions/{STATE}/cd:99/outline",
        "divisions/%00",
        "divisions/a%0Ab",
    ):
        assert_problem(anybody.get(path), 404)
    for day in ("tomorrow", "2024-13-01", "1700000000"):
        assert assert_problem(anybody.get(f"{WEST}?on={day}"), 422)["errors"][0]["field"] == "on"


def test_unknown_query_parameters_are_refused(caller: Caller) -> None:
    for path in (WEST, f"{WEST}/outline", "districts/zip/00502", f"officials?division={STATE}"):
        mark = "&" if "?" in path else "?"
        wrong = assert_problem(caller.get(f"{path}{mark}date=2026-11-03&on=2026-11-03"), 422)
        assert "date" not in wrong["detail"]
