"""The matcher on a generated state of 20,000 voters, from a fixed seed that no weight was trained on."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import pytest

pytest.importorskip("names", reason="the name frequencies of the package `names` (requirements/dev) are missing")

from apps.matching import IndexBuilder, Matcher, TypedPerson, VoterRecord, open_index
from apps.matching.binomial import upper_bound
from apps.matching.certify import certify
from tests.labelled.queries import HARD, NATURAL, Labelled, Sample, filed_rows, labelled, sampled_rows
from tests.labelled.roll import Roll

pytestmark = pytest.mark.slow

SEED, VOTERS, TYPED = 8_151_623, 20_000, 3_000


@pytest.fixture(scope="module")
def sample() -> Sample:
    return Sample(Roll(VOTERS, SEED), [], [])


@pytest.fixture(scope="module")
def matcher(sample: Sample, tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    folder = tmp_path_factory.mktemp("labelled") / "index"
    with IndexBuilder(folder, "ZZ") as builder:
        builder.add(VoterRecord(*row) for row in sampled_rows(sample.roll, TYPED, TYPED, sample))
        builder.finish()
    return Matcher([open_index(folder)])


def _outcome(matcher: Matcher, rows: list[Labelled], kind: str) -> tuple[float, float, Counter[str]]:
    """Return recall, false-match rate, and false verifications by kind of person."""
    answers = matcher.match_many([TypedPerson(**r.row) for r in rows], kind)
    verified = [(a, r) for a, r in zip(answers, rows, strict=True) if a.status == "verified"]
    present = sum(bool(r.voter_id) for r in rows)
    right = sum(a.voter_id == r.voter_id for a, r in verified if r.voter_id)
    false = Counter(r.kind for a, r in verified if a.voter_id != r.voter_id)
    return right / present, false.total() / (len(rows) - present), false


def test_forms_of_a_hard_mix(matcher: Matcher, sample: Sample) -> None:
    recall, false, kinds = _outcome(matcher, labelled(sample, "form", 1, HARD, TYPED), "form")
    assert recall >= 0.95
    assert false <= 0.01, kinds


def test_forms_of_a_natural_mix(matcher: Matcher, sample: Sample) -> None:
    recall, false, kinds = _outcome(matcher, labelled(sample, "form", 2, NATURAL, 2 * TYPED), "form")
    assert recall >= 0.95
    assert false <= 0.002, kinds


def test_contacts_of_a_natural_mix(matcher: Matcher, sample: Sample) -> None:
    recall, false, kinds = _outcome(matcher, labelled(sample, "contact", 3, NATURAL, 2 * TYPED), "contact")
    assert recall >= 0.6
    assert false <= 0.01, kinds


def test_stated_probabilities_are_calibrated(matcher: Matcher, sample: Sample) -> None:
    rows = labelled(sample, "form", 4, NATURAL, TYPED)
    answers = matcher.match_many([TypedPerson(**r.row) for r in rows])
    sure = [a.voter_id == r.voter_id for a, r in zip(answers, rows, strict=True) if a.score >= 0.99]
    assert sum(sure) / len(sure) >= 0.97


def _year_only(row: dict[str, str]) -> dict[str, str]:
    digits = row["dob"]
    year = row["birth_year"] or (digits[:4] if digits[:4].isdigit() else digits[-4:])
    return {**row, "dob": "", "birth_year": year}


def _one_string(row: dict[str, str]) -> dict[str, str]:
    names = [row.get(n, "") for n in ("first_name", "middle_name", "last_name", "suffix")]
    whole = row.get("full_name") or " ".join(n for n in names if n)
    return {**row, "full_name": whole, "first_name": "", "middle_name": "", "last_name": "", "suffix": ""}


def _abroad(row: dict[str, str]) -> dict[str, str]:
    return {**row, "address": "Hauptstraße 5, 3. OG links", "city": "Wien", "zip": "A-1010"}


def _spelled_out(row: dict[str, str]) -> dict[str, str]:
    return {**{name.title(): value for name, value in row.items()}, "state": "zz "}


@pytest.mark.parametrize(
    ("change", "least"), [(_year_only, 0.9), (_one_string, 0.9), (_abroad, 0.5), (_spelled_out, 0.93)]
)
def test_files_never_seen_get_calibrated_answers(
    matcher: Matcher, sample: Sample, change: Callable[[dict[str, str]], dict[str, str]], least: float
) -> None:
    rows = labelled(sample, "form", 6, NATURAL, TYPED // 2)
    people = [TypedPerson(**{name.lower(): text for name, text in change(r.row).items()}) for r in rows]
    answers = matcher.match_many(people)
    sure = [(a.score, a.voter_id == r.voter_id) for a, r in zip(answers, rows, strict=True) if a.score >= 0.99]
    assert sum(true for _, true in sure) / len(sure) >= 0.97
    verified = [(a.voter_id == r.voter_id, r) for a, r in zip(answers, rows, strict=True) if a.status == "verified"]
    assert sum(right for right, r in verified if r.voter_id) / sum(bool(r.voter_id) for r in rows) >= least
    assert sum(not r.voter_id for _, r in verified) / sum(not r.voter_id for r in rows) <= 0.005


def test_no_answer_depends_on_other_rows(matcher: Matcher, sample: Sample) -> None:
    rows = labelled(sample, "form", 5, HARD, 200)[:400]
    people = [TypedPerson(**r.row) for r in rows]
    assert matcher.match_many(people)[::-1] == matcher.match_many(people[::-1])


def test_certifying_raises_thresholds_until_the_bound_meets_the_target(sample: Sample, matcher: Matcher) -> None:
    loose = replace(matcher.model, thresholds={"contact": dict.fromkeys(matcher.model.thresholds["contact"], 0.5)})
    rows = [VoterRecord(*row) for row in filed_rows(sample.roll)]
    voters = list(enumerate(rows))[::4]
    found = certify(Matcher(matcher.indexes, loose), voters, "contact", seed=1)
    assert found.certified
    assert found.upper <= found.target
    assert found.upper == pytest.approx(upper_bound(found.false, found.people))
    assert {s.threshold >= 0.5 for s in found.strata.values()} == {True}
    assert any(s.threshold > 0.5 for s in found.strata.values())
    assert found.recall > 0.6
    few = certify(Matcher(matcher.indexes, loose), voters[::2], "contact", seed=1)
    assert not few.certified
    assert {s.threshold for s in few.strata.values()} == {0.5}


def test_the_same_seed_gives_the_same_roll_and_forms(sample: Sample) -> None:
    again = Sample(Roll(VOTERS, SEED), [], [])
    rows = list(sampled_rows(again.roll, TYPED, TYPED, again))
    assert len(rows) == VOTERS
    assert again.present == sample.present
    assert labelled(again, "form", 1, HARD, 50) == labelled(sample, "form", 1, HARD, 50)
    assert labelled(again, "form", 2, HARD, 50) != labelled(sample, "form", 1, HARD, 50)
