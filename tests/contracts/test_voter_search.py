"""The contract of the voter index: the same results and the same hits from every backend."""

import secrets
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from apps.core.backends import get_backend
from apps.core.errors import BadInput
from apps.matching import MatchResult, TypedPerson, VoterRecord
from apps.matching.perturb import perturbed_query
from apps.voters import index_sync, snapshot_files, suppression
from apps.voters.loading.store import last_key
from apps.voters.models import LiveRoll, Suppression
from apps.voters.search.base import VoterIndex, voter_index
from apps.voters.search.elastic.store import ElasticVoterIndex
from apps.voters.search.embedded import EmbeddedVoterIndex
from apps.voters.search.people_search import SearchCriteria
from tests.contracts.conftest import EMBEDDED_AND_REAL, real_url
from tests.voters.synthetic_rows import voter, voters

pytestmark = pytest.mark.django_db
Load = Callable[..., Any]
ROLL = voters(1_200)


@pytest.fixture(params=EMBEDDED_AND_REAL)
def index(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[VoterIndex]:
    """Return the empty store, in a scratch installation."""
    settings.DATA_DIR = tmp_path
    settings.VOTER_SEARCH_URL = f"files://{tmp_path / 'rolls'}"
    if request.param == "real":
        settings.VOTER_SEARCH_URL = f"{real_url('VOTER_SEARCH_URL').rstrip('/')}/test-{secrets.token_hex(4)}"
    store = voter_index()
    yield store
    if isinstance(store, ElasticVoterIndex):
        store.remove()
    get_backend.cache_clear()


@pytest.fixture
def roll(index: VoterIndex, write: Any, load_file: Load, run_jobs: Callable[[], int]) -> VoterIndex:
    """Load and publish the rolls of two states."""
    load_file(write([*ROLL, *[voter(n, state="QX") for n in range(300)]]))
    run_jobs()
    assert index.missing_snapshots() == []
    return index


def people_of(count: int) -> list[TypedPerson]:
    """Return voters' own queries, some without a state, and some of people who are not on a roll."""
    records = [VoterRecord(**{name: row.get(name, "") for name in VoterRecord._fields}) for row in ROLL]
    rng = Random(11)
    some = [perturbed_query(record, "form", records, rng)._replace(state="HD") for record in rng.sample(records, count)]
    return [*some, *(one._replace(state="") for one in some[:20]), TypedPerson(last_name="Nobody", dob="1980-01-01")]


def test_answers_are_those_of_the_embedded_index(roll: VoterIndex) -> None:
    people, embedded = people_of(120), EmbeddedVoterIndex("files:///")
    for kind in ("form", "contact"):
        answers = roll.match_many(people, kind)
        assert answers == embedded.match_many(people, kind)
        assert answers[:5] == [roll.match_one(one, kind) for one in people[:5]]
    assert sum(a.status == "verified" for a in roll.match_many(people)) > 60
    assert roll.match_many([]) == []


def test_without_a_roll_there_are_no_candidates(index: VoterIndex) -> None:
    assert index.states() == []
    assert index.match_one(people_of(1)[0]).status == "none"
    assert index.search_people({"last_name": "Arbor"}, 5) == []


def exactly(number: int) -> TypedPerson:
    """Return a voter's query with every field as on the roll."""
    row = voter(number)
    return TypedPerson(**{name: row.get(name, "") for name in TypedPerson._fields})


def test_who_is_protected_is_found_no_more_and_leaves_the_store(roll: VoterIndex, run_jobs: Callable[[], int]) -> None:
    query = exactly(7)
    assert roll.match_one(query).status == "verified"
    suppression.suppress(state="HD", voter_id="00000007", by="person")
    assert roll.match_one(query).status == "none"  # the roll decides, although the index still has the voter
    hits = {hit.voter_id for hit in roll.search_people({"last_name": query.last_name, "state": "HD"}, 50)}
    assert "00000007" not in hits
    run_jobs()
    assert roll.delete_voters([bytes(Suppression.objects.get().key_hash)]) == 0
    assert roll.match_one(query).status == "none"


def test_a_new_roll_takes_the_place_of_the_one_before(
    roll: VoterIndex, write: Any, load_file: Load, run_jobs: Callable[[], int]
) -> None:
    moved = [voter(n, last_name="Newname") if n == 7 else voter(n) for n in range(1_150)]
    load_file(write(moved), accept="a test")
    run_jobs()
    assert roll.missing_snapshots() == []
    assert roll.match_one(exactly(7)._replace(last_name="Newname")).voter_id == "00000007"
    assert roll.match_one(exactly(1_190)).status == "none"
    assert [hit.voter_id for hit in roll.search_people({"last_name": "newname"}, 5)] == ["00000007"]


def test_a_voter_who_left_the_roll_is_not_shown_while_the_store_lags(
    roll: VoterIndex, write: Any, load_file: Load
) -> None:
    load_file(write(ROLL[:1_150]), accept="a test")
    assert roll.match_one(exactly(1_190)).status == "none"


def test_stewards_find_by_beginnings_and_filters_in_the_order_of_names(roll: VoterIndex) -> None:
    hits = roll.search_people({"last_name": "arb"}, 10)
    assert len(hits) == 10
    found = [(last_key(h.last_name), h.first_name) for h in hits]
    assert found == sorted(found)
    embedded = EmbeddedVoterIndex("files:///")
    row = voter(48)
    questions: list[dict[str, str]] = [
        {"last_name": "arb"},
        {"last_name": "O-ak s", "first_name": "né"},
        {"last_name": row["last_name"], "zip": row["zip"], "birth_year": row["dob"][:4], "state": "hd"},
        {"last_name": "ma", "city": "port ansel", "status": "active", "state": "QX"},
        {"last_name": "ma", "status": "removed"},
        {"last_name": "ma*", "first_name": "*"},
    ]
    for question in questions:
        for limit in (3, 150):
            assert roll.search_people(question, limit) == embedded.search_people(question, limit)
    (hit,) = roll.search_people(questions[2], 5)
    assert (hit.voter_id, hit.state) == ("00000048", "HD")
    assert "Arbor" not in repr(hit) + repr(SearchCriteria("ARBOR", *[""] * 6))


def test_who_is_on_the_roll_and_not_registered_is_found_by_stewards_only(
    index: VoterIndex, write: Any, load_file: Load, run_jobs: Callable[[], int]
) -> None:
    load_file(write([*ROLL[:50], voter(77, status="removed", last_name="Gone")]))
    run_jobs()
    assert [hit.status for hit in index.search_people({"last_name": "gone"}, 5)] == ["removed"]
    assert index.match_one(exactly(77)._replace(last_name="Gone")).status == "none"


@pytest.mark.parametrize("name", ["", "A", "*", "%", "1"])
def test_a_name_of_less_than_two_letters_is_refused(index: VoterIndex, name: str) -> None:
    with pytest.raises(BadInput, match="two letters"):
        index.search_people({"last_name": name}, 5)


def test_the_reconciler_and_the_daily_check_find_nothing_to_do(roll: VoterIndex) -> None:
    assert index_sync.queue_missing_indexes(dry_run=True) == 0
    assert index_sync.check_indexes() == {"HD": 0, "QX": 0}
    assert len(snapshot_files.live_snapshots()) == LiveRoll.objects.count() == 2


def test_answers_name_their_model_and_rolls(roll: VoterIndex) -> None:
    answer: MatchResult = roll.match_one(exactly(7))
    assert answer.state == "HD"
    assert set(answer.snapshots) == {snapshot.hash for snapshot in snapshot_files.live_snapshots().values()}
