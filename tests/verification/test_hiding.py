"""Do not find me, and an operator's file of people to protect: honoured everywhere, and by every later load."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.matching import TypedPerson
from apps.notifications.models import Notice
from apps.verification import services, suppression_requests
from apps.verification.models import Claim, HideRequest
from apps.verification.query import Typed
from apps.voters import rolls, suppression
from apps.voters.models import Suppression
from apps.voters.search.base import voter_index
from tests.voters.synthetic_rows import voter, voters

from .conftest import ABSENT, ME, TWINS, form_of, post

RunJobs = Callable[[], int]
PAGE = "/registration/do-not-find-me/"


def found(row: dict[str, str]) -> str:
    """Return the status of the answer about a voter."""
    names = ("first_name", "last_name", "dob", "address", "city", "state", "zip")
    return voter_index().match_one(TypedPerson(**{name: row[name] for name in names})).status


@pytest.mark.usefixtures("roll")
def test_anybody_may_ask_and_nobody_learns_who_is_on_a_roll(client: Client, run_jobs: RunJobs) -> None:
    assert found(ME) == "verified"
    answers = []
    for row in (ME, ABSENT):
        answer = client.post(PAGE, form_of(row), follow=True)
        answers.append(answer.content.replace(answer.wsgi_request.META["CSRF_COOKIE"].encode(), b""))
        assert answer.redirect_chain == [(PAGE, 302)]
    assert b"nobody finds you by it" in answers[0]
    assert abs(len(answers[0]) - len(answers[1])) < 200
    run_jobs()
    assert found(ME) == "none"
    assert rolls.get_voter("HD", ME["voter_id"]) is None
    assert Suppression.objects.get().by == "person"
    waiting = HideRequest.objects.get()
    assert Typed.from_text(waiting.typed).last_name == ABSENT["last_name"]


@pytest.mark.usefixtures("roll")
def test_who_is_on_no_roll_yet_is_protected_by_the_next(client: Client, load_rows: Any, run_jobs: RunJobs) -> None:
    client.post(PAGE, form_of(ABSENT))
    run_jobs()
    load_rows([*voters(600), ABSENT], "new.csv")
    run_jobs()
    assert found(ABSENT) == "none"
    assert not HideRequest.objects.exists()


@pytest.mark.usefixtures("roll")
def test_a_later_load_never_stores_who_is_protected(load_rows: Any) -> None:
    marked = voter(700, voter_id="MARK-77", last_name="Markerly")
    suppression.suppress(state="HD", voter_id="MARK-77", by="operator")
    load_rows([*voters(600), *TWINS, marked], "b.csv")
    snapshot = rolls.live_snapshots()["HD"]
    assert snapshot.counts["dropped"] == {"suppressed": 1}
    for path in (p for p in snapshot.path.rglob("*") if p.is_file()):
        content = path.read_bytes().lower()
        assert b"mark-77" not in content, path.name
        assert b"markerly" not in content, path.name


@pytest.mark.usefixtures("roll")
def test_contacts_search_and_export_forget_a_protected_voter(member: User, run_jobs: RunJobs, tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text(
        "First Name,Last Name,Street,City,State,Zip\n"
        f"{ME['first_name']},{ME['last_name']},{ME['address']},{ME['city']},HD,{ME['zip']}\n"
    )
    call_command("import_contacts", str(book), "--owner", member.email, stdout=io.StringIO())
    assert Contact.objects.get().status in {"registered", "likely"}
    hits = voter_index().search_people({"last_name": ME["last_name"]}, 50)
    assert ME["voter_id"] in {hit.voter_id for hit in hits}
    suppression.suppress(state="HD", voter_id=ME["voter_id"], by="person")
    told = Contact.objects.get()
    assert (told.status, told.districts, told.why, told.answered) == ("not_found", {}, [], ""), "not at once"
    run_jobs()
    assert Contact.objects.get().status == "not_found"
    assert Contact.objects.get().districts == {}
    hits = voter_index().search_people({"last_name": ME["last_name"]}, 50)
    assert ME["voter_id"] not in {hit.voter_id for hit in hits}
    out = tmp_path / "out.csv"
    call_command("export_contacts", "--owner", member.email, "--output", str(out), stdout=io.StringIO())
    assert "registered" not in out.read_text(encoding="utf-8-sig")


@pytest.mark.usefixtures("roll")
def test_a_member_who_is_protected_is_told_nothing(
    member: User, client_of: Callable[[User], Client], load_rows: Any, run_jobs: RunJobs
) -> None:
    post(client_of(member), ME)
    run_jobs()
    assert Claim.objects.get().member == member
    suppression.suppress(state="HD", voter_id=ME["voter_id"], by="operator")
    load_rows([*voters(600), *TWINS], "b.csv")
    run_jobs()
    assert services.current(member) is None
    assert not Notice.objects.filter(kind="registration_changed").exists()


def test_one_network_asks_only_so_often(client: Client, db: None) -> None:
    for number in range(suppression_requests.NETWORK_A_DAY):
        assert client.post(PAGE, form_of(voter(number))).status_code == 302
    answer = client.post(PAGE, form_of(ME))
    assert answer.status_code == 422
    assert "Ask again tomorrow" in answer.content.decode()
    assert HideRequest.objects.count() == suppression_requests.NETWORK_A_DAY


@pytest.mark.usefixtures("roll")
def test_an_operators_file(tmp_path: Path, run_jobs: RunJobs, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "protect.csv"
    one = voter(41)
    path.write_text(
        "state,voter_id,first_name,last_name,dob,address,city,zip\n"
        f"HD,{ME['voter_id']},,,,,,\n"
        f",,{one['first_name']},{one['last_name']},{one['dob']},{one['address']},Port Ansel,{one['zip']}\n"
        ",,Ada,,,,,\n"
    )
    call_command("suppress_people", str(path), "--json")
    said = capsys.readouterr().out
    assert '"protected": 1, "looked_for": 1' in said
    assert '"line": 4, "reason": "give voter_id, or first_name, last_name and dob"' in said
    assert found(ME) == "none"
    run_jobs()
    assert found(one) == "none"
    path.write_text(f"state,voter_id\nHD,{ME['voter_id']}\n")
    call_command("suppress_people", str(path), "--lift", "--json")
    assert '"lifted": 1' in capsys.readouterr().out
    assert found(ME) == "verified"
    path.write_text("state,voter_id\n")
    with pytest.raises(CommandError, match="names nobody") as caught:
        call_command("suppress_people", str(path))
    assert caught.value.returncode == 1
