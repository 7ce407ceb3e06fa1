"""Officials of a division on a date."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.api.assertions import assert_problem
from tests.api.conftest import STATE, Caller
from tests.officials.samples import load as load_people
from tests.officials.samples import member

pytestmark = pytest.mark.usefixtures("state")


def test_officials_have_their_source_and_date_and_no_party(caller: Caller, tmp_path: Path, settings: Any) -> None:
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
def test_an_invalid_division_is_refused(caller: Caller, division: str) -> None:
    assert assert_problem(caller.get(f"officials?division={division}"), 422)["errors"][0]["field"] == "division"
    assert_problem(caller.get("officials"), 422)
