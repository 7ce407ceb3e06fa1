"""Which rolls a query searches: a state as entered is evidence, not a filter."""

from pathlib import Path

import pytest

from apps.matching import IndexBuilder, Matcher, TypedPerson, VoterIndex, VoterRecord, open_index, routing
from apps.matching.routing import searches

QUINN = VoterRecord(
    "QUINN", "QUINN", "R", "ABERNATHY", "", "1961-05-19", "1961", "F", "77 LARCH ST", "PORT ANSEL", "27601"
)
SHEA = TypedPerson(
    first_name="Quinn", last_name="Abernathy", dob="1961-05-19", address="77 Larch St", city="Port Ansel", zip="27601"
)


def _voters(state: str, zip_code: str, city: str, strays: int) -> list[VoterRecord]:
    """Return 400 voters of one ZIP code, of whom the last `strays` have the ZIP code of Quinn's state."""
    return [
        VoterRecord(
            f"{state}{n}", f"FIRST{n % 37}", "", f"LAST{n % 41}", "", f"19{40 + n % 50}-03-{1 + n % 28:02}", "", "F",
            f"{n} ELM ST", city, "27601" if n >= 400 - strays else zip_code,
        )
        for n in range(400)
    ]  # fmt: skip


def _build(folder: Path, state: str, rows: list[VoterRecord]) -> VoterIndex:
    with IndexBuilder(folder, state) as builder:
        builder.add(rows)
        builder.finish()
    return open_index(folder)


@pytest.fixture(scope="module")
def indexes(tmp_path_factory: pytest.TempPathFactory) -> tuple[VoterIndex, ...]:
    """Rolls of NC, where Quinn lives, and of VA, one of whose 400 voters has a ZIP code of NC by mistake."""
    folder = tmp_path_factory.mktemp("routing")
    carolina = [QUINN, *_voters("NC", "27601", "PORT ANSEL", 0)]
    return _build(folder / "nc", "NC", carolina), _build(folder / "va", "VA", _voters("VA", "22201", "ARLEN", 1))


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let these rolls count as large ones, which are not searched whole."""
    monkeypatch.setattr(routing, "WIDE_UP_TO", 0)


def _searched(indexes: tuple[VoterIndex, ...], person: TypedPerson) -> set[str]:
    return {indexes[n].state for search in searches(indexes, [person]) for n in search.sources}


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize(
    ("changed", "searched"),
    [
        ({"state": "NC"}, {"NC"}),
        ({"state": "North Carolina"}, {"NC"}),
        ({"state": ""}, {"NC", "VA"}),
        ({"state": "VA"}, {"VA", "NC"}),  # the ZIP code contradicts the state
        ({"state": "VA", "zip": "22201"}, {"VA"}),
        ({"state": "NC", "zip": ""}, {"NC"}),
        ({"state": "NC", "zip": "90001"}, {"NC"}),  # a ZIP code of no roll
        ({"state": "QC"}, {"NC"}),  # no code of a state
        ({"state": "QC", "zip": ""}, {"NC", "VA"}),
        ({"state": "QC", "zip": "90001"}, {"NC", "VA"}),
        ({"state": "TX"}, {"NC"}),  # a state without a roll
        ({"state": "TX", "zip": "00000"}, {"NC"}),  # by the city
        ({"state": "TX", "zip": "00000", "city": "Plano"}, set()),
        ({"state": "TX", "zip": "75023"}, set()),
    ],
)
def test_a_query_searches_its_state_and_the_state_of_its_place(
    indexes: tuple[VoterIndex, ...], changed: dict[str, str], searched: set[str]
) -> None:
    assert _searched(indexes, SHEA._replace(**changed)) == searched


@pytest.mark.parametrize("state", ["VA", "NV", "N.C", "CN", ""])
def test_a_mistyped_state_still_verifies_the_voter(indexes: tuple[VoterIndex, ...], state: str) -> None:
    result = Matcher(indexes).match_one(SHEA._replace(state=state))
    assert (result.status, result.state, result.voter_id) == ("verified", "NC", "QUINN")


@pytest.mark.usefixtures("large")
def test_another_state_is_evidence_against_a_voter(indexes: tuple[VoterIndex, ...]) -> None:
    same, other = (Matcher(indexes).match_one(SHEA._replace(state=state)) for state in ("NC", "VA"))
    where = next(n for n, field in enumerate(same.explanation["candidates"][0]["fields"]) if field["field"] == "where")
    assert other.candidates[0].weights[where] < same.candidates[0].weights[where] - 3


@pytest.mark.usefixtures("large")
def test_a_batch_gives_the_same_results_as_single_queries(indexes: tuple[VoterIndex, ...]) -> None:
    people = [SHEA._replace(state=state, zip=code) for state in ("VA", "NC", "QC", "") for code in ("27601", "22201")]
    matcher = Matcher(indexes)
    assert matcher.match_many(people) == [matcher.match_one(person) for person in people]


@pytest.mark.usefixtures("large")
def test_the_keys_of_a_batch_cover_every_searched_roll(indexes: tuple[VoterIndex, ...]) -> None:
    carolina, virginia = Matcher(indexes).keys([SHEA._replace(state="VA")])
    assert len(carolina)
    assert len(virginia)
