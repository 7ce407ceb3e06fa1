"""Suppression: honored everywhere and by every later load."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from apps.accounts.models import User
from apps.contacts.models import Contact
from apps.contacts.services import rechecks
from apps.core.models import QuotaUse
from apps.jobs.models import Job
from apps.verification.models import SuppressionRequest
from apps.voters import rolls, suppression
from apps.voters.search.base import voter_index
from tests.verification.helpers import ABSENT, ME, TWINS, RunJobs, form_of, match_status
from tests.voters.synthetic_rows import voter, voters

PAGE = "/registration/do-not-find-me/"


def _let_a_day_pass(run_jobs: RunJobs) -> None:
    Job.objects.filter(task="match.hide").update(not_before=None)
    run_jobs()


@pytest.mark.usefixtures("roll")
def test_a_request_is_applied_by_a_later_roll(client: Client, load_rows: Any, run_jobs: RunJobs) -> None:
    client.post(PAGE, form_of(ABSENT))
    _let_a_day_pass(run_jobs)
    load_rows([*voters(600), ABSENT], "new.csv")
    run_jobs()
    assert match_status(ABSENT) == "verified"
    _let_a_day_pass(run_jobs)
    assert match_status(ABSENT) == "none"
    assert not SuppressionRequest.objects.exists()


@pytest.mark.usefixtures("roll")
def test_later_loads_never_store_a_suppressed_voter(load_rows: Any) -> None:
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
def test_contacts_and_search_lose_a_suppressed_voter(member: User, run_jobs: RunJobs, tmp_path: Path) -> None:
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
    run_jobs()
    assert Contact.objects.get().status in {"registered", "likely"}, "a suppression changes no contact by itself"
    rechecks.recheck_all(member.pk)
    run_jobs()
    assert Contact.objects.get().status == "not_found"
    hits = voter_index().search_people({"last_name": ME["last_name"]}, 50)
    assert ME["voter_id"] not in {hit.voter_id for hit in hits}
    out = tmp_path / "out.csv"
    call_command("export_contacts", "--owner", member.email, "--output", str(out), stdout=io.StringIO())
    assert "registered" not in out.read_text(encoding="utf-8-sig")


@pytest.mark.usefixtures("roll")
def test_guesses_of_a_suppression_have_a_counter_of_their_own(client: Client, run_jobs: RunJobs) -> None:
    number, _space, street = ME["address"].partition(" ")
    for guess in range(5):
        client.post(PAGE, form_of(ME, address=f"{int(number) + 10 + guess} {street}"))
    _let_a_day_pass(run_jobs)
    client.post(PAGE, form_of(ME))
    _let_a_day_pass(run_jobs)
    assert rolls.get_voter("HD", ME["voter_id"]) is not None
    assert QuotaUse.objects.filter(scope="suppression.door").get().used == 5
    assert not QuotaUse.objects.filter(scope="lookup.door").exists()


@pytest.mark.usefixtures("roll")
def test_an_operator_withdraws_a_voter_who_was_hidden_at_own_request(run_jobs: RunJobs) -> None:
    suppression.suppress(state="HD", voter_id=ME["voter_id"], by="person")
    assert rolls.get_own_voter("HD", ME["voter_id"]) is not None
    suppression.suppress(state="HD", voter_id=ME["voter_id"], by="operator")
    suppression.suppress(state="HD", voter_id=ME["voter_id"], by="person")
    assert rolls.get_own_voter("HD", ME["voter_id"]) is None
    assert not suppression.end_own(state="HD", voter_id=ME["voter_id"])
