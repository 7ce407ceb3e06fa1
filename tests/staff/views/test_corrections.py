"""Corrections of public data become files that their sources accept and that can be loaded."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.districts.ocd_list import divisions, load_divisions
from apps.officials.models import Correction
from apps.officials.representation import seats_for_divisions
from apps.officials.services import load_officials
from tests.officials.samples import load, person, role

STATE = "ocd-division/country:us/state:qx"
BASE = {"source": "https://legislature.example.org/members", "reason": "Case 7"}
DIVISION = BASE | {"division": f"{STATE}/sldl:27", "name": "Quixo House district 27", "valid_from": "2023-01-04"}
PERSON = BASE | {"division": f"{STATE}/sldl:27", "name": "Ann Right", "role": "lower", "start": "2023-01-04"}


@pytest.fixture
def browser(steward: User, client_of: Callable[[User], Client]) -> Client:
    return client_of(steward)


def write(browser: Client, subject: str, asked: dict[str, Any]) -> Any:
    return browser.post(reverse("staff:correct", args=[subject]), asked)


def test_a_division_correction_is_exported_as_csv(browser: Client, tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    assert write(browser, "division", DIVISION).url == reverse("staff:corrections")
    assert AuditEntry.objects.get().action == "correction.written"
    patch = browser.get(reverse("staff:divisions_patch"))
    assert patch["Content-Disposition"] == 'attachment; filename="ocd-divisions-patch.csv"'
    header, row = patch.content.decode().splitlines()
    assert header == "id,name,sameAs,sameAsNote,validThrough,validFrom"
    assert row.startswith(f"{STATE}/sldl:27,Quixo House district 27,,See https://legislature")
    assert row.endswith(",2023-01-04")
    (tmp_path / "patch.csv").write_bytes(patch.content)
    load_divisions([tmp_path / "patch.csv"])
    known = divisions().get(f"{STATE}/sldl:27")
    assert known is not None
    assert known.name == "Quixo House district 27"


def test_a_person_correction_is_exported_as_open_states_yaml(browser: Client, tmp_path: Path) -> None:
    write(browser, "person", PERSON)
    page = browser.get(reverse("staff:corrections")).content.decode()
    assert "Ann Right" in page
    address = reverse("staff:person_patch", args=[Correction.objects.get().pk])
    assert address in page
    patch = browser.get(address)
    assert patch["Content-Type"] == "application/yaml; charset=utf-8"
    record = yaml.safe_load(patch.content)
    assert record["roles"] == [
        {
            "type": "lower",
            "district": "27",
            "jurisdiction": "ocd-jurisdiction/country:us/state:qx/government",
            "start_date": "2023-01-04",
        }
    ]
    assert record == yaml.safe_load(browser.get(address).content)
    (tmp_path / "people.json").write_text(json.dumps([record]))
    load_officials(path=tmp_path / "people.json", as_of=date(2024, 1, 1))
    (seat,) = seats_for_divisions([f"{STATE}/sldl:27"], date(2024, 1, 1))
    assert [holder.official.name for holder in seat.holders] == ["Ann Right"]


def test_a_known_person_keeps_the_open_states_id(browser: Client, tmp_path: Path) -> None:
    load(tmp_path, person(5, role("lower", "27"), name="Ann Right"))
    write(browser, "person", PERSON | {"end": "2024-02-01"})
    record = yaml.safe_load(browser.get(reverse("staff:person_patch", args=[Correction.objects.get().pk])).content)
    assert record["id"] == "ocd-person/5"
    assert record["roles"][0]["end_date"] == "2024-02-01"


@pytest.mark.parametrize(
    ("subject", "field", "typed"),
    [
        ("division", "division", "QX"),
        ("division", "name", ""),
        ("division", "source", "somebody said so"),
        ("division", "reason", ""),
        ("division", "valid_through", "2022-01-01"),
        ("person", "role", "king"),
        ("person", "start", ""),
        ("person", "end", "2022-01-01"),
    ],
)
def test_an_error_is_shown_at_its_field(browser: Client, subject: str, field: str, typed: str) -> None:
    answer = write(browser, subject, (DIVISION if subject == "division" else PERSON) | {field: typed})
    assert list(answer.context["form"].errors) == [field]
    assert not Correction.objects.exists()


def test_the_case_of_a_wrong_district_links_to_the_form(browser: Client) -> None:
    page = browser.get(reverse("staff:correct", args=["person"]), {"division": f"{STATE}/sldl:27"}).content.decode()
    assert f'value="{STATE}/sldl:27"' in page
    assert browser.get("/staff/corrections/voter/").status_code == 404
    assert browser.get(reverse("staff:person_patch", args=[4711])).status_code == 404
