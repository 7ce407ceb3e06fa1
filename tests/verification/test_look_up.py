"""A member's look-up through the pages: matched, one more detail, not found, and what each may reveal."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.cases import services as cases
from apps.cases.models import Case
from apps.jobs.models import Job
from apps.verification import services
from apps.verification.models import Attempt, Claim, Decision
from apps.voters import suppression
from tests.voters.synthetic_rows import voters

from .conftest import ABSENT, ME, PROTECTED, TWINS, post

ClientOf = Callable[[User], Client]
RunJobs = Callable[[], int]


def look(client: Client, run_jobs: RunJobs, row: dict[str, str], **changed: str) -> Any:
    """Post the form, let the worker answer, and return the page."""
    answer = post(client, row, **changed)
    assert answer.status_code == 302
    run_jobs()
    return client.get(answer["Location"], follow=True)


@pytest.mark.usefixtures("roll")
def test_the_page_waits_and_the_worker_answers(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
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


def test_matched_shows_what_was_typed_and_nothing_of_the_roll(
    member: User, client_of: ClientOf, run_jobs: RunJobs, roll: Any
) -> None:
    page = look(client_of(member), run_jobs, ME, zip="00499")
    text = page.content.decode()
    assert "You are on the roll in Port Ansel" in text
    assert "Active voter." in text
    assert text.count('class="st ok"') == 5, "names, birth date, address and city are the same"
    assert "Skipped" in text
    assert ME["zip"] not in text
    assert ME["voter_id"] not in text
    assert "not an official site" in text
    claim = Claim.objects.get()
    assert (claim.state, claim.snapshot_id) == ("claimed", roll.pk)
    assert "00499" not in connection_dump()


def connection_dump() -> str:
    """Return what this app's tables hold, as the database has it."""
    found = []
    with connection.cursor() as cursor:
        for model in (Attempt, Claim, Decision):
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            found.append(repr(cursor.fetchall()))
    return "".join(found)


def test_districts_are_the_rolls_only_where_the_address_agrees(
    member: User, other_member: User, client_of: ClientOf, run_jobs: RunJobs, roll: Any
) -> None:
    look(client_of(member), run_jobs, ME)
    here = services.current(member)
    assert here is not None
    assert here.districts["precinct"].endswith("/county:marn/precinct:1")
    services.give_up(member=member)
    look(client_of(other_member), run_jobs, ME, address="7 Elsewhere Road", zip="00499")
    moved = services.current(other_member)
    assert moved is not None
    assert (moved.place_agreed, moved.districts) == (False, {})


def test_the_decision_is_kept_with_its_reasons(member: User, client_of: ClientOf, run_jobs: RunJobs, roll: Any) -> None:
    look(client_of(member), run_jobs, ME)
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
def test_one_more_detail_settles_it_for_free(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    client = client_of(member)
    page = look(client, run_jobs, TWINS[0], dob_month="", dob_day="", address="7 Elsewhere Road")
    assert b"One more detail" in page.content
    attempt = Attempt.objects.get()
    assert attempt.asked_for == "birth_date"
    for shown in ("TWIN-901", "TWIN-902", "Ann", "1990-04-02", TWINS[0]["address"]):
        assert shown.encode() not in page.content
    url = f"/registration/looks/{attempt.pk}/detail/"
    wrong = client.post(url, {"birth_date_month": "13", "birth_date_day": "2", "birth_date_year": "1990"})
    assert wrong.status_code == 400
    client.post(url, {"birth_date_month": "4", "birth_date_day": "2", "birth_date_year": "1990"})
    run_jobs()
    assert b"You are on the roll" in client.get(f"/registration/looks/{attempt.pk}/", follow=True).content
    assert Claim.objects.get().voter_id == "TWIN-901"
    assert services.quotas.allowance(member).left == 2
    again = client.post(url, {"birth_date_month": "4", "birth_date_day": "2", "birth_date_year": "1991"})
    assert again.status_code == 302
    assert not Job.objects.exclude(state="done").filter(task="match.attempt").exists()


def test_still_unclear_is_a_case_and_staff_cannot_choose(
    member: User, steward: User, client_of: ClientOf, run_jobs: RunJobs, load_rows: Any
) -> None:
    """One person twice on the roll, or two of one name and birth date: nothing a member types tells them apart."""
    load_rows(
        [
            *voters(600),
            *(TWINS[0] | {"voter_id": number, "address": "9 Mill Street"} for number in ("TWIN-901", "TWIN-903")),
        ]
    )
    client = client_of(member)
    look(client, run_jobs, TWINS[0], address="9 Mill Street")
    attempt = Attempt.objects.get()
    if attempt.state == "detail":
        url = f"/registration/looks/{attempt.pk}/detail/"
        assert client.post(url, {attempt.asked_for: TWINS[0]["middle_name"]}).status_code == 302
        run_jobs()
        attempt.refresh_from_db()
    assert attempt.state == "review"
    case = Case.objects.get(kind="unclear_match")
    assert b"A person looks at it" in client.get(f"/registration/looks/{attempt.pk}/").content
    cases.take(case, steward)
    shown = client_of(steward).get(reverse("staff:case", args=["unclear_match", case.pk])).content.decode()
    assert "75 % of those who ask are on the roll" in shown
    assert "Another voter fits nearly as well." in shown
    assert re.search(r"Birth date</th>\s*<td[^>]*>the same</td>\s*<td[^>]*>strongly for it</td>", shown)
    assert "TWIN-901" not in shown
    assert attempt.decisions.latest("turn").snapshot_hash[:12] in shown
    cases.close(case, steward, "not_found")
    attempt.refresh_from_db()
    assert attempt.state == "not_found"
    assert not Claim.objects.exists()


@pytest.mark.usefixtures("roll")
def test_missing_protected_and_suppressed_read_the_same(
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
            services.answer(str(Attempt.objects.of(member)[0].pk), 1)
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
def test_suppression_hides_a_registration_that_was_found(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    client = client_of(member)
    look(client, run_jobs, ME)
    assert services.current(member) is not None
    suppression.suppress(state="HD", voter_id=ME["voter_id"], by="operator")
    assert services.current(member) is None
    assert b"You are on the roll" not in client.get("/registration/").content


@pytest.mark.usefixtures("roll")
def test_names_never_stand_in_an_address(member: User, client_of: ClientOf) -> None:
    """S5."""
    client = client_of(member)
    assert client.get("/registration/find/?last_name=Arbor&first_name=Ada").status_code == 405
    assert client.get("/registration/find/").status_code == 200
    assert client.get("/registration/not-me/").status_code == 405


BAD_NAMES = ["Ar%", "Ar_or", "*", "A.*", "Ar\0bor", "a" * 10_000, "<b>", '{"$ne":1}', "{!xmlparser v='x'}", "1=1", "--"]


@pytest.mark.usefixtures("roll")
@pytest.mark.parametrize("name", BAD_NAMES)
def test_what_is_no_name_is_a_field_error(member: User, client_of: ClientOf, name: str) -> None:
    """S6, S7."""
    answer = post(client_of(member), ME, last_name=name)
    assert answer.status_code == 400
    assert not Attempt.objects.exists()
    assert services.quotas.allowance(member).left == 3


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
def test_mistakes_are_said_in_words_and_cost_nothing(
    member: User, client_of: ClientOf, changed: dict[str, str], words: str
) -> None:
    answer = post(client_of(member), ME, **changed)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert ME["address"] in answer.content.decode() or "address" in changed
    assert services.quotas.allowance(member).left == 3


@pytest.mark.usefixtures("roll")
def test_somebody_elses_look_up_does_not_exist(
    member: User, other_member: User, client_of: ClientOf, run_jobs: RunJobs
) -> None:
    look(client_of(member), run_jobs, ME)
    number = Attempt.objects.get().pk
    stranger = client_of(other_member)
    for path in (f"/registration/looks/{number}/", f"/registration/looks/{number}/slip/"):
        assert stranger.get(path).status_code == 404
    assert Client().get(f"/registration/looks/{number}/").status_code == 302


@pytest.mark.django_db
def test_a_look_up_without_a_roll_ends_too(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    page = look(client_of(member), run_jobs, ME)
    assert b"We did not find your registration" in page.content


@pytest.mark.usefixtures("roll")
def test_a_second_run_of_the_same_turn_changes_nothing(member: User, client_of: ClientOf, run_jobs: RunJobs) -> None:
    look(client_of(member), run_jobs, ME)
    attempt = Attempt.objects.get()
    services.answer(str(attempt.pk), 1)
    services.answer(str(attempt.pk), 9)
    assert (Decision.objects.count(), Claim.objects.count()) == (1, 1)
    assert Case.objects.count() == 0


@pytest.mark.usefixtures("roll")
def test_a_look_up_that_cannot_be_answered_ends_by_name(
    member: User, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
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
