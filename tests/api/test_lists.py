"""Partners' lists: nobody is looked up before approval; parts may run twice or be killed; the bytes are the same."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.api.lists import services
from apps.api.models import ListPart, PartnerList
from apps.audit.models import AuditEntry
from apps.jobs import jobs
from apps.jobs.models import Job
from apps.voters import suppression
from apps.voters.layout import load_layout
from apps.voters.loading.load import LoadRequest, load
from tests.api.conftest import STATE, Caller
from tests.api.test_districts import ANYTOWN, problem
from tests.sigkill import kill_in_the_middle
from tests.voters.synthetic_rows import voter, voters

PURPOSE = "Remind our members to update their registration"
FIELDS = ("first_name", "last_name", "dob", "address", "city", "state", "zip")


def person(number: int, **changed: str) -> dict[str, str]:
    return {"query_id": f"q{number}"} | {name: voter(number)[name] for name in FIELDS} | changed


@pytest.fixture
def roll(state: Path, tmp_path: Path) -> None:
    write_roll(tmp_path, voters(300))


def write_roll(folder: Path, rows: list[dict[str, str]]) -> None:
    import csv

    path = folder / "roll.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    load(LoadRequest(path=path, layout=load_layout("generic"), accept="test"))


@pytest.fixture
def partner(new_key: Callable[..., str]) -> Caller:
    return Caller(new_key("lists", budget=1000))


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PART", 2)


def hand_in(partner: Caller, people: list[dict[str, str]]) -> PartnerList:
    response = partner.post("lists", {"purpose": PURPOSE, "people": people})
    assert response.status_code == 200, response.content
    return PartnerList.objects.get(pk=response.json()["id"])


def decide(owner: User, one: PartnerList, answer: str = "approve", reason: str = "contract 7") -> Any:
    client = Client()
    client.force_login(owner)
    return client.post(reverse("lists:decide"), {"list_id": one.pk, "reason": reason, answer: "1"}, follow=True)


def answers(partner: Caller, one: PartnerList) -> Any:
    return partner.client.get(f"/api/lists/{one.pk}.csv", headers=partner.headers)


PEOPLE = [
    person(7), person(3, address=ANYTOWN, city="", zip="", state=""),
    {"query_id": "x", "first_name": "Zed", "last_name": "Nobody", "zip": "00502"}, person(11), person(12),
]  # fmt: skip


@pytest.mark.usefixtures("roll")
def test_a_list_is_answered_only_after_approval(partner: Caller, owner: User) -> None:
    one = hand_in(partner, PEOPLE)
    assert not Job.objects.filter(task=services.TASK).exists()
    problem(answers(partner, one), 404)
    page = decide(owner, one).content.decode()
    assert PURPOSE in page
    assert voter(7)["last_name"] not in page
    jobs.drain()
    (shown,) = partner.get("lists").json()["lists"]
    assert (shown["state"], shown["answered"], shown["answers"]) == ("done", 5, f"/api/lists/{one.pk}.csv")
    rows = b"".join(answers(partner, one).streaming_content).decode().splitlines()
    assert rows[0] == "query_id,status,districts"
    assert [row.split(",")[:2] for row in rows[1:]] == [
        ["q7", "registered"], ["q3", "registered"], ["x", "not_found"], ["q11", "registered"], ["q12", "registered"],
    ]  # fmt: skip
    assert rows[2].split(",")[2].split("|")[0].startswith(f"{STATE}/")
    assert "00000007" not in "".join(rows)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"partner_list.hand_in", "partner_list.approve"} <= actions


@pytest.mark.usefixtures("roll")
def test_parts_in_any_order_twice_or_lost_give_the_same_bytes(partner: Caller, owner: User) -> None:
    one, again = hand_in(partner, PEOPLE), hand_in(partner, PEOPLE)
    for each in (one, again):
        decide(owner, each)
    jobs.drain(only=lambda job: job.args.get("list_id") == str(one.pk))
    for number in (2, 0, 2):
        services.answer(str(again.pk), number)
    # A worker that died in between left its part unanswered, and its job comes again.
    ListPart.objects.filter(list=again, number=0).update(answered="", rolls="")
    again.refresh_from_db()
    assert again.state == "running"
    jobs.drain()
    first, second = (b"".join(answers(partner, each).streaming_content) for each in (one, again))
    assert first == second
    assert first.count(b"\n") == 6


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("roll")
def test_a_worker_killed_at_random_moments_changes_no_byte(partner: Caller, owner: User) -> None:
    people = [person(number) for number in range(50)]
    one, again = hand_in(partner, people), hand_in(partner, people)
    for each in (one, again):
        decide(owner, each)
    jobs.drain(only=lambda job: job.args.get("list_id") == str(one.pk))
    rng, kills = Random(), 0

    def done() -> int:
        return again.parts.exclude(rolls="").count()

    while done() < 25 and kills < 4:
        before = done()
        kill_in_the_middle(jobs.drain, lambda before=before: done() > before, rng.uniform(0, 0.1))  # type: ignore[misc]
        kills += 1
        Job.objects.filter(state="running").send_again()  # as the reconciler does once the lease has passed
    assert kills > 1
    jobs.drain()
    assert not Job.objects.exclude(state="done").exists()
    first, second = (b"".join(answers(partner, each).streaming_content) for each in (one, again))
    assert first == second
    assert first.count(b"\n") == 51


@pytest.mark.usefixtures("roll")
def test_a_roll_that_goes_live_in_between_answers_every_part(partner: Caller, owner: User, tmp_path: Path) -> None:
    one = hand_in(partner, PEOPLE)
    decide(owner, one)
    services.answer(str(one.pk), 0)
    write_roll(tmp_path, [v for v in voters(300) if v["voter_id"] != "00000007"])
    jobs.drain()
    one.refresh_from_db()
    assert one.state == "done"
    assert len(set(one.parts.values_list("rolls", flat=True))) == 1
    assert b"q7,not_found," in b"".join(answers(partner, one).streaming_content)


@pytest.mark.usefixtures("roll")
def test_who_is_protected_is_not_found(partner: Caller, owner: User) -> None:
    suppression.suppress(state="HD", voter_id="00000011", by="operator")
    one = hand_in(partner, PEOPLE)
    decide(owner, one)
    jobs.drain()
    assert b"q11,not_found," in b"".join(answers(partner, one).streaming_content)


@pytest.mark.usefixtures("roll")
def test_a_refused_list_is_forgotten_and_one_decision_is_enough(partner: Caller, owner: User) -> None:
    one = hand_in(partner, PEOPLE)
    decide(owner, one, "refuse")
    assert not one.parts.exists()
    decide(owner, one)
    one.refresh_from_db()
    assert one.state == "refused"


def test_without_a_reason_or_a_roll_nothing_is_approved(partner: Caller, owner: User, state: Path) -> None:
    one = hand_in(partner, PEOPLE)
    decide(owner, one, reason="")
    decide(owner, one)
    one.refresh_from_db()
    assert one.state == "waiting"


@pytest.mark.usefixtures("roll")
def test_the_daily_cap_and_other_keys(partner: Caller, owner: User, new_key: Callable[..., str]) -> None:
    one = hand_in(partner, PEOPLE)
    decide(owner, one)
    jobs.drain()
    stranger = Caller(new_key("lists", budget=4))
    problem(answers(stranger, one), 404)
    problem(answers(Caller(None), one), 401)
    problem(answers(Caller(new_key("districts")), one), 403)
    assert stranger.get("lists").json() == {"lists": []}
    problem(stranger.post("lists", {"purpose": PURPOSE, "people": PEOPLE}), 429)
    twice = problem(partner.post("lists", {"purpose": PURPOSE, "people": [PEOPLE[0]] * 2}), 422)
    assert "query_id" in twice["detail"]


@pytest.mark.usefixtures("roll")
def test_only_the_owner_decides(partner: Caller, member: User) -> None:
    one = hand_in(partner, PEOPLE)
    assert decide(member, one).status_code in (403, 404)
    one.refresh_from_db()
    assert one.state == "waiting"
