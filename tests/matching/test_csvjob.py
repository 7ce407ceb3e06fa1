"""CSV to CSV: the statuses of verify_people, and refusals before any output."""

import csv
import io
from collections.abc import Iterator
from multiprocessing import active_children

import pytest

from apps.matching import InputError, Matcher, TypedPerson, VoterIndex, shipped_model
from apps.matching.csv_job import OUT, Counts, QueryRow, check_ids, chunks, match_chunk, read_people
from apps.matching.errors import WorkerLost
from apps.matching.parallel import match_chunks

TEXT = """query_id,first_name,last_name,dob,zip,note
q1,Bill,Hartwell,1956-03-09,10001,x
q2,Xavier,Quist,,,
"q,3",William,Hartwell,,10001,
"""


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def _answers(matcher: Matcher, kind: str, counts: Counts) -> list[dict[str, str]]:
    text = match_chunk(matcher, kind, list(read_people(io.StringIO(TEXT))), counts)
    return _rows(",".join(OUT) + "\n" + text)


def test_one_row_out_per_row_in(matcher: Matcher) -> None:
    counts = Counts()
    rows = _answers(matcher, "form", counts)
    assert list(rows[0]) == ["query_id", "voter_id", "score", "status", "candidates"]
    assert [r["query_id"] for r in rows] == ["q1", "q2", "q,3"]
    assert (rows[0]["voter_id"], rows[0]["status"]) == ("001", "verified")
    assert rows[0]["candidates"].split("|")[0] == "001"
    assert len(rows[0]["score"].split(".")[1]) == 6
    assert (rows[1]["voter_id"], rows[1]["score"], rows[1]["status"], rows[1]["candidates"]) == (
        "",
        "",
        "none",
        "",
    )
    assert rows[2]["status"] == "possible"
    assert counts == {"read": 3, "verified": 1, "possible": 1, "none": 1}


def test_the_answers_are_those_of_the_matcher(matcher: Matcher) -> None:
    people = [r.person for r in read_people(io.StringIO(TEXT))]
    for row, answer in zip(_answers(matcher, "contact", Counts()), matcher.match_many(people, "contact"), strict=True):
        assert (row["status"], row["voter_id"]) == (answer.status, answer.voter_id)
        assert row["candidates"] == "|".join(c.voter_id for c in answer.candidates)
        assert row["score"] == (f"{answer.score:.6f}" if answer.voter_id else "")


def test_chunks_of_any_size_give_the_same_bytes(matcher: Matcher) -> None:
    rows = list(read_people(io.StringIO(TEXT))) * 3
    whole = match_chunk(matcher, "form", rows, Counts())
    assert "".join(match_chunk(matcher, "form", c, Counts()) for c in chunks(rows, 2)) == whole


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no column query_id"),
        ("first_name\nAnn\n", "names no column query_id"),
        ("query_id,dob,dob\n1,,\n", "column dob appears twice"),
        ("query_id,dob\n1,1984\n", "names no column of a name"),
        ("query_id,last_name\n1\n", "line 2: 1 cells under 2 columns"),
        ("query_id,last_name\n ,Lee\n", "line 2: query_id is empty"),
        (f"query_id,last_name\n1,{'x' * 10_001}\n", "line 2: a cell is longer"),
        ('query_id,last_name\n1,"open\n', "line 2"),
        ("query_id,last_name\n1,a\n2,a\n1,b\n2,a\n", "row 3: its query_id was used before"),
    ],
)
def test_a_file_is_refused_with_line_and_cause(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_ids(read_people(io.StringIO(text)))


def test_a_byte_order_mark_and_capitals_in_the_header_do_no_harm() -> None:
    assert check_ids(read_people(io.StringIO("\ufeffQuery_ID,Full_Name\n1,10001\n\n2,\n"))) == 2


def test_several_processes_give_the_bytes_of_one_and_read_little_ahead(index: VoterIndex) -> None:
    person = TypedPerson(first_name="Bill", last_name="Hartwell")
    taken: list[int] = []

    def rows() -> Iterator[QueryRow]:
        for number in range(140):
            taken.append(number)
            yield QueryRow(str(number), person)

    one, two = (
        match_chunks([index.folder], shipped_model(), "form", chunks(rows(), 7), processes) for processes in (1, 2)
    )
    whole = list(one)
    assert len(whole) == 20
    taken.clear()
    assert next(two) == whole[0]
    assert len(taken) <= 5 * 7, "a long file would not be streamed"
    assert [whole[0], *two] == whole


def test_a_worker_that_dies_is_an_error_at_once(index: VoterIndex) -> None:
    rows = [QueryRow(str(n), TypedPerson(first_name="Bill", last_name="Hartwell")) for n in range(20_000)]
    going = match_chunks([index.folder], shipped_model(), "form", chunks(rows, 4_000), 2)
    next(going)
    active_children()[-1].kill()
    with pytest.raises(WorkerLost):
        list(going)
    assert not active_children()
