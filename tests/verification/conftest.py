"""A live roll of made-up voters, and members who look for themselves on it."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.voters import rolls
from apps.voters.layout import load_layout
from apps.voters.loading.load import LoadRequest, load
from tests.voters.synthetic_rows import GENERIC, voter, voters

Rows = list[dict[str, str]]
JO = {"first_name": "Jo", "last_name": "Sandoval", "zip": "00471"}
TWINS = [
    voter(900, voter_id="TWIN-901", middle_name="Ann", dob="1990-04-02", **JO),
    voter(901, voter_id="TWIN-902", middle_name="Lee", dob="1990-11-20", **JO),
]
PROTECTED = voter(950, first_name="Marta", last_name="Quill", status="confidential")
ABSENT = voter(951, first_name="Gerda", last_name="Brock")
ME = voter(40)


@pytest.fixture
def load_rows(tmp_path: Path) -> Callable[..., None]:
    """Return a loader of rows as the live roll."""

    def run(rows: Rows, name: str = "roll.csv", accept: str = "a test") -> None:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, GENERIC, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        load(LoadRequest(path=path, layout=load_layout("generic"), accept=accept))

    return run


@pytest.fixture
def roll(db: None, load_rows: Callable[..., None]) -> Any:
    """Six hundred voters, two of one name, one who is protected."""
    load_rows([*voters(600), *TWINS, PROTECTED])
    return rolls.live_snapshots()["HD"]


def form_of(row: dict[str, str], **changed: str) -> dict[str, str]:
    """Return what the voter of a row would type into the form."""
    year, month, day = row["dob"].split("-")
    typed = {name: row[name] for name in ("first_name", "last_name", "address", "city", "zip")}
    return typed | {"dob_month": month, "dob_day": day, "dob_year": year, "phone": ""} | changed


def post(client: Client, row: dict[str, str], **changed: str) -> Any:
    """Post the form and return the answer of the POST itself."""
    return client.post("/registration/find/", form_of(row, **changed))
