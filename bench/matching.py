"""Benchmark the matcher: accuracy and speed on a generated roll, with comparable tools in the same run.

python -m bench.matching --voters 1000000 [--seed N] [--peers] [--absent 100000] [--keep FOLDER]

Prints a table and the targets, and writes JSON to bench/out/. Without --seed the seed comes from the system, and is
printed: the sets were never used to fit the model.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from apps.matching import Matcher, TypedPerson, open_index, shipped_model
from apps.matching.binomial import upper_bound
from apps.matching.csv_job import OUT as COLUMNS
from apps.matching.csv_job import check_ids, chunks, read_people
from apps.matching.engine import BATCH
from apps.matching.parallel import match_chunks
from bench.matching_roll import read_sample, write_roll
from bench.matching_targets import Target, judged, recall_at, save
from tests.labelled.queries import HARD, NATURAL, Labelled, Sample, labelled

Result = dict[str, Any]


def quality(rows: Sequence[Labelled], answers: dict[int, tuple[str, float]]) -> Result:
    """Return recall, precision and false-match rate of results (by position, verified ones only)."""
    right = wrong = 0
    kinds, false = Counter(r.kind for r in rows), Counter[str]()
    for at, row in enumerate(rows):
        if at not in answers:
            continue
        if row.voter_id:
            right += answers[at][0] == row.voter_id
            wrong += answers[at][0] != row.voter_id
        else:
            false[row.kind] += 1
    absent, count = sum(not r.voter_id for r in rows), sum(false.values())
    known = {
        "recall": round(right / max(kinds["present"], 1), 4),
        "precision": round(right / max(right + wrong + count, 1), 5),
        "wrong_voter": wrong,
    }
    return {
        **(known if kinds["present"] else {}),
        "absent": absent,
        "false": count,
        "false_rate": round(count / max(absent, 1), 5),
        "false_upper_95": round(upper_bound(count, absent), 6),
        "false_by_kind": {k: f"{false[k]}/{kinds[k]}" for k in kinds if k != "present"},
    }


def matcher_quality(matcher: Matcher, rows: Sequence[Labelled], kind: str) -> Result:
    """Return the matcher's accuracy, and the calibration of its highest probabilities."""
    answers = matcher.match_many([TypedPerson(**r.row) for r in rows], kind)
    found = judged(answers, [r.voter_id for r in rows])
    verified = {i: (a.voter_id, a.score) for i, a in enumerate(answers) if a.status == "verified"}
    sure = [(a.score, a.voter_id == r.voter_id) for a, r in zip(answers, rows, strict=True) if a.score >= 0.99]
    result = quality(rows, verified)
    if sure and any(r.voter_id for r in rows):
        result["stated_above_99"] = round(sum(s for s, _ in sure) / len(sure), 4)
        result["true_above_99"] = round(sum(t for _, t in sure) / len(sure), 4)
        result["recall_at_0.3%_false"] = recall_at(found, 0.003)
    return result


def targets(report: Result) -> list[Target]:
    """Return the accuracy at a million voters with its targets: none for other sizes."""
    if report["voters"] != 1_000_000:
        return []
    hard, natural, contacts = (report[name] for name in (FORMS, NATURAL_FORMS, CONTACTS))
    return [
        Target("forms, 1M, hard mix: recall at false <= .3%", hard["recall_at_0.3%_false"], 0.970, 0.975),
        Target("contacts, 1M, natural mix: recall at false <= .3%", contacts["recall_at_0.3%_false"], 0.65, 0.70),
        Target("forms, 1M, natural mix: verified falsely", natural["false_rate"], 0.0005, 0.0005, at_most=True),
        Target("contacts, 1M, natural mix: verified falsely", contacts["false_rate"], 0.003, 0.003, at_most=True),
    ]


FORMS, NATURAL_FORMS, CONTACTS = "forms, hard mix", "forms, natural mix", "contacts, natural mix"


def reach(matcher: Matcher, rows: Sequence[Labelled]) -> Result:
    """Return how often the true voter is among the candidates, and how many candidates there are."""
    present = [r for r in rows if r.voter_id][:4000]
    pairs, _ = matcher.pairs([TypedPerson(**r.row) for r in present])
    index = matcher.indexes[0]
    reached = {p for p, row in zip(pairs.person.tolist(), pairs.row.tolist(), strict=True)
               if index.voter_id(row) == present[p].voter_id}  # fmt: skip
    return {"reach": round(len(reached) / len(present), 4), "candidates": round(len(pairs) / len(present), 1)}


def bulk(folder: Path, scratch: Path, sample: Sample, seed: int, count: int, processes: int) -> Result:
    """Match CSV to CSV in `processes`, after the check of ids, as verify_people does."""
    # Each repetition perturbs the voters anew: identical rows would come from caches.
    times = range(-(-3 * count // (4 * len(sample.present))))
    rows = [r for k in times for r in labelled(sample, "form", seed + 10 + k, NATURAL, len(sample.present) // 3)]
    people, out = scratch / "people.csv", scratch / "answers.csv"
    _write_people(people, rows, count)
    start, cpu = time.perf_counter(), _cpu()
    with people.open(newline="") as file:
        check_ids(read_people(file))
    with people.open(newline="") as file, out.open("w", newline="") as answers:
        answers.write(",".join(COLUMNS) + "\n")
        work = chunks(read_people(file), BATCH)
        read = 0
        for text, counts in match_chunks([folder], shipped_model(), "form", work, processes):
            answers.write(text)
            read += counts["read"]
    seconds = time.perf_counter() - start
    return {
        "people": read,
        "seconds": round(seconds, 1),
        "per_second": round(read / seconds),
        "per_cpu_second": round(read / (_cpu() - cpu)),
    }


def _cpu() -> float:
    """Return seconds of processor time of this process and its finished children, which other load does not distort."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


def _write_people(path: Path, rows: Sequence[Labelled], count: int) -> None:
    import csv

    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["query_id", *TypedPerson._fields])
        writer.writerows((n, *TypedPerson(**rows[n % len(rows)].row)) for n in range(count))


def child(module: str, *arguments: object) -> Result:
    """Return the JSON that a benchmark process prints."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: Result = json.loads(done.stdout)
    return found


def peers(roll: Path, rows: Sequence[Labelled]) -> Result:
    """Return the accuracy and speed of comparable tools on the same forms, from query to result."""
    from bench import matching_peers as peer

    people = [TypedPerson(**r.row) for r in rows]
    exact, exact_speed = peer.exact_rules(roll, people)
    voters = peer.voters_frame(roll)  # excluded like Splink's training and the building of our index
    start = time.perf_counter()
    typed = peer.typed_frame(people)
    made = time.perf_counter() - start
    predicted, predicting = peer.splink(typed, voters)
    found = {"exact rules (ADGN)": {**quality(rows, exact), "per_second": round(exact_speed)}}
    for name, vetoes in (("Splink, usual", False), ("Splink, our vetoes", True)):
        start = time.perf_counter()
        answers = peer.best_of(predicted, typed, voters, vetoes=vetoes)
        seconds = made + predicting + time.perf_counter() - start
        speed = {"per_second": round(len(people) / seconds), "predicting_alone": round(len(people) / predicting)}
        found[name] = {**quality(rows, _above(answers, 0.95)), **speed}
    return found


def _above(answers: dict[int, tuple[str, float]], threshold: float) -> dict[int, tuple[str, float]]:
    return {at: a for at, a in answers.items() if a[1] >= threshold}


def run(arguments: argparse.Namespace, work: Path) -> Result:
    """Run all measurements, in the order of the table."""
    seed, present = arguments.seed, arguments.present
    roll, folder = work / f"roll_{arguments.voters}_{seed}.csv", work / f"index_{arguments.voters}_{seed}"
    sample = read_sample(roll) if roll.exists() else write_roll(roll, arguments.voters, seed, present, present)
    report: Result = {"voters": arguments.voters, "seed": seed, "model": shipped_model().version}
    if not folder.exists():
        report["index build"] = child("bench.matching_build", roll, folder)
    matcher = Matcher([open_index(folder)])
    forms = labelled(sample, "form", seed, HARD, present)
    report[FORMS] = matcher_quality(matcher, forms, "form")
    report["reach"] = reach(matcher, forms)
    natural = labelled(Sample(sample.roll, [], sample.lenders), "form", seed + 2, NATURAL, arguments.absent)
    report[NATURAL_FORMS] = matcher_quality(matcher, natural, "form")
    contacts = labelled(sample, "contact", seed + 3, NATURAL, present)
    report[CONTACTS] = matcher_quality(matcher, contacts, "contact")
    report["bulk, 2 processes"] = bulk(folder, work, sample, seed, arguments.people, 2)
    report["bulk, 1 process"] = bulk(folder, work, sample, seed, arguments.people // 4, 1)
    report["one person"] = child("bench.matching_worker", folder, work / "people.csv", 2000)
    if arguments.peers:
        report.update(peers(roll, forms))
    return report


def main() -> int:
    """Read the arguments, run, print and write; return 1 if a required value is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voters", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("--present", type=int, default=20_000, help="voters typed, and absent people of the hard mix")
    parser.add_argument("--absent", type=int, default=100_000, help="absent people of the natural mix")
    parser.add_argument("--people", type=int, default=200_000, help="rows of the bulk file")
    parser.add_argument("--peers", action="store_true", help="also run Splink and exact rules")
    parser.add_argument("--keep", type=Path, help="folder for roll and index, kept and used again")
    arguments = parser.parse_args()
    arguments.present = min(arguments.present, arguments.voters // 5)
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        work = arguments.keep or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        report = run(arguments, work)
    for name, found in report.items():
        cells = found.items() if isinstance(found, dict) else [("", found)]
        print(f"{name:24}", "  ".join(f"{k}={v}" if k else str(v) for k, v in cells))
    facts = {"date": time.strftime("%Y-%m-%d"), **report}
    return save(f"matching-{arguments.voters}", targets(report), facts)


if __name__ == "__main__":
    sys.exit(main())
