"""Birth dates of partners' lists: read by column, refused where the column is ambiguous, unread ones counted."""

import pytest

from apps.accounts.models import User
from apps.api.lists.birth_dates import read_birth_dates
from apps.core.errors import BadInput
from apps.jobs import jobs
from tests.api.assertions import assert_problem
from tests.api.conftest import Caller
from tests.api.lists.partner_lists import PURPOSE, approve, list_row, results, submit
from tests.voters.synthetic_rows import voter


def _rows(*dates: str) -> list[dict[str, str]]:
    return [{"query_id": str(number), "dob": text} for number, text in enumerate(dates)]


def test_the_whole_list_shows_the_order() -> None:
    read = read_birth_dates(_rows("31/12/1980", "05/06/1981", "", "1980", "0/0/00"))
    assert [row.get("dob") for row in read.rows] == ["1980-12-31", "1981-06-05", "", "1980", None]
    assert (read.order, read.unread) == ("day", {})


def test_an_ambiguous_list_needs_a_stated_order() -> None:
    with pytest.raises(BadInput, match="day or month comes first"):
        read_birth_dates(_rows("05/06/1981", "03/04/1982"))
    assert read_birth_dates(_rows("05/06/1981"), "month").rows[0]["dob"] == "1981-05-06"


def test_more_than_two_percent_unread_dates_stop_a_list() -> None:
    with pytest.raises(BadInput, match=r"50\.0% of its dates cannot be read"):
        read_birth_dates(_rows("1981-05-06", "soon"))
    read = read_birth_dates(_rows(*["1981-05-06"] * 99, "soon"))
    assert (read.unread, "dob" in read.rows[99]) == ({"AAAA": 1}, False)


@pytest.mark.usefixtures("roll")
def test_a_list_written_day_first_finds_its_people(partner: Caller, owners: tuple[User, User]) -> None:
    people = []
    for number in (7, 11, 12):
        year, month, day = voter(number)["dob"].split("-")
        people.append(list_row(number, dob=f"{day}.{month}.{year}"))
    people.append({"query_id": "y", "first_name": "Zed", "last_name": "Nobody", "dob": "31.12.1980"})
    one = submit(partner, people)
    approve(owners, one)
    jobs.drain()
    assert [row.split(",")[1] for row in results(partner, one).decode().splitlines()[1:4]] == ["registered"] * 3
    (shown,) = partner.get("lists").json()["lists"]
    assert (shown["date_order"], shown["unread_dates"]) == ("day", {})


@pytest.mark.usefixtures("roll")
def test_the_api_says_how_to_state_the_order(partner: Caller) -> None:
    people = [{"query_id": "1", "last_name": "Lee", "dob": "05/06/1981"}]
    problem = assert_problem(partner.post("lists", {"purpose": PURPOSE, "people": people}), 422)
    assert "date_order" in problem["detail"]
