"""A partial index, fetched by the keys of a batch, gives exactly the results of the whole."""

from pathlib import Path
from random import Random

import numpy as np

from apps.matching import IndexBuilder, Matcher, TypedPerson, VoterRecord, open_index
from apps.matching.index import VoterIndex, as_terms, packed, part_of
from apps.matching.perturb import perturbed_query
from tests.voters.synthetic_rows import voter


def built(folder: Path, state: str, count: int) -> tuple[VoterIndex, list[VoterRecord]]:
    """Return an index of generated voters."""
    rows = [voter(n) for n in range(count)]
    records = [VoterRecord(**{name: row.get(name, "") for name in VoterRecord._fields}) for row in rows]
    with IndexBuilder(folder, state=state) as builder:
        builder.add(records)
        builder.finish()
    return open_index(folder), records


def fetch(index: VoterIndex, keys: np.ndarray) -> VoterIndex:
    """Act like a server: return every voter who has one of the keys, unordered, some twice."""
    wanted = set(as_terms(keys))
    found = [p.body for p in packed(index, 0, index.voters) if wanted & set(p.keys)]
    Random(1).shuffle(found)
    return part_of(index, found + found[:3])


def test_answers_over_a_part_are_the_answers_over_the_whole(tmp_path: Path) -> None:
    first, records = built(tmp_path / "a", "HD", 3_000)
    second, _ = built(tmp_path / "b", "QX", 500)
    whole = Matcher([first, second])
    rng = Random(7)
    people = [perturbed_query(record, "form", records, rng) for record in rng.sample(records, 200)]
    people += [person._replace(state="hd") for person in people[:50]] + [TypedPerson(), TypedPerson(last_name="Nobody")]
    parts = [fetch(index, keys) for index, keys in zip(whole.indexes, whole.keys(people), strict=True)]
    assert all(part.voters == index.voters for part, index in zip(parts, whole.indexes, strict=True))
    assert len(parts[0].rows) < len(first.rows)
    for kind in ("form", "contact"):
        assert Matcher(parts).match_many(people, kind) == whole.match_many(people, kind)
    assert sum(a.status == "verified" for a in whole.match_many(people)) > 20


def test_an_empty_part_has_no_candidates(tmp_path: Path) -> None:
    index, records = built(tmp_path / "a", "HD", 50)
    empty = Matcher([part_of(index, [])])
    assert empty.match_one(TypedPerson(last_name=records[0].last_name)).status == "none"
    assert [p.voter_id for p in packed(index, 10, 12)] == ["00000010", "00000011"]
