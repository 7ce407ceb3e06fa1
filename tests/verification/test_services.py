"""Look-ups from query to result, and what each result may reveal."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.cases.models import Case
from apps.jobs.models import Job
from apps.verification import quotas, services
from apps.verification.models import Attempt, Claim, Decision
from apps.voters import suppression
from tests.verification.helpers import ABSENT, ME, PROTECTED, TWINS, ClientOf, RunJobs, claim_me, look_up, post
from tests.voters.synthetic_rows import voters


def test_districts_require_an_agreeing_address(
    member: User, other_member: User, client_of: ClientOf, run_jobs: RunJobs, roll: Any
) -> None:
    look_up(client_of(member), run_jobs, ME)
    here = services.current_registration(member)
    assert here is not None
    assert here.districts["precinct"].endswith("/county:marn/precinct:1")
    services.release_current_claim(member=member)
    look_up(client_of(other_member), run_jobs, ME, address="7 Elsewhere Road", zip="00499")
    moved = services.current_registration(other_member)
    assert moved is not None
    assert (moved.address_agrees, moved.districts) == (False, {})


def test_the_decision_is_stored_with_its_explanation(
    member: User, client_of: ClientOf, run_jobs: RunJobs, roll: Any
) -> None:
    look_up(client_of(member), run_jobs, ME)
    decision = Decision.objects.get()
    assert (decision.status, decision.snapshot_hash) == ("verified", roll.hash)
    assert decision.model_version
    reasons = json.loads(decision.explanation)
    best = reasons["candidates"][0]
    assert best["voter_id"] == ME["voter_id"]
    assert best["vetoes"] == []
    fields = {field["field"]: field for field in best["fields"]}
    assert (fields["dob"]["level"], fields["where"]["level"]) == ("same", "door")
    assert fields["dob"]["weight"] > 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT explanation FROM verification_decision")
        assert ME["voter_id"] not in cursor.fetchone()[0]


@pytest.mark.usefixtures("roll")
def test_one_more_detail_settles_namesakes_for_free(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    client = client_of(member)
    page = look_up(client, run_jobs, TWINS[0], dob_month="", dob_day="", address="7 Elsewhere Road")
    assert b"One more detail" in page.content
    attempt = Attempt.objects.get()
    assert attempt.requested_detail == "birth_date"
    for shown in ("TWIN-901", "TWIN-902", "Ann", "1990-04-02", TWINS[0]["address"]):
        assert shown.encode() not in page.content
    url = f"/registration/looks/{attempt.pk}/detail/"
    wrong = client.post(url, {"birth_date_month": "13", "birth_date_day": "2", "birth_date_year": "1990"})
    assert wrong.status_code == 400
    client.post(url, {"birth_date_month": "4", "birth_date_day": "2", "birth_date_year": "1990"})
    run_jobs()
    assert b"You are registered to vote" in client.get(f"/registration/looks/{attempt.pk}/", follow=True).content
    assert Claim.objects.get().voter_id == "TWIN-901"
    assert quotas.allowance(member).remaining == 2
    again = client.post(url, {"birth_date_month": "4", "birth_date_day": "2", "birth_date_year": "1991"})
    assert again.status_code == 302
    assert not Job.objects.exclude(state="done").filter(task="match.attempt").exists()


@pytest.mark.usefixtures("roll")
def test_missing_protected_and_suppressed_voters_read_the_same(
    make_member: Callable[..., User], client_of: ClientOf, run_jobs: RunJobs
) -> None:
    """S1, S9: same status, headers, length, and the same work done. Only the member's own words differ."""
    hidden = ME | {"address": "41 Mill Street"}
    suppression.suppress(state="HD", voter_id=ME["voter_id"], by="person")
    shapes, work = set(), set()
    for number, row in enumerate((ABSENT, PROTECTED, hidden)):
        member = make_member(f"asks{number}@example.org")
        client = client_of(member)
        post(client, row)
        with CaptureQueriesContext(connection) as queries:
            services.run_attempt(str(Attempt.objects.of(member)[0].pk), 1)
        work.add(len(queries))
        page = client.get(f"/registration/looks/{Attempt.objects.of(member)[0].pk}/")
        shapes.add((page.status_code, _headers(page), _without_typed(page.content.decode())))
    ((_status, _head, text),) = shapes
    assert "We did not find your registration" in text
    assert max(work) - min(work) <= 2
    assert not Claim.objects.exists()


def _headers(page: Any) -> tuple[tuple[str, str], ...]:
    own = {"X-Request-Id", "Content-Length"}
    return tuple(sorted((name, value) for name, value in page.headers.items() if name not in own))


def _without_typed(text: str) -> str:
    """Return a page without its token and number, and without the panel that repeats what was typed."""
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text)
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r"(?s)<dl class=.kv.>.*?</dl>", "", text)


@pytest.mark.usefixtures("roll")
def test_suppression_hides_a_claimed_registration(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    client = client_of(member)
    look_up(client, run_jobs, ME)
    assert services.current_registration(member) is not None
    suppression.suppress(state="HD", voter_id=ME["voter_id"], by="operator")
    assert services.current_registration(member) is None
    assert b"You are registered to vote" not in client.get("/registration/").content


@pytest.mark.django_db
def test_a_lookup_without_a_roll_is_not_found(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    page = look_up(client_of(member), run_jobs, ME)
    assert b"We did not find your registration" in page.content


@pytest.mark.usefixtures("roll")
def test_a_second_run_of_the_same_turn_changes_nothing(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    look_up(client_of(member), run_jobs, ME)
    attempt = Attempt.objects.get()
    services.run_attempt(str(attempt.pk), 1)
    services.run_attempt(str(attempt.pk), 9)
    assert (Decision.objects.count(), Claim.objects.count()) == (1, 1)
    assert Case.objects.count() == 0


@pytest.mark.usefixtures("roll")
def test_a_dead_lettered_lookup_is_stopped(member: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.jobs import jobs

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
def test_an_unmatched_attempt_is_retried_for_free(
    member: User, client_of: ClientOf, run_jobs: RunJobs, load_rows: Any
) -> None:
    look_up(client_of(member), run_jobs, ABSENT)
    attempt = Attempt.objects.get()
    load_rows([*voters(600), ABSENT], "new.csv")
    services.retry_attempt(attempt)
    run_jobs()
    attempt.refresh_from_db()
    assert (attempt.state, attempt.origin) == ("matched", "roll")
    assert quotas.allowance(member).remaining == 2


@pytest.mark.usefixtures("roll")
def test_a_matched_attempt_is_not_retried(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    look_up(client_of(member), run_jobs, ME)
    services.retry_attempt(Attempt.objects.get())
    assert Attempt.objects.get().turn == 1


@pytest.mark.usefixtures("roll")
def test_releasing_a_claim_ends_it(member: User) -> None:
    assert not services.release_current_claim(member=member)
    claim_me(member)
    assert services.release_current_claim(member=member)
    assert services.current_claim(member) is None
