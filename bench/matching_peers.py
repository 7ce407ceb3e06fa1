"""Run comparable tools on the same roll and queries: exact rules (ADGN), and Splink with and without vetoes.

They get names, dates and addresses in Votekin's normal forms, which favors them.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from apps.matching import TypedPerson, VoterRecord
from apps.matching.fields import First, Last
from apps.matching.normalize import dates, names, places
from apps.matching.normalize.address import read_address
from apps.matching.similarity import first_level, last_level
from bench.matching_roll import read_roll

Answers = dict[int, tuple[str, float]]  # by position of the query: voter id and probability


def _plain(person: TypedPerson | VoterRecord) -> tuple[str, ...]:
    if isinstance(person, TypedPerson) and not (person.first_name or person.last_name):
        name = names.one_string(person.full_name)
    else:
        name = names.separate(person.first_name, person.middle_name, person.last_name, person.suffix)
    birth = dates.lenient(person.dob, person.birth_year)
    where = read_address(person.address)
    dob = f"{birth.year:04}-{birth.month:02}-{birth.day:02}" if birth.day else ""
    return (
        name.first, name.last, dob, str(birth.year or ""), person.sex[:1].upper(),
        f"{where.number} {where.street.core}".strip(),
        places.city(person.city), f"{places.zip_code(person.zip):05}" if person.zip else "", name.suffix,
    )  # fmt: skip


COLUMNS = ("first", "last", "dob", "year", "sex", "address", "city", "zip", "suffix")


def exact_rules(roll: Path, people: Sequence[TypedPerson]) -> tuple[Answers, float]:
    """Apply ADGN: three of address, date of birth, gender and name agree exactly, name always, for only one voter."""
    keys = (
        ("first", "last", "dob"),
        ("first", "last", "address"),
        ("first", "last", "sex", "dob", "address"),
    )
    typed = [dict(zip(COLUMNS, _plain(p), strict=True)) for p in people]
    wanted: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for at, row in enumerate(typed):
        for key in keys:
            if all(row[c] for c in key):
                wanted[(str(len(key)), *key, *(row[c] for c in key))].append(at)
    found: dict[int, set[str]] = defaultdict(set)
    start = time.perf_counter()
    for voter in read_roll(roll):
        row = dict(zip(COLUMNS, _plain(voter), strict=True))
        for key in keys:
            for at in wanted.get((str(len(key)), *key, *(row[c] for c in key)), ()):
                found[at].add(voter.voter_id)
    answers = {at: (next(iter(ids)), 1.0) for at, ids in found.items() if len(ids) == 1}
    return answers, len(people) / (time.perf_counter() - start)


def typed_frame(people: Sequence[TypedPerson]) -> pd.DataFrame:
    """Return the queries in Splink's format, missing values as null."""
    return _frame((str(at), _plain(p)) for at, p in enumerate(people))


def voters_frame(roll: Path) -> pd.DataFrame:
    """Return the roll in Splink's format."""
    return _frame((v.voter_id, _plain(v)) for v in read_roll(roll))


def _frame(rows: Iterable[tuple[str, tuple[str, ...]]]) -> pd.DataFrame:
    data = pd.DataFrame([(i, *r) for i, r in rows], columns=["unique_id", *COLUMNS])
    return data.where(data != "", None)


def splink(typed: pd.DataFrame, voters: pd.DataFrame) -> tuple[pd.DataFrame, float]:
    """Run Splink 5 with its usual settings: return predictions over eight blocking rules, and the seconds of
    predicting.
    """
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    logging.getLogger("splink").setLevel(logging.ERROR)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("first", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("last", [0.92, 0.85]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("dob", [1, 2]),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("address", [2]),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.ExactMatch("zip").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("dob", "last"), block_on("dob", "first"), block_on("first", "last", "year"),
            block_on("last", "zip", "substr(first,1,1)"), block_on("first", "last", "city"),
            block_on("first", "last", "substr(zip,1,3)"), block_on("address", "zip"),
            block_on("last", "address"),
        ],
    )  # fmt: skip
    database = DuckDBAPI()
    tables = [database.register(t, dataset_display_name=n) for t, n in ((typed, "typed"), (voters, "voters"))]
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("first", "last", "dob"), block_on("first", "dob", "zip")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    for rule in (block_on("first", "last"), block_on("dob")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    start = time.perf_counter()
    result = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    return result, time.perf_counter() - start


def best_of(predicted: pd.DataFrame, typed: pd.DataFrame, voters: pd.DataFrame, *, vetoes: bool) -> Answers:
    """Return the best prediction of each query; with `vetoes`, drop contradictions and close runners-up."""
    people_left = predicted["source_dataset_l"] == "typed"
    predicted = predicted.assign(
        person=predicted["unique_id_l"].where(people_left, predicted["unique_id_r"]),
        voter=predicted["unique_id_r"].where(people_left, predicted["unique_id_l"]),
    ).sort_values("match_probability", ascending=False)
    best = predicted.drop_duplicates("person")
    answers = {
        int(p): (v, float(s)) for p, v, s in best[["person", "voter", "match_probability"]].itertuples(index=False)
    }
    if not vetoes:
        return answers
    left, right = typed.set_index("unique_id"), voters.set_index("unique_id")
    right = right[right.index.isin(set(best["voter"]))].fillna("").to_dict("index")
    rows = left.fillna("").to_dict("index")
    return {at: a for at, a in answers.items() if not _vetoed(rows[str(at)], right[a[0]])}


def _vetoed(typed: dict[str, str], voter: dict[str, str]) -> bool:
    first = first_level(typed["first"], voter["first"]) if typed["first"] and voter["first"] else First.DIFFERS
    last = last_level(typed["last"], voter["last"]) if typed["last"] and voter["last"] else Last.DIFFERS
    apart = sum(a != b for a, b in zip(typed["dob"], voter["dob"], strict=False))
    other_birth = bool(typed["dob"] and voter["dob"]) and apart > 2
    other_birth |= bool(typed["year"] and voter["year"]) and abs(int(typed["year"]) - int(voter["year"])) > 10
    other_suffix = bool(typed["suffix"] and voter["suffix"]) and typed["suffix"] != voter["suffix"]
    undated = not typed["dob"] and bool(voter["suffix"]) != bool(typed["suffix"])
    return first == First.DIFFERS or (last == Last.DIFFERS and apart > 0) or other_birth or other_suffix or undated
