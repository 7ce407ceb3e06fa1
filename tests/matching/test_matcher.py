"""The matcher over a small roll: who is verified, who is only possible, and why."""

from pathlib import Path

import pytest

from apps.matching import Matcher, TypedPerson, VoterIndex, VoterRecord
from tests.matching.conftest import ROLL, build, neighbors

HENRY = TypedPerson(
    first_name="Bill", last_name="Hartwell", dob="3/9/1956", address="12 North Main Street", zip="10001"
)


@pytest.mark.parametrize(
    ("person", "voter_id"),
    [
        (HENRY, "001"),
        (TypedPerson(full_name="Hartwell, Joan A.", dob="1958-11-21", city="Ft. Davis"), "002"),
        (TypedPerson(first_name="Maria", last_name="Lopez", dob="1990-07-30",
                address="1220 Southwest 12th Avenue #709", city="St. Paul"), "004"),
        (TypedPerson(full_name="Maria Garcia Lopez", dob="1990-07-30", zip="10044"), "004"),
        (TypedPerson(first_name="Sean", last_name="O Brien", dob="1971-04-12", address="P.O. Box 77"), "005"),
        (TypedPerson(first_name="O'Brien", last_name="Sean", dob="1971-12-04", email="Sean@example.org"), "005"),
        (TypedPerson(first_name="Mary Sue", last_name="Cruz", dob="1949-01-17", address="Rural Route 2, Box 15",
                city="Mill Creek"), "006"),
        (TypedPerson(first_name="Zach", last_name="Whittle", birth_year="1999", address="400 Oak Lane",
                zip="10044-1234"), "007"),
    ],
)  # fmt: skip
def test_a_query_equal_to_the_record_is_verified(matcher: Matcher, person: TypedPerson, voter_id: str) -> None:
    answer = matcher.match_one(person)
    assert (answer.status, answer.voter_id) == ("verified", voter_id), answer.explanation


@pytest.mark.parametrize(
    ("person", "veto"),
    [
        (HENRY._replace(first_name="Peter"), "first_name_differs"),
        (HENRY._replace(first_name=""), "first_name_missing"),
        (HENRY._replace(first_name="Joan", dob="1931-05-05"), "birth_date_differs"),
        (HENRY._replace(suffix="Sr.", dob="1984-03-11"), "suffix_differs"),
        (HENRY._replace(dob=""), "namesake_in_household"),
    ],
)
def test_a_veto_stands_whatever_the_weight(matcher: Matcher, person: TypedPerson, veto: str) -> None:
    answer = matcher.match_one(person)
    assert answer.status != "verified"
    assert veto in answer.explanation["candidates"][0]["vetoes"]


def test_an_undated_person_is_not_taken_for_one_with_a_suffix(tmp_path: Path) -> None:
    matcher = Matcher([build(tmp_path / "i", [ROLL[2], *neighbors(500)])])
    answer = matcher.match_one(HENRY._replace(dob=""))
    assert answer.status == "possible"
    assert answer.explanation["candidates"][0]["vetoes"] == ["suffix_uncertain"]


def test_a_person_unlike_any_voter_is_none(matcher: Matcher) -> None:
    answer = matcher.match_one(TypedPerson(first_name="Xavier", last_name="Quist", dob="1977-02-02", zip="10001"))
    assert (answer.status, answer.voter_id, answer.score) == ("none", "", 0.0)


def test_a_batch_gives_the_same_results_as_single_queries(matcher: Matcher) -> None:
    people = [
        HENRY,
        TypedPerson(),
        TypedPerson(full_name="Sean O'Brien", city="Mill Creek"),
        HENRY._replace(state="XX"),
    ]
    people += [HENRY._replace(first_name=n) for n in ("Will", "W", "Joan", "Hartwell", "", "Wiliam")]
    for kind in ("form", "contact"):
        assert matcher.match_many(people, kind) == [matcher.match_one(p, kind) for p in people]


def test_a_state_that_agrees_is_searched_and_no_state_means_every_state(tmp_path: Path, index: VoterIndex) -> None:
    twin_state = build(tmp_path / "yy", [ROLL[4]._replace(voter_id="001"), *neighbors(300)], "YY")
    matcher = Matcher([index, twin_state])
    sean = TypedPerson(first_name="Sean", last_name="O'Brien", dob="1971-12-04", address="PO Box 77", zip="10090")
    alone = [matcher.match_one(sean._replace(state=s)) for s in ("yy", "ZZ")]
    assert [(a.status, a.state) for a in alone] == [("verified", "YY"), ("verified", "ZZ")]
    both = matcher.match_one(sean)
    assert both.status == "possible"
    assert {(c.state, c.voter_id) for c in both.candidates} == {("YY", "001"), ("ZZ", "005")}
    unknown = matcher.match_one(sean._replace(state="QQ"))
    assert {(c.state, c.voter_id) for c in unknown.candidates} == {("YY", "001"), ("ZZ", "005")}


def test_no_index_at_all_answers_none() -> None:
    assert Matcher([]).match_one(HENRY).status == "none"


def test_an_empty_roll_answers_none(tmp_path: Path) -> None:
    assert Matcher([build(tmp_path / "empty", [])]).match_one(HENRY).status == "none"


def test_the_score_is_rounded_and_the_answer_carries_its_sources(matcher: Matcher, index: VoterIndex) -> None:
    answer = matcher.match_one(HENRY)
    assert answer.score == round(answer.score, 6)
    assert answer.snapshots == (index.snapshot,)
    assert answer.model_version == matcher.model.version


def test_an_unknown_kind_is_refused(matcher: Matcher) -> None:
    with pytest.raises(ValueError, match="form, contact"):
        matcher.match_one(HENRY, "letter")


def test_statuses_are_stored(tmp_path: Path) -> None:
    index = build(tmp_path / "i", [VoterRecord("1", "ANN", "", "LEE", status="A"), VoterRecord("2", status="I")])
    assert [index.status(0), index.status(1)] == ["A", "I"]
