"""Addresses as people type them give one result on the page, the API and civicinfo; inexact ones are a question."""

from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from apps.districts.services import load_addresses
from tests.api.civic import CivicCaller
from tests.api.conftest import Caller
from tests.districts.samples import points_file

STREETS = [
    ("N52W9120", "Larkspur Dr"), ("41W207", "Elm Rd"), ("535 1/2", "Quay St"), ("34-56", "78th St"),
    ("121A", "Quail St"),
    ("4521", "Co Rd 12"), ("2120", "Co Rd AB"), ("980", "State Rte 9"), ("55", "US Hwy 64"), ("12", "FM 1960 Rd W"),
    ("77", "Peña Blvd"), ("7", "O'Neil Rd"), ("1600", "21st Ave"), ("10", "S 200 W"), ("88", "E 1160 S"),
    ("44", "Martin Luther King Jr Blvd"), ("101", "Fountain St"), ("90", "N New Dawn Ave"), ("65", "Marsh Ave"),
    ("12", "Oak Ter"), ("150", "Calle Luna"), ("15", "W Main St"), ("100", "State St"), ("100100", "State St"),
    ("11", "Wall St"),
]  # fmt: skip
EXACT = {
    "N52 W9120 Larkspur Drive, Tarn, QX 00205": "N52W9120 Larkspur Dr",
    "41W207 Elm Rd, Tarn, QX 00205": "41W207 Elm Rd",
    "535-1/2 Quay St, Tarn, QX 00205": "535 1/2 Quay St",
    "535½ Quay St Tarn QX 00205": "535 1/2 Quay St",
    "34–56 78th Street, Tarn, QX 00205": "34-56 78th St",
    "121 A Quail St, Tarn, QX 00205": "121A Quail St",
    "121-A Quail St, Tarn, QX 00205": "121A Quail St",
    "4521 County Road 12, Tarn, QX 00205": "4521 Co Rd 12",
    "4521 CR 12 Tarn QX 00205": "4521 Co Rd 12",
    "2120 CTH AB, Tarn, QX 00205": "2120 Co Rd AB",
    "980 SR 9, Tarn, QX 00205": "980 State Rte 9",
    "55 US-64, Tarn, QX 00205": "55 US Hwy 64",
    "12 Farm to Market Road 1960 West, Tarn, QX 00205": "12 FM 1960 Rd W",
    "77 Pena Blvd, Tarn, QX 00205": "77 Peña Blvd",
    "7 O’Neil Rd, Tarn, QX 00205": "7 O'Neil Rd",
    "7 O´Neil Rd, Tarn, QX 00205": "7 O'Neil Rd",  # U+00B4
    "1600 Twenty-First Ave, Tarn, QX 00205": "1600 21st Ave",
    "88 East 1160 South, Tarn, QX 00205": "88 E 1160 S",
    "44 MLK Blvd, Tarn, QX 00205": "44 Martin Luther King Jr Blvd",
    "101 Fountain St Tarn, QX 00205": "101 Fountain St",
    "101 Fountain St Tarn QX 00205": "101 Fountain St",
    "101 Fountain St Tarn": "101 Fountain St",
    "Apt 5B, 101 Fountain St, Tarn, QX 00205": "101 Fountain St",
    "#5B 101 Fountain St, Tarn, QX 00205": "101 Fountain St",
    "101 Fountain St 101 Fountain St, Tarn, QX 00205": "101 Fountain St",
    "Calle Luna 150, Tarn, QX 00205": "150 Calle Luna",
    "Eleven Wall St, Tarn, QX 00205": "11 Wall St",
}
INEXACT = {
    "10 S 200 E, Tarn, QX 00205": "10 S 200 W",
    "88 E 1160 N, Tarn, QX 00205": "88 E 1160 S",
    "121B Quail St, Tarn, QX 00205": "121A Quail St",
    "121 Quail St, Tarn, QX 00205": "121A Quail St",
    "535 Quay St, Tarn, QX 00205": "535 1/2 Quay St",
    "65 Marsh St, Tarn, QX 00205": "65 Marsh Ave",
    "90 S New Dawn Ave, Tarn, QX 00205": "90 N New Dawn Ave",
    "90 New Dawn Ave, Tarn, QX 00205": "90 N New Dawn Ave",
    "15 Main St W, Tarn, QX 00205": "15 W Main St",
    "980 Hwy 9, Tarn, QX 00205": "980 State Rte 9",
}
MISSING = [
    "4521 County Road 14, Tarn, QX 00205",
    "1600 Twenty-Third Ave, Tarn, QX 00205",
    "34-58 78th St, Tarn, QX 00205",
    "102 Fountain St, Tarn, QX 00205",
    "N53W9120 Larkspur Dr, Tarn, QX 00205",
]


@pytest.fixture
def tarn_streets(state: Path) -> None:
    rows = [
        [str(-98.5 + n / 1000), "40.5", number, street, "", "Tarn", "", "QX", "00205"]
        for n, (number, street) in enumerate(STREETS)
    ]
    load_addresses(path=points_file(state / "points.csv", rows))


def who_page(typed: str) -> str:
    return unescape(Client().post(reverse("pages:who"), {"q": typed}).content.decode())


@pytest.mark.usefixtures("tarn_streets")
@pytest.mark.django_db
def test_same_address_in_another_spelling_is_found(caller: Caller, civic: CivicCaller) -> None:
    for typed, expected in EXACT.items():
        found = caller.post("districts/address", {"address": typed}).json()
        assert found["outcome"] == "found", typed
        assert found["match"]["label"] == f"{expected}, Tarn, 00205"
        assert found["match"]["exact"]
        assert f"{expected}, Tarn, 00205" in who_page(typed)
        assert civic.get("divisionsByAddress", address=typed).json()["normalizedInput"]["line1"] == expected


@pytest.mark.usefixtures("tarn_streets")
@pytest.mark.django_db
def test_inexact_address_is_a_question_everywhere(caller: Caller, civic: CivicCaller) -> None:
    for typed, near in INEXACT.items():
        question = f"We have {near}, Tarn, 00205. Is that it?"
        found = caller.post("districts/address", {"address": typed}).json()
        assert (found["outcome"], found["layers"], found["question"]) == ("choices", {}, question), typed
        assert [choice["exact"] for choice in found["choices"]] == [False]
        assert question in who_page(typed)
        error = civic.get("divisionsByAddress", address=typed)
        assert error.status_code == 400
        assert question in error.json()["error"]["message"]
        confirmed = caller.post("districts/address", {"address": f"{near}, Tarn, 00205"}).json()
        assert (confirmed["outcome"], confirmed["match"]["exact"]) == ("found", True)


@pytest.mark.usefixtures("tarn_streets")
@pytest.mark.django_db
def test_another_number_or_road_is_not_found(caller: Caller, civic: CivicCaller) -> None:
    for typed in MISSING:
        assert caller.post("districts/address", {"address": typed}).json()["outcome"] == "not_found", typed
        assert civic.get("divisionsByAddress", address=typed).status_code == 404
        assert "We did not find that street" in who_page(typed) or "not that number on it" in who_page(typed)
