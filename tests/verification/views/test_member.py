"""Pages of a member's own registration."""

import json

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import User
from apps.jobs.models import Job
from apps.officials.models import Election, ElectionOffice
from apps.verification import quotas, services
from apps.verification.models import Attempt, Claim
from tests.verification.helpers import ABSENT, ME, ClientOf, RunJobs, claim_me, look_up, post


@pytest.mark.usefixtures("roll")
def test_the_page_polls_until_the_worker_finishes(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    client = client_of(member)
    answer = post(client, ME)
    waiting = client.get(answer["Location"])
    assert b"Looking for your registration" in waiting.content
    assert b'hx-trigger="every 1s"' in waiting.content
    attempt = Attempt.objects.get()
    slip = f"/registration/looks/{attempt.pk}/slip/"
    assert "HX-Refresh" not in client.get(slip)
    assert ME["last_name"] not in json.dumps(list(Job.objects.values_list("args", "key")))
    run_jobs()
    assert client.get(slip)["HX-Refresh"] == "true"


def connection_dump() -> str:
    """Return the contents of this app's tables, as stored in the database."""
    found = []
    with connection.cursor() as cursor:
        for model in (Attempt, Claim):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            found.append(repr(cursor.fetchall()))
    return "".join(found)


@pytest.mark.usefixtures("roll")
def test_names_in_the_url_are_refused(member: User, client_of: ClientOf) -> None:
    """S5."""
    client = client_of(member)
    assert client.get("/registration/find/?last_name=Arbor&first_name=Ada").status_code == 405
    assert client.get("/registration/find/").status_code == 200
    assert client.get("/registration/not-me/").status_code == 405


BAD_NAMES = ["Ar%", "Ar_or", "*", "A.*", "Ar\0bor", "a" * 10_000, "<b>", '{"$ne":1}', "{!xmlparser v='x'}", "1=1", "--"]


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize("name", BAD_NAMES)
def test_invalid_names_are_field_errors(member: User, client_of: ClientOf, name: str) -> None:
    """S6, S7."""
    answer = post(client_of(member), ME, last_name=name)
    assert answer.status_code == 400
    assert not Attempt.objects.exists()
    assert quotas.allowance(member).remaining == 3


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize("name", ["Аrbor", "\u202eroba", "Ar\u200bbor", "Søren", "李"])
def test_odd_names_are_refused_or_not_found(member: User, client_of: ClientOf, run_jobs: RunJobs, name: str) -> None:
    """S6: homoglyphs, right-to-left marks, zero width, other scripts."""
    answer = post(client_of(member), ME | {"dob": "1911-01-01"}, last_name=name, address="7 Elsewhere Road")
    run_jobs()
    assert answer.status_code == 400 or Attempt.objects.get().state in {"not_found", "detail"}
    assert not Claim.objects.exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"dob_year": "84"}, "could be 1884 or 1984"),
        ({"dob_month": "2", "dob_day": "31"}, "days in"),
        ({"dob_year": "2090"}, "still to come"),
        ({"address": "Coopers Row"}, "Add the house number"),
        ({"zip": "123"}, "five digits"),
        ({"first_name": ""}, "First name is missing"),
    ],
)
def test_invalid_input_is_explained_and_costs_nothing(
    member: User, client_of: ClientOf, changed: dict[str, str], words: str
) -> None:
    answer = post(client_of(member), ME, **changed)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert ME["address"] in answer.content.decode() or "address" in changed
    assert quotas.allowance(member).remaining == 3


@pytest.mark.usefixtures("roll")
def test_attempts_of_other_members_are_not_found(
    member: User, other_member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    look_up(client_of(member), run_jobs, ME)
    number = Attempt.objects.get().pk
    stranger = client_of(other_member)
    for path in (f"/registration/looks/{number}/", f"/registration/looks/{number}/slip/"):
        assert stranger.get(path).status_code == 404
    assert Client().get(f"/registration/looks/{number}/").status_code == 302


@pytest.mark.usefixtures("roll")
def test_a_released_record_can_be_claimed_again(member: User, other_member: User, client_of: ClientOf) -> None:
    claim_me(member)
    client_of(member).post("/registration/not-me/")
    assert services.current_claim(member) is None
    assert claim_me(other_member).state == "claimed"


@pytest.mark.usefixtures("roll")
def test_the_form_repeats_the_last_query_without_the_birth_date(
    member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    client = client_of(member)
    look_up(client, run_jobs, ABSENT)
    page = client.get("/registration/find/").content.decode()
    assert f'value="{ABSENT["last_name"]}"' in page
    assert f'value="{ABSENT["dob"][:4]}"' not in page


@pytest.mark.usefixtures("roll")
def test_a_match_repeats_nothing_of_the_roll(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    client = client_of(member)
    assert 'name="last_name"' in client.get("/registration/").content.decode()
    text = look_up(client, run_jobs, ME, zip="00499").content.decode()
    assert "Registered at the address you typed" in text
    assert "Active voter." in text
    for secret in (ME["zip"], ME["voter_id"], ME["address"], "Same", "Skipped"):
        assert secret not in text
    assert "not an official site" in text
    assert "00499" not in connection_dump()


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize("moved", [True, False])
def test_who_has_moved_reads_how_to_update(moved: bool, member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    page = look_up(client_of(member), run_jobs, ABSENT, **({"has_moved": "on"} if moved else {}))
    assert ("You have moved" in page.content.decode()) is moved


@pytest.mark.usefixtures("roll")
def test_the_county_office_and_the_last_day_are_shown(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    county = "ocd-division/country:us/state:hd/county:marn"
    ElectionOffice.objects.create(division=county, name="Marn Board of Elections", phone="701-555-0111", hours="9 to 5")
    election = Election.objects.create(
        key="e", name="General", kind="general", date="2099-11-03", division="ocd-division/country:us/state:hd"
    )
    election.deadlines.create(kind="registration_deadline", date="2099-10-09")
    text = look_up(client_of(member), run_jobs, ME).content.decode()
    assert "Last day to register or update for the General" in text
    for words in ("Marn Board of Elections", "701-555-0111", "9 to 5"):
        assert words in text
