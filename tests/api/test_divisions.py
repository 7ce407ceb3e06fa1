"""Public divisions and officials by HTTP: JSON, GeoJSON, who may keep an answer and how long."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely

from tests.api.conftest import STATE, Caller
from tests.api.test_districts import problem
from tests.districts.test_lookup import halves
from tests.districts.test_lookup import load as load_lines
from tests.officials.test_officials import load as load_people
from tests.officials.test_officials import member

pytestmark = pytest.mark.usefixtures("state")
WEST = f"divisions/{STATE}/cd:1"


def test_a_division_names_its_lines_what_contains_it_and_what_it_touches(anybody: Caller) -> None:
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


def test_what_is_no_division_is_not_found(anybody: Caller) -> None:
    for path in (
        f"divisions/{STATE}/cd:99",
        "divisions/x",
        f"divisions/{STATE}/cd:99/outline",
        "divisions/%00",
        "divisions/a%0Ab",
    ):
        problem(anybody.get(path), 404)
    for day in ("tomorrow", "2024-13-01", "1700000000"):
        assert problem(anybody.get(f"{WEST}?on={day}"), 422)["errors"][0]["field"] == "on"


def test_what_nobody_reads_is_refused_in_the_query(caller: Caller) -> None:
    for path in (WEST, f"{WEST}/outline", "districts/zip/00502", f"officials?division={STATE}"):
        mark = "&" if "?" in path else "?"
        wrong = problem(caller.get(f"{path}{mark}date=2026-11-03&on=2026-11-03"), 422)
        assert "date" not in wrong["detail"]


@pytest.mark.parametrize("path", [WEST, f"{WEST}/outline"])
def test_an_answer_holds_until_its_vintage_changes(anybody: Caller, path: str, tmp_path: Path) -> None:
    first = anybody.get(path)
    etag = first.headers["ETag"]
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = anybody.get(path, **{"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert anybody.get(path, **{"If-None-Match": '"other"'}).status_code == 200
    load_lines(tmp_path, "cd", "2022", halves(-99))
    changed = anybody.get(path, **{"If-None-Match": etag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != etag


def test_an_outline_and_its_division_differ_in_their_etags(anybody: Caller) -> None:
    assert anybody.get(WEST).headers["ETag"] != anybody.get(f"{WEST}/outline").headers["ETag"]


def test_what_a_key_paid_for_is_kept_by_its_owner_only(caller: Caller) -> None:
    first = caller.get("districts/zip/00502")
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert "Authorization" in first.headers["Vary"]
    again = caller.get("districts/zip/00502", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_officials_are_told_with_source_and_day_and_without_party(
    caller: Caller, tmp_path: Path, settings: Any
) -> None:
    load_people(tmp_path, member(1, "rep", district=1), member(2, "sen"), as_of=date(2024, 6, 1))
    body = caller.get(f"officials?division={STATE}/cd:1&on=2024-06-01").json()
    assert [(seat["role"], seat["title"], seat["vacant"]) for seat in body["seats"]] == [
        ("sen", "U.S. senator", 1),
        ("rep", "U.S. representative", 0),
    ]
    holder = body["seats"][1]["holders"][0]
    assert (holder["name"], holder["party"], holder["stale"]) == ("Member 1", None, False)
    assert (holder["since"], holder["as_of"], holder["source"]) == ("2023-01-03", "2024-06-01", "people.jsonl.gz")
    settings.NONPARTISAN = False
    body = caller.get(f"officials?division={STATE}/cd:1&on=2024-06-01").json()
    assert body["seats"][1]["holders"][0]["party"] == "Ivy"
    later = caller.get(f"officials?division={STATE}/cd:1&on=2030-06-01", **{"Accept-Language": "es"}).json()
    assert [(seat["title"], seat["vacant"], seat["holders"]) for seat in later["seats"]] == [("U.S. senator", 2, [])]


@pytest.mark.parametrize(
    "division", ["", "x", "ocd-division/country:us/", "' OR 1=1", "ocd-division/country:us/%00", "a" * 300]
)
def test_officials_of_what_is_no_division_are_refused(caller: Caller, division: str) -> None:
    assert problem(caller.get(f"officials?division={division}"), 422)["errors"][0]["field"] == "division"
    problem(caller.get("officials"), 422)
