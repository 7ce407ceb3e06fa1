"""The endpoints of partners' lists."""

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.api.lists import services
from apps.audit.models import AuditEntry
from apps.jobs import jobs
from apps.jobs.models import Job
from tests.api.assertions import assert_problem
from tests.api.conftest import STATE, Caller
from tests.api.lists.partner_lists import PEOPLE, PURPOSE, approve, decide, download, results, submit
from tests.voters.synthetic_rows import voter


@pytest.mark.usefixtures("roll")
def test_a_list_is_matched_only_after_approval(partner: Caller, owners: tuple[User, User]) -> None:
    one = submit(partner, PEOPLE)
    assert not Job.objects.filter(task=services.TASK).exists()
    assert_problem(download(partner, one), 404)
    page = decide(owners[0], one).content.decode()
    assert not Job.objects.filter(task=services.TASK).exists()
    decide(owners[1], one)
    assert PURPOSE in page
    assert voter(7)["last_name"] not in page
    jobs.drain()
    (shown,) = partner.get("lists").json()["lists"]
    assert (shown["state"], shown["answered"], shown["answers"]) == ("done", 5, f"/api/lists/{one.pk}.csv")
    rows = results(partner, one).decode().splitlines()
    assert rows[0] == "query_id,status,districts"
    assert [row.split(",")[:2] for row in rows[1:]] == [
        ["q7", "registered"], ["q3", "not_found"], ["x", "not_found"], ["q11", "registered"], ["q12", "registered"],
    ]  # fmt: skip
    assert rows[2].split(",")[2].split("|")[0].startswith(f"{STATE}/")
    assert "00000007" not in "".join(rows)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"partner_list.submit", "partner_list.approve"} <= actions


@pytest.mark.usefixtures("roll")
def test_a_list_is_charged_and_visible_to_its_own_key_only(
    partner: Caller, owners: tuple[User, User], new_key: Callable[..., str]
) -> None:
    one = submit(partner, PEOPLE)
    approve(owners, one)
    jobs.drain()
    stranger = Caller(new_key("lists", budget=4))
    assert_problem(download(stranger, one), 404)
    assert_problem(download(Caller(None), one), 401)
    assert_problem(download(Caller(new_key("districts")), one), 403)
    assert stranger.get("lists").json() == {"lists": []}
    assert_problem(stranger.post("lists", {"purpose": PURPOSE, "people": PEOPLE}), 429)
    twice = assert_problem(partner.post("lists", {"purpose": PURPOSE, "people": [PEOPLE[0]] * 2}), 422)
    assert "query_id" in twice["detail"]
