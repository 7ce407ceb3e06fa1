"""Namesakes at two similar addresses, and twins at one address: who is verified, and who is not."""

from pathlib import Path

import pytest

from apps.matching import Matcher, MatchResult, TypedPerson, VoterRecord
from tests.matching.conftest import build, neighbors

NAMESAKES = [
    ("EDWIN", "TALLMADGE", "2100 NC 42 HWY", "2100 NC 96 HWY"),
    ("LORNA", "WINGATE", "15 TWENTY-FIRST ST", "15 TWENTY-THIRD ST"),
    ("OSCAR", "PELLETIER", "77 CTY RD 12", "77 CTY RD 14"),
    ("RHEA", "STANDISH", "12 US 64 E", "12 US 1 E"),
    ("IVAN", "HALVERSEN", "100 S 200 W", "100 S 200 E"),
    ("OLIVE", "BRACKETT", "34 N OAK AVE", "34 S OAK AVE"),
    ("CLARA", "VANTASSEL", "9 LAKE AVE", "9 LAKE CT"),
]
ALONE = [
    ("QUILLFEATHER", "W148N9748 TREE TOPS DR", "W148 N9748 Tree Tops Dr"),
    ("ASHENDEN", "208 1/2 W GOODALL ST", "208½ W Goodall St"),
    ("BRINKMANN", "1600 42ND ST", "1600 Forty-Second St"),
    ("CASTELLANOS", "4521 COUNTY ROAD 12", "4521 Cnty Rd 12"),
    ("DELACROIX", "12 NC 9 HWY", "12 Hwy 9"),
    ("EGGERTSEN", "12 US 64 E", "12 US Highway 64 East"),
    ("GUNNARSSON", "121 A MAIN ST", "121-A Main St"),
    ("HOLLINGSHEAD", "12 MARTIN LUTHER KING JR BLVD", "12 MLK Blvd"),
]
TWINS = [
    ("ANNA", "HANNA", "Hannah"), ("JOHN", "JONATHON", "Jonathan"), ("LIZ", "ELISA", "Eliza"),
    ("NORA", "ELEONORA", "Eleanora"), ("BILL", "WILLIAN", "William"), ("TED", "THEODOR", "Theodore"),
]  # fmt: skip


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    rows = [
        VoterRecord(f"{last}-{n}", first, "", last, "", born, born[:4], "", address, "PORT ANSEL", "00471", "", "", "A")
        for first, last, one, two in NAMESAKES
        for n, (address, born) in enumerate([(one, "1950-02-02"), (two, "1981-03-03")])
    ]
    rows += [
        VoterRecord(last, "MARTHA", "", last, "", "1966-05-05", "1966", "", address, "PORT ANSEL", "00471", "", "", "A")
        for last, address, _ in ALONE
    ]
    return Matcher([build(tmp_path_factory.mktemp("doors") / "index", [*rows, *neighbors(1000)])])


def _at(first: str, last: str, address: str, dob: str = "") -> TypedPerson:
    return TypedPerson(first_name=first, last_name=last, address=address, city="Port Ansel", zip="00471", dob=dob)


@pytest.mark.parametrize(("first", "last", "one", "two"), NAMESAKES)
def test_a_namesake_on_another_road_is_another_person(
    doors: Matcher, first: str, last: str, one: str, two: str
) -> None:
    for at, address in enumerate((one, two)):
        answer = doors.match_one(_at(first, last, address))
        assert answer.voter_id == f"{last}-{at}"
        assert answer.score > 0.9
    nearby = doors.match_one(_at(first, last, one.replace("1", "7").replace("9", "8")))
    assert nearby.status != "verified"


def _levels(answer: MatchResult) -> dict[str, str]:
    return {each["field"]: each["level"] for each in answer.candidates[0].explanation["fields"]}


@pytest.mark.parametrize(("last", "filed", "typed"), ALONE)
def test_one_door_in_another_spelling(doors: Matcher, last: str, filed: str, typed: str) -> None:
    for address in (filed, typed):
        answer = doors.match_one(_at("Martha", last, address))
        assert (answer.status, answer.voter_id) == ("verified", last)
        assert {"where": "door"}.items() <= _levels(answer).items()


@pytest.mark.parametrize(
    ("last", "typed"),
    [("QUILLFEATHER", "W148N9749 Tree Tops Dr"), ("ASHENDEN", "208 1/2 E Goodall St"), ("ASHENDEN", "208 W Goodall St"),
     ("BRINKMANN", "1600 43rd St"), ("CASTELLANOS", "4521 County Road 14"), ("DELACROIX", "12 NC 7 Hwy"),
     ("DELACROIX", "12 County Road 9"), ("EGGERTSEN", "12 US 64 W"), ("EGGERTSEN", "12 US 1 E"),
     ("GUNNARSSON", "121 B Main St"), ("HOLLINGSHEAD", "12 MLK Dr")],
)  # fmt: skip
def test_an_only_namesake_at_another_door_is_not_verified(doors: Matcher, last: str, typed: str) -> None:
    answer = doors.match_one(_at("Martha", last, typed))
    assert answer.status != "verified", answer
    # With the birth date the person is identified, and the address may be old.
    assert doors.match_one(_at("Martha", last, typed, "1966-05-05")).status == "verified"


def test_a_known_street_is_no_slip_of_another(doors: Matcher) -> None:
    """LAKE is a street on the roll. LAKES is too short to be a misspelling of it."""
    answer = doors.match_one(_at("Clara", "Vantassel", "9 Lakes Ave"))
    assert answer.status != "verified"


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    rows = [
        VoterRecord(f"{first}-{n}", first, "", f"TWIN{'ABCDEF'[n]}SON", "", "1995-09-10", "1995", "",
                    f"{60 + n} ELM ST", "PORT ANSEL", "00471", "", "", "A")
        for n, (one, two, _) in enumerate(TWINS) for first in (one, two)
    ]  # fmt: skip
    return Matcher([build(tmp_path_factory.mktemp("twins") / "index", [*rows, *neighbors(1000)])])


def _twin(n: int, first: str) -> TypedPerson:
    return _at(first, f"TWIN{'ABCDEF'[n]}SON", f"{60 + n} Elm St", "1995-09-10")


@pytest.mark.parametrize("n", range(len(TWINS)))
def test_one_letter_of_a_twin_beats_a_nickname_of_the_other(twins: Matcher, n: int) -> None:
    _, close, typed = TWINS[n]
    answer = twins.match_one(_twin(n, typed))
    assert answer.voter_id == f"{close}-{n}"
    assert answer.status == "possible"
    assert "close_candidates" in answer.candidates[0].explanation["vetoes"]


def test_two_nicknames_of_one_name_leave_it_open(tmp_path: Path) -> None:
    rows = [
        VoterRecord(
            name, name, "", "TWINSON", "", "1995-09-10", "1995", "", "60 ELM ST", "PORT ANSEL", "00471", "", "", "A"
        )
        for name in ("TED", "TEDDY")
    ]
    answer = Matcher([build(tmp_path / "index", [*rows, *neighbors(1000)])]).match_one(
        _at("Theodore", "Twinson", "60 Elm St", "1995-09-10")
    )
    assert answer.status == "possible"
    assert {each.voter_id for each in answer.candidates[:2]} == {"TED", "TEDDY"}


@pytest.mark.parametrize("n", range(len(TWINS)))
def test_a_twin_who_types_the_registered_name_is_verified(twins: Matcher, n: int) -> None:
    for name in TWINS[n][:2]:
        answer = twins.match_one(_twin(n, name))
        assert (answer.status, answer.voter_id) == ("verified", f"{name}-{n}"), answer


def test_the_order_of_the_roll_does_not_matter(tmp_path: Path) -> None:
    rows = [
        VoterRecord(str(n), name, "", "TWINSON", "", "1995-09-10", "1995", "", "60 ELM ST", "PORT ANSEL", "00471",
                    "", "", "A")
        for n, name in enumerate(("HANNA", "ANNA"))
    ]  # fmt: skip
    matcher = Matcher([build(tmp_path / "index", [*rows, *neighbors(1000)])])
    answer = matcher.match_one(_at("Hannah", "Twinson", "60 Elm St", "1995-09-10"))
    assert (answer.status, answer.voter_id) == ("possible", "0")
