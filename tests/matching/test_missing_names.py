"""A missing name, a placeholder, or a misspelling nobody else has, beside birth date and address."""

from pathlib import Path

import pytest

from apps.matching import Matcher, TypedPerson, VoterRecord
from apps.matching.fields import COLUMN, MISSING, First
from tests.matching.conftest import build, neighbors

VOTERS = [
    VoterRecord("1", "HARRIET", "JOY", "QUENNELL", "", "1966-02-11", "1966", "F", "9 OAK LN", "SAINT PAUL", "10044"),
    VoterRecord("2", "GRETA", "ANN", "SUMNER", "", "1971-08-30", "1971", "F", "14 ELM ST", "MILL CREEK", "10090"),
    VoterRecord("3", "MARTA", "LEE", "SUMNER", "", "1971-08-30", "1971", "F", "14 ELM ST", "MILL CREEK", "10090"),
    VoterRecord("4", "SON", "", "TRAN", "", "1980-12-01", "1980", "M", "3 FIR ST", "FORT DAVIS", "10001"),
]
HARRIET = TypedPerson(
    first_name="Harriet", middle_name="J", last_name="Quennell", dob="1966-02-11", address="9 Oak Ln", zip="10044"
)


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    return Matcher([build(tmp_path_factory.mktemp("missing") / "index", [*VOTERS, *neighbors(3000)])])


@pytest.mark.parametrize("first", ["", "Wife", "Resident", "Lady of the House", "K", "Hairreit"])
def test_birth_date_address_and_middle_name_replace_a_first_name(matcher: Matcher, first: str) -> None:
    result = matcher.match_one(HARRIET._replace(first_name=first))
    assert (result.status, result.voter_id) == ("verified", "1")


@pytest.mark.parametrize(
    "changed",
    [
        {"middle_name": ""},  # a twin has the same surname, birth date and address
        {"middle_name": "B"},
        {"dob": "1966-02-12"},
        {"dob": ""},
        {"address": "", "zip": ""},
        {"last_name": "Brown"},
    ],
)
def test_a_missing_first_name_is_not_replaced_by_less(matcher: Matcher, changed: dict[str, str]) -> None:
    assert matcher.match_one(HARRIET._replace(first_name="", **changed)).status != "verified"


def test_birth_date_and_address_replace_a_surname(matcher: Matcher) -> None:
    assert matcher.match_one(HARRIET._replace(last_name="")).voter_id == "1"
    assert matcher.match_one(HARRIET._replace(last_name="")).status == "verified"
    undated = matcher.match_one(HARRIET._replace(last_name="", dob="", birth_year="1966"))
    assert undated.status == "possible"


def test_without_a_first_name_neither_of_two_twins_is_verified(matcher: Matcher) -> None:
    twins = TypedPerson(last_name="Sumner", dob="1971-08-30", address="14 Elm St", zip="10090")
    assert matcher.match_one(twins).status == "possible"
    assert matcher.match_one(twins._replace(first_name="Wife")).status == "possible"


def test_a_name_that_is_also_a_placeholder_still_matches_itself(matcher: Matcher) -> None:
    person = TypedPerson(first_name="Son", last_name="Tran", dob="1980-12-01", address="3 Fir St", zip="10001")
    result = matcher.match_one(person)
    assert (result.status, result.candidates[0].levels[COLUMN["first"]]) == ("verified", First.SAME)


def test_a_placeholder_without_the_birth_date_is_another_name(tmp_path: Path, matcher: Matcher) -> None:
    result = matcher.match_one(TypedPerson(first_name="Mom", last_name="Quennell", address="9 Oak Ln", zip="10044"))
    assert result.status == "none"
    assert MISSING not in {c.levels[COLUMN["first"]] for c in result.candidates}


def test_another_name_beside_the_same_birth_date_is_another_person(matcher: Matcher) -> None:
    result = matcher.match_one(HARRIET._replace(first_name="Linda"))
    assert result.status != "verified"
