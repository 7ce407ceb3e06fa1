"""Submits, decides and downloads partners' lists in tests."""

import csv
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.api.models import PartnerList
from apps.voters.layout import load_layout
from apps.voters.loading.load import LoadRequest, load
from tests.api.conftest import ANYTOWN, Caller
from tests.conftest import PASSWORD
from tests.voters.synthetic_rows import voter

PURPOSE = "Remind our members to update their registration"
FIELDS = ("first_name", "last_name", "dob", "address", "city", "state", "zip")


def list_row(number: int, **changed: str) -> dict[str, str]:
    """Return a row of a list about a voter of the roll."""
    return {"query_id": f"q{number}"} | {name: voter(number)[name] for name in FIELDS} | changed


PEOPLE = [
    list_row(7), list_row(3, address=ANYTOWN, city="", zip="", state=""),
    {"query_id": "x", "first_name": "Zed", "last_name": "Nobody", "zip": "00502"}, list_row(11), list_row(12),
]  # fmt: skip


def write_roll(folder: Path, rows: list[dict[str, str]]) -> None:
    """Write rows to a file and load it as the live roll."""
    path = folder / "roll.csv"
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    load(LoadRequest(path=path, layout=load_layout("generic"), accept="test"))


def submit(partner: Caller, people: list[dict[str, str]], kind: str = "form") -> PartnerList:
    """Submit a list as a partner's program."""
    response = partner.post("lists", {"purpose": PURPOSE, "kind": kind, "people": people})
    assert response.status_code == 200, response.content
    return PartnerList.objects.get(pk=response.json()["id"])


def approve(owners: tuple[User, User], partner_list: PartnerList) -> None:
    """Approve a list as two members of staff."""
    for owner in owners:
        decide(owner, partner_list)


def decide(owner: User, partner_list: PartnerList, decision: str = "approve", reason: str = "contract 7") -> Any:
    """Approve or refuse a list on the staff page, right after signing in."""
    client = Client()
    client.force_login(owner)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    data = {"list_id": partner_list.pk, "reason": reason, decision: "1"}
    return client.post(reverse("lists:decide"), data, follow=True)


def download(partner: Caller, partner_list: PartnerList) -> Any:
    """Request the results of a list."""
    return partner.client.get(f"/api/lists/{partner_list.pk}.csv", headers=partner.headers)


def results(partner: Caller, partner_list: PartnerList) -> bytes:
    """Return the CSV of a list's results."""
    return b"".join(download(partner, partner_list).streaming_content)
