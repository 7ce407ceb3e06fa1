"""Lookups from query to result, and what each result may reveal."""

from typing import Any

import pytest

from apps.accounts.models import User
from apps.cases.models import Case
from apps.core.models import QuotaUse
from apps.jobs import jobs
from apps.jobs.models import Job
from apps.verification import quotas, services
from apps.verification.models import Attempt, Claim
from apps.voters import suppression
from tests.verification.helpers import ABSENT, ME, REMOVED, TWINS, ClientOf, RunJobs, claim_me, look_up, post
from tests.voters.synthetic_rows import voters

REGISTERED = b"Registered at the address you typed"


@pytest.mark.usefixtures("roll")
def test_one_more_detail_settles_namesakes_of_one_door_for_free(
    member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    client = client_of(member)
    page = look_up(client, run_jobs, TWINS[0])
    assert b"One more detail" in page.content
    attempt = Attempt.objects.get()
    assert attempt.requested_detail == "middle_name"
    for shown in ("TWIN-901", "TWIN-902", "Ann"):
        assert shown.encode() not in page.content
    url = f"/registration/looks/{attempt.pk}/detail/"
    assert client.post(url, {"middle_name": "%"}).status_code == 400
    client.post(url, {"middle_name": "Ann"})
    run_jobs()
    assert REGISTERED in client.get(f"/registration/looks/{attempt.pk}/", follow=True).content
    assert Claim.objects.get().voter_id == "TWIN-901"
    assert quotas.allowance(member).remaining == 2
    assert client.post(url, {"middle_name": "Lee"}).status_code == 302
    assert not Job.objects.exclude(state="done").filter(task="match.attempt").exists()


@pytest.mark.usefixtures("roll")
def test_a_detail_that_settles_nothing_is_the_ordinary_page(
    member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    client = client_of(member)
    look_up(client, run_jobs, TWINS[0])
    url = f"/registration/looks/{Attempt.objects.get().pk}/"
    client.post(f"{url}detail/", {"middle_name": "Zora"})
    run_jobs()
    assert b"Nothing found with these details" in client.get(url).content
    assert not Case.objects.exists(), "no near match is a case for staff"


@pytest.mark.usefixtures("roll")
def test_the_registration_number_counts_in_place_of_the_address(
    member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    page = look_up(client_of(member), run_jobs, ME, address="", city="", zip="", voter_number=" 40 ")
    assert REGISTERED in page.content


@pytest.mark.usefixtures("roll")
def test_removal_is_disclosed_only_with_all_details(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    client = client_of(member)
    assert b"Nothing found" in look_up(client, run_jobs, REMOVED, dob_year="1950").content
    page = look_up(client, run_jobs, REMOVED).content
    assert b"Removed from the roll. Register again" in page


@pytest.mark.usefixtures("roll")
def test_districts_are_those_of_the_answer(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    look_up(client_of(member), run_jobs, ME)
    here = services.current_registration(member)
    assert here is not None
    assert here.districts["precinct"].endswith("/county:marn/precinct:1")


@pytest.mark.usefixtures("roll")
def test_a_withdrawal_by_the_operator_shows_at_the_next_lookup(
    member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    """S9: results are dated, so the page changes only by a lookup."""
    client = client_of(member)
    look_up(client, run_jobs, ME)
    suppression.suppress(state="HD", voter_id=ME["voter_id"], by="operator")
    assert REGISTERED in client.get("/registration/").content
    assert b"Nothing found" in look_up(client, run_jobs, ME).content


@pytest.mark.django_db
def test_a_lookup_without_a_roll_says_so(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    client = client_of(member)
    assert b"No voter roll is loaded here yet" in client.get("/registration/find/").content
    assert b"Nothing found" in look_up(client, run_jobs, ME).content


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "It has full birth dates"),
        ({"dob": "", "birth_year": "1984"}, "It has only years of birth"),
        ({"dob": ""}, "It has no birth dates"),
    ],
)
def test_the_form_says_what_the_roll_has_of_birth_dates(
    changed: dict[str, str], words: str, member: User, client_of: ClientOf, load_rows: Any
) -> None:
    load_rows([row | changed for row in voters(100)], "other.csv")
    assert words in client_of(member).get("/registration/find/").content.decode()
    assert words in client_of(member).get("/registration/").content.decode()


@pytest.mark.usefixtures("roll")
def test_a_second_run_of_the_same_turn_changes_nothing(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    look_up(client_of(member), run_jobs, ABSENT)
    attempt = Attempt.objects.get()
    before = list(QuotaUse.objects.order_by("pk").values_list("scope", "used"))
    services.run_attempt(str(attempt.pk), 1)
    services.run_attempt(str(attempt.pk), 9)
    assert list(QuotaUse.objects.order_by("pk").values_list("scope", "used")) == before


@pytest.mark.usefixtures("roll")
def test_a_dead_lettered_lookup_is_stopped(member: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    client = client_of(member)
    post(client, ME)
    job = Job.objects.get(task="match.attempt")
    Job.objects.update(state="running", token="t")
    job.refresh_from_db()
    jobs.dead_letter(job, "it failed")
    attempt = Attempt.objects.get()
    assert attempt.state == "stopped"
    assert b"We could not look" in client.get(f"/registration/looks/{attempt.pk}/").content


@pytest.mark.usefixtures("roll")
def test_releasing_a_claim_ends_it(member: User) -> None:
    assert not services.release_current_claim(member=member)
    claim_me(member)
    assert services.release_current_claim(member=member)
    assert services.current_claim(member) is None
