"""A generated state with people and elections, and programs that call the old civic API about it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.officials.elections import load_elections
from tests.api.conftest import STATE
from tests.api.discovery import client
from tests.officials.samples import load as load_people
from tests.officials.samples import member, person, role

START, END = "2020-01-03", "2099-01-03"
COUNTRY = "ocd-division/country:us"


@pytest.fixture
def people(state: Path) -> None:
    """Load both senators, one of two representatives, a governor, and a state senator whose district has no
    boundaries.
    """
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
    """Return Google's client with a key."""
    with client(live_server.url, new_key()) as made:
        yield made


class CivicCaller:
    """A program that calls the API without a client library."""

    def __init__(self, key: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.key = key

    def get(self, path: str, headers: Any = None, **parameters: Any) -> Any:
        return self.client.get(
            f"/civicinfo/v2/{path}", ({"key": self.key} if self.key else {}) | parameters, headers=headers
        )


@pytest.fixture
def civic(state: Path, new_key: Callable[..., str]) -> CivicCaller:
    return CivicCaller(new_key())


def assert_civic_error(response: Any, status: int, reason: str) -> dict[str, Any]:
    """Return the error of a response in Google's format."""
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


@pytest.fixture
def elections(state: Path) -> dict[str, str]:
    """Create an upcoming election of the state, one of a county elsewhere, and a past one; return ids by name."""
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
