"""The breaks of privacy.md that concern look-ups, each as an attack over HTTP that gave something before."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import Refused
from apps.core.quotas import spend
from apps.jobs.models import Job
from apps.notifications.models import Notice
from apps.verification import letters, quotas, services
from apps.verification.models import Attempt, Claim, Letter
from apps.voters import rolls, suppression
from tests.verification.helpers import (
    ABSENT,
    ME,
    PROTECTED,
    TWINS,
    ClientOf,
    RunJobs,
    claim_me,
    form_of,
    look_up,
    post,
    query_of,
)
from tests.voters.synthetic_rows import voter, voters

NOTHING = "Nothing found with these details"
WRONG_DOOR = {"address": "7 Elsewhere Road", "city": "Elsewhere", "zip": "00499"}


def _let_a_day_pass(run_jobs: RunJobs) -> None:
    """Run the suppression requests whose delay is at most a day."""
    delayed = Job.objects.filter(task="match.hide", state="waiting")
    hours = [(job.not_before - job.created_at).total_seconds() / 3600 for job in delayed if job.not_before]
    assert all(2 <= delay <= 24 for delay in hours)
    delayed.update(not_before=None)
    run_jobs()


def _same_bytes(page: Any) -> str:
    """Return a page without CSRF tokens, request ids, numbers of look-ups and the member's own words."""
    text = page.content.decode()
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text)
    text = re.sub(r'(csrfmiddlewaretoken" value|hx-headers|nonce)="?[^">]+', "", text)
    return re.sub(r"(?s)<dl class=.kv.>.*?</dl>", "", text)


@pytest.mark.usefixtures("roll")
def test_break_3_a_third_person_with_a_wrong_address_reads_nothing(
    member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    """Name and birth date of another person were "You are registered", with Same or Skipped for each field."""
    client = client_of(member)
    for part in ("city", "zip", "address"):
        page = look_up(client, run_jobs, ME, **{**WRONG_DOOR, part: ME[part]})
        assert NOTHING in page.content.decode()
        assert "Skipped" not in page.content.decode()
    assert not Claim.objects.exists()
    assert services.current_registration(member) is None


@pytest.mark.usefixtures("roll")
def test_break_3_a_claim_by_another_account_changes_no_page(
    member: User, other_member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    """A second look-up said "Somebody else says this registration is theirs": that the target has an account."""
    look_up(client_of(member), run_jobs, ME)
    second = look_up(client_of(other_member), run_jobs, ME)
    first = client_of(member).get("/registration/")
    assert "Registered at the address you typed" in second.content.decode()
    assert _same_bytes(first) == _same_bytes(second).replace(other_member.email, member.email)
    assert set(Notice.objects.values_list("kind", flat=True)) <= {"new_roll"}


@pytest.mark.usefixtures("roll")
def test_break_4_accounts_that_guess_house_numbers_share_one_counter(
    make_member: Callable[..., User], client_of: ClientOf, run_jobs: RunJobs
) -> None:
    """The limit of a target was keyed by the guessed house number and never reached."""
    number, _space, street = ME["address"].partition(" ")
    for guess in range(5):
        client = client_of(make_member(f"guess{guess}@example.org"))
        look_up(client, run_jobs, ME, address=f"{int(number) + 10 + guess} {street}", first_name=ME["first_name"][:-1])
    sixth = look_up(client_of(make_member("sixth@example.org")), run_jobs, ME)
    assert NOTHING in sixth.content.decode()
    assert not Claim.objects.exists()


@pytest.mark.usefixtures("roll")
def test_break_4_wrong_birth_dates_have_a_counter_of_their_own(
    make_member: Callable[..., User], client_of: ClientOf, run_jobs: RunJobs
) -> None:
    for guess in range(2):
        look_up(client_of(make_member(f"guess{guess}@example.org")), run_jobs, ME, dob_year=str(1960 + guess))
    assert NOTHING in look_up(client_of(make_member("x@example.org")), run_jobs, ME).content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert NOTHING not in look_up(client_of(make_member("y@example.org")), run_jobs, ME).content.decode()


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize(
    "later",
    [
        {"address": "7 Elsewhere Road", "precinct": "39"},
        {"status": "inactive"},
        {"status": "removed"},
        {"status": "confidential"},
        {},
    ],
)
def test_break_5_no_roll_changes_what_an_unconfirmed_claim_shows(
    later: dict[str, str], member: User, client_of: ClientOf, run_jobs: RunJobs, load_rows: Any
) -> None:
    """A claim by an old address brought a notice when the target moved."""
    claim_me(member)
    before = _same_bytes(client_of(member).get("/registration/"))
    load_rows([voter(40, **later) if row["voter_id"] == ME["voter_id"] else row for row in voters(600)], "new.csv")
    run_jobs()
    assert [notice.kind for notice in Notice.objects.filter(member=member)] == ["new_roll"]
    shown = services.current_registration(member)
    assert shown is not None
    assert (shown.status, shown.districts["precinct"][-2:], shown.is_dated, shown.changes) == ("active", ":1", True, ())
    after = _same_bytes(client_of(member).get("/registration/"))
    assert "A newer roll is here" in after
    assert "A newer roll is here" not in before


@pytest.mark.usefixtures("roll")
def test_break_6_a_false_address_suppresses_no_one(
    client: Client, member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    """An anonymous request with public facts took the link away, and the voter's own look-up said "not found"."""
    claim_me(member)
    client.post("/registration/do-not-find-me/", form_of(ME, **WRONG_DOOR))
    _let_a_day_pass(run_jobs)
    assert rolls.get_voter("HD", ME["voter_id"]) is not None


@pytest.mark.usefixtures("roll")
def test_break_6_a_suppression_leaves_the_own_lookup_and_the_link(
    client: Client, member: User, other_member: User, client_of: ClientOf, run_jobs: RunJobs, load_rows: Any
) -> None:
    claim_me(member)
    client.post("/registration/do-not-find-me/", form_of(ME))
    run_jobs()
    assert rolls.get_voter("HD", ME["voter_id"]) is not None, "hidden before two hours have passed"
    _let_a_day_pass(run_jobs)
    assert rolls.get_voter("HD", ME["voter_id"]) is None
    load_rows([*voters(600), *TWINS], "later.csv")
    run_jobs()
    assert rolls.get_voter("HD", ME["voter_id"]) is None, "a suppression does not lapse"
    own = client_of(member)
    assert services.current_registration(member) is not None
    assert "Registered at the address" in look_up(client_of(other_member), run_jobs, ME).content.decode()
    assert Notice.objects.filter(member=member, kind="suppressed").count() == 1
    own.post("/registration/not-hidden/")
    assert rolls.get_voter("HD", ME["voter_id"]) is not None


@pytest.mark.usefixtures("roll", "committed_audit")
def test_break_8_a_claimant_never_prints_the_own_letter(
    steward: User, fresh_client_of: ClientOf, run_jobs: RunJobs
) -> None:
    """A steward claimed a voter, printed the letter and typed its code."""
    claim_me(steward)
    client = fresh_client_of(steward)
    client.post("/registration/letter/")
    run_jobs()
    letter = Letter.objects.get()
    assert letter.state == "requested"
    page = client.post(f"/registration/letters/{letter.pk}/", {"reason": "letters of this Monday"}, follow=True)
    assert "Another staff member has to print it" in page.content.decode()
    letter.refresh_from_db()
    assert (letter.state, bytes(letter.code_hash)) == ("requested", b"")


@pytest.mark.usefixtures("roll", "committed_audit")
def test_break_8_a_code_is_shown_once(member: User, steward: User, other_steward: User, run_jobs: RunJobs) -> None:
    letters.request_letter(member=member, query=query_of(ME), network="n")
    run_jobs()
    letters.print_letter(letter=Letter.objects.get(), actor=steward, reason="letters of Monday")
    with pytest.raises(Refused, match="was printed before"):
        letters.print_letter(letter=Letter.objects.get(), actor=other_steward, reason="letters of Monday")


@pytest.fixture
def stopped_clock() -> Iterator[None]:
    """Stop the clock: the page names the minute of a request, which may pass between two pages."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.mark.usefixtures("roll", "stopped_clock")
def test_all_kinds_of_nothing_found_are_one_page_and_one_amount_of_work(
    make_member: Callable[..., User], client_of: ClientOf, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotas, "LETTERS_PER_NETWORK_AND_DAY", 50)
    withdrawn, overdrawn = voter(41), voter(42)
    suppression.suppress(state="HD", voter_id=withdrawn["voter_id"], by="operator")
    for _ in range(5):
        ((limit,),) = quotas._wrong_doors("lookup", [("HD", overdrawn["voter_id"])])
        spend(limit)
    run_jobs()
    cases = {
        "unknown": (ABSENT, {}),
        "door": (ME, WRONG_DOOR),
        "date": (ME, {"dob_year": "1950"}),
        "protected": (PROTECTED, {}),
        "withdrawn": (withdrawn, {}),
        "overdrawn": (overdrawn, {}),
        "number": (ME, {"voter_number": "99"}),
    }
    pages, statements, jobs_made, states = {}, {}, {}, set()
    for name, (row, changed) in cases.items():
        client = client_of(make_member(f"{name}@example.org"))
        before = Job.objects.count()
        with CaptureQueriesContext(connection) as web:
            answer = post(client, row, **changed)
        attempt = Attempt.objects.get(member__email=f"{name}@example.org")
        with CaptureQueriesContext(connection) as worker:
            services.run_attempt(str(attempt.pk), 1)
        with CaptureQueriesContext(connection) as shown:
            page = client.get(answer["Location"])
        client.post(f"/registration/looks/{attempt.pk}/letter/")
        requested = client.get(answer["Location"])
        states.add(Attempt.objects.get(pk=attempt.pk).state)
        pages[name] = [_same_bytes(one).replace(f"{name}@example.org", "") for one in (page, requested)]
        statements[name] = [_verbs(each) for each in (web, worker, shown)]
        jobs_made[name] = Job.objects.count() - before
    assert states == {"not_found"}
    assert NOTHING in pages["unknown"][0]
    for name in cases:
        assert pages[name] == pages["unknown"], name
        assert statements[name] == statements["unknown"], name
        assert jobs_made[name] == jobs_made["unknown"] == 2
    run_jobs()
    assert set(Letter.objects.values_list("member__email", "state")) == {
        (f"{name}@example.org", "requested" if name in {"door", "number", "overdrawn"} else "ended") for name in cases
    }
    for name in ("door", "unknown"):
        client = client_of(User.objects.get(email=f"{name}@example.org"))
        (attempt,) = Attempt.objects.filter(member__email=f"{name}@example.org")
        after = _same_bytes(client.get(f"/registration/looks/{attempt.pk}/"))
        assert "A letter to the registered address is requested" in after


def _verbs(context: Any) -> list[str]:
    """Return the beginning of each statement, without savepoints' names."""
    return [query["sql"].split('"')[0] + query["sql"].partition('"')[2].partition('"')[0] for query in context]
