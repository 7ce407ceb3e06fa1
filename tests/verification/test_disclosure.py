"""The rule of disclosure, field by field: what agrees, what counts against whom, and which detail is requested."""

from dataclasses import replace

import pytest

from apps.matching import VoterRecord
from apps.verification import disclosure
from apps.verification.query import NO_SUFFIX, VoterQuery
from apps.voters.rolls import VoterRow

ROW = VoterRow(
    state="HD",
    record=VoterRecord(
        voter_id="000417", status="active", first_name="Margaret", middle_name="Ann", last_name="Ostrander",
        dob="1984-03-11", birth_year="1984", sex="F", address="418 COOPERS ROW", city="PORT ANSEL", zip="00471",
    ),
    registered=True,
    mailing_address="",
    county="MARN",
    districts={},
)  # fmt: skip
QUERY = VoterQuery("Margaret", "Ostrander", "1984-03-11", "418 Coopers Row", "Port Ansel", "00471")


def _row(row: VoterRow = ROW, *, registered: bool = True, **fields: str) -> VoterRow:
    return replace(row, registered=registered, record=row.record._replace(**fields))


def _registered(query: VoterQuery, *rows: VoterRow, has_room: bool = True, followed_up: bool = False) -> str:
    """Return the disclosed voter id, the requested detail, or "nothing"."""
    evidence = disclosure.weigh(query, rows or (ROW,))
    answer = disclosure.decide(query, evidence, has_room=has_room, followed_up=followed_up)
    return answer.row.record.voter_id if answer.row else answer.detail or "nothing"


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"first_name": "Maggie"},
        {"first_name": "Margret"},
        {"first_name": "M"},
        {"first_name": "Marget"},
        {"first_name": "Ann"},
        {"last_name": "Ostrandr"},
        {"last_name": "Ostrander-Paz"},
        {"first_name": "Ostrander", "last_name": "Margaret"},
        {"dob": "1984-11-03"},
        {"address": "418 Coopers"},
        {"address": "418 Cooper Row"},
        {"address": "418 coopers row apt 3"},
        {"city": "Elsewhere"},
        {"zip": "00499"},
        {"zip": ""},
        {"address": "9 Other Lane", "city": "", "zip": "", "voter_number": "417"},
        {"address": "", "voter_number": "000-417"},
    ],
)
def test_tolerated_spellings_and_places_are_registered(typed: dict[str, str]) -> None:
    assert _registered(replace(QUERY, **typed)) == ROW.record.voter_id


@pytest.mark.parametrize(
    ("typed", "counts"),
    [
        ({"first_name": "Ruth"}, ""),
        ({"last_name": "Linden"}, ""),
        ({"last_name": "Ostrander Jr", "suffix": "JR"}, "matched"),
        ({"dob": "1984-03-12"}, "wrong_date"),
        ({"dob": "1984"}, "wrong_date"),
        ({"dob": ""}, "wrong_date"),
        ({"dob": "1985-03-11"}, "wrong_date"),
        ({"address": "419 Coopers Row"}, "wrong_door"),
        ({"address": "418 Mill Street"}, "wrong_door"),
        ({"address": "Coopers Row"}, "wrong_door"),
        ({"city": "Elsewhere", "zip": "00499"}, "wrong_door"),
        ({"voter_number": "418"}, "wrong_door"),
        ({"dob": "1984-03-12", "address": "419 Coopers Row"}, ""),
        ({"last_name": "Linden", "address": "419 Coopers Row"}, ""),
    ],
)
def test_a_wrong_detail_counts_against_the_voter_only_beside_right_ones(typed: dict[str, str], counts: str) -> None:
    query = replace(QUERY, **typed)
    evidence = disclosure.weigh(query, [ROW])
    counted = [name for name in ("matched", "wrong_door", "wrong_date") if getattr(evidence, name)]
    assert counted == ([counts] if counts else [])
    if counts != "matched":
        assert _registered(query) == "nothing"


@pytest.mark.parametrize(
    ("filed", "typed", "registered"),
    [
        ({"dob": ""}, {"dob": "1984-12-01"}, True),
        ({"dob": ""}, {"dob": "1984"}, True),
        ({"dob": ""}, {"dob": "1983-03-11"}, False),
        ({"dob": "", "birth_year": ""}, {"dob": ""}, True),
        ({"dob": "1900-01-01", "birth_year": ""}, {"dob": "1984-12-01"}, True),
    ],
)
def test_birth_dates_agree_as_far_as_the_roll_has_them(
    filed: dict[str, str], typed: dict[str, str], registered: bool
) -> None:
    row = replace(ROW, record=ROW.record._replace(**filed))
    assert (_registered(replace(QUERY, **typed), row) == ROW.record.voter_id) is registered


@pytest.mark.parametrize(
    ("filed", "typed", "registered"),
    [
        ("418 COOPERS ROW APT 3", "418 Coopers Row", False),
        ("418 COOPERS ROW APT 3", "418 Coopers Row Apt 4", False),
        ("418 COOPERS ROW APT 3", "418 Coopers Row #3", True),
        ("418A COOPERS ROW", "418 Coopers Row Apt A", True),
        ("418 N COOPERS ROW", "418 Coopers Row", True),
        ("418 N COOPERS ROW", "418 S Coopers Row", False),
        ("418 COOPERS ST", "418 Coopers Ave", False),
        ("418 OAK ST", "418 Oat St", False),
        ("418 21ST ST", "418 23rd St", False),
    ],
)
def test_doors_need_number_street_and_the_unit_of_the_roll(filed: str, typed: str, registered: bool) -> None:
    row = _row(address=filed)
    assert (_registered(replace(QUERY, address=typed), row) == ROW.record.voter_id) is registered


def test_a_used_up_counter_says_nothing() -> None:
    assert _registered(QUERY, has_room=False) == "nothing"


FATHER = _row(voter_id="SR", first_name="Paul", middle_name="Ray", suffix="SR", dob="", birth_year="")
SON = _row(FATHER, voter_id="JR", suffix="JR", middle_name="Lee")
PAUL = replace(QUERY, first_name="Paul")


def test_one_more_detail_is_asked_only_when_all_else_agrees() -> None:
    assert _registered(PAUL, FATHER, SON) == "suffix"
    assert _registered(replace(PAUL, address="1 Mill Street"), FATHER, SON) == "nothing"
    assert _registered(PAUL, FATHER, SON, has_room=False) == "nothing"
    assert _registered(replace(PAUL, suffix="JR"), FATHER, SON, followed_up=True) == "JR"
    assert _registered(replace(PAUL, suffix="III"), FATHER, SON, followed_up=True) == "nothing"
    assert _registered(replace(PAUL, last_name="Ostrander Sr."), FATHER, SON) == "SR"


def test_no_suffix_chooses_the_voter_without_one() -> None:
    plain = _row(FATHER, suffix="")
    assert _registered(replace(PAUL, suffix=NO_SUFFIX), plain, SON, followed_up=True) == "SR"


def test_a_middle_name_chooses_between_namesakes_of_one_door() -> None:
    twins = (_row(FATHER, suffix=""), _row(SON, suffix=""))
    assert _registered(PAUL, *twins) == "middle_name"
    assert _registered(replace(PAUL, middle_name="L"), *twins, followed_up=True) == "JR"
    assert _registered(replace(PAUL, middle_name="Zed"), *twins, followed_up=True) == "nothing"


def test_indistinguishable_voters_are_not_disclosed() -> None:
    assert _registered(PAUL, FATHER, _row(FATHER, voter_id="SR2")) == "nothing"


def test_a_match_counts_against_no_namesake() -> None:
    elsewhere = _row(voter_id="2", address="1 MILL STREET")
    evidence = disclosure.weigh(QUERY, [ROW, elsewhere])
    assert [one.voter for one in evidence.matched] == [("HD", ROW.record.voter_id)]
    assert not evidence.wrong_door


def test_the_better_fit_is_the_member() -> None:
    sister = _row(voter_id="2", first_name="Margarete")
    assert _registered(QUERY, sister, ROW) == ROW.record.voter_id
    removed = _row(voter_id="3", registered=False, status="removed")
    assert _registered(QUERY, removed, ROW) == ROW.record.voter_id
    assert _registered(QUERY, removed) == "3"


def test_a_letter_goes_to_the_one_voter_of_name_and_date() -> None:
    other_door = replace(QUERY, address="9 Mill Street", zip="", city="Elsewhere")
    assert disclosure.recipient(other_door, [ROW]) == ROW
    assert disclosure.recipient(replace(other_door, dob="1984-03-12"), [ROW]) is None
    assert disclosure.recipient(other_door, [ROW, _row(voter_id="2")]) is None
    assert disclosure.recipient(other_door, [_row(registered=False)]) is None
