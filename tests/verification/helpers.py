"""Helpers of the verification tests: rows of the synthetic roll, form submissions, claims."""

from collections.abc import Callable
from typing import Any

from django.test import Client

from apps.accounts.models import User
from apps.matching import TypedPerson
from apps.verification import claims
from apps.verification.models import Claim
from apps.verification.query import VoterQuery
from apps.voters import rolls
from apps.voters.search.base import voter_index
from tests.voters.synthetic_rows import voter

ClientOf = Callable[[User], Client]
RunJobs = Callable[[], int]
JO = {"first_name": "Jo", "last_name": "Sandoval", "zip": "00471", "dob": "1990-04-02", "address": "9 Mill Street"}
TWINS = [
    voter(900, voter_id="TWIN-901", middle_name="Ann", **JO),
    voter(901, voter_id="TWIN-902", middle_name="Lee", **JO),
]
PROTECTED = voter(950, first_name="Marta", last_name="Quill", status="confidential")
ABSENT = voter(951, first_name="Gerda", last_name="Brock")
REMOVED = voter(952, first_name="Hilde", last_name="Sorrel", status="removed")
ME = voter(40)


def form_of(row: dict[str, str], **changed: str) -> dict[str, str]:
    """Return the form input of the voter of a row."""
    year, month, day = row["dob"].split("-")
    data = {name: row[name] for name in ("first_name", "last_name", "address", "city", "zip")}
    return data | {"dob_month": month, "dob_day": day, "dob_year": year, "voter_number": ""} | changed


def query_of(row: dict[str, str], **changed: str) -> VoterQuery:
    """Return the query of the voter of a row."""
    names = ("first_name", "last_name", "dob", "address", "city", "zip")
    return VoterQuery(**{name: row[name] for name in names} | changed)


def post(client: Client, row: dict[str, str], **changed: str) -> Any:
    """Submit the lookup form; return the response of the POST itself."""
    return client.post("/registration/find/", form_of(row, **changed))


def look_up(client: Client, run_jobs: RunJobs, row: dict[str, str], **changed: str) -> Any:
    """Submit the lookup form, run the worker, and return the page of the result."""
    response = post(client, row, **changed)
    assert response.status_code == 302
    run_jobs()
    return client.get(response["Location"], follow=True)


def claim_me(member: User) -> Claim:
    """Claim the record of ME for a member, as the worker does."""
    row = rolls.get_own_voter("HD", ME["voter_id"])
    assert row is not None
    return claims.claim_record(member=member, row=row, query=query_of(ME), snapshot=rolls.live_snapshots()["HD"])


def match_status(row: dict[str, str]) -> str:
    """Return the status of the matcher's result for the voter of a row."""
    names = ("first_name", "last_name", "dob", "address", "city", "state", "zip")
    return voter_index().match_one(TypedPerson(**{name: row[name] for name in names})).status
