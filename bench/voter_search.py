"""Compare voter search on Elasticsearch with the embedded index: loading, bulk verification, and equal results.

VOTER_SEARCH_URL=elasticsearch://… python -m bench.voter_search [--voters 1000000] [--people 20000] [--keep FOLDER]

Needs the server (`make services`); uses its own index prefix and DATA_DIR, and removes both. Prints a table and
writes JSON to bench/out/. Exits with 1 if any result differs.
"""

import argparse
import csv
import json
import os
import secrets
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent / "out"
SEED = 4_711
OTHER_SEAMS = """
    DATABASE_URL DATABASE_OWNER_URL BROKER_URL CACHE_URL ID_SETS_URL SITE_SEARCH_URL ACTIVITY_URL SENTRY_DSN EMAIL_URL
"""
FAST, SLOW = 1_500, 500  # target and minimum of people a second


def write_csv(work: Path, voters: int, people: int) -> tuple[Path, list[dict[str, str]]]:
    """Write a roll, and return queries about it: half from forms, half from address books."""
    from apps.matching import VoterRecord
    from bench.matching_roll import read_sample, write_roll
    from tests.labelled.queries import HARD, NATURAL, labelled

    rows, roll = work / f"rows_{voters}.csv", work / f"roll_{voters}.csv"
    sample = read_sample(rows) if rows.exists() else write_roll(rows, voters, SEED, people // 2, people // 2)
    if not roll.exists():
        roll.write_text(",".join(VoterRecord._fields) + "\n" + rows.read_text())
    forms = labelled(sample, "form", 1, HARD, people // 2)
    contacts = labelled(sample, "contact", 2, NATURAL, people // 2)
    return roll, [row.row for row in forms[: people // 2] + contacts[: people // 2]]


def run(work: Path, server: str, voters: int, people: int) -> dict[str, Any]:
    """Measure everything; return the report."""
    import django
    from django.conf import settings

    django.setup()
    from django.core.management import call_command

    from apps.core.backends import get_backend
    from apps.matching import TypedPerson
    from apps.voters.search.base import voter_index

    queries = write_csv(work, voters, people)
    report: dict[str, Any] = {"voters": voters, "people": len(queries[1])}
    began = time.perf_counter()
    call_command("load_roll", str(queries[0]), layout="generic", state="ZZ", stdout=sys.stderr)
    report["roll and embedded index, s"] = round(time.perf_counter() - began, 1)
    embedded = voter_index()

    settings.VOTER_SEARCH_URL = f"{server.rstrip('/')}/bench-{secrets.token_hex(3)}"
    get_backend.cache_clear()
    store = voter_index()
    try:
        began = time.perf_counter()
        call_command("index_voters", stdout=sys.stderr)
        seconds = time.perf_counter() - began
        report["index_voters, s"], report["documents/s"] = round(seconds, 1), round(voters / seconds)
        people_queried = [TypedPerson(**row) for row in queries[1]]
        half = len(people_queried) // 2
        store.match_many(people_queried[:500])
        for kind, some in (("form", people_queried[:half]), ("contact", people_queried[half:])):
            began = time.perf_counter()
            answers = store.match_many(some, kind)
            seconds = time.perf_counter() - began
            report[f"people/s, {kind}"] = round(len(some) / seconds)
            began = time.perf_counter()
            theirs = embedded.match_many(some, kind)
            report[f"people/s, {kind}, embedded, one process"] = round(len(some) / (time.perf_counter() - began))
            report[f"differing answers, {kind}"] = sum(a != b for a, b in zip(answers, theirs, strict=True))
            report[f"verified, {kind}"] = sum(a.status == "verified" for a in answers)
        report["one person, ms"] = one_by_one(store, people_queried[:400])
        report["verify_people, people/s"] = command(work, queries[1])
        began = time.perf_counter()
        report["drift"] = sum(store.count_differences(snapshot) for snapshot in live())
        report["drift check, s"] = round(time.perf_counter() - began, 2)
    finally:
        store.remove()  # type: ignore[attr-defined]
    return report


def live() -> list[Any]:
    """Return the live snapshots."""
    from apps.voters import snapshot_files

    return list(snapshot_files.live_snapshots().values())


def one_by_one(store: Any, people: list[Any]) -> dict[str, float]:
    """Return the times of single lookups."""
    times = []
    for person in people:
        began = time.perf_counter()
        store.match_one(person)
        times.append(1000 * (time.perf_counter() - began))
    times.sort()
    return {"p50": round(times[len(times) // 2], 1), "p95": round(times[int(len(times) * 0.95)], 1)}


def command(work: Path, rows: list[dict[str, str]]) -> int:
    """Match CSV to CSV through `verify_people`, after the check of ids."""
    from django.core.management import call_command

    from apps.matching import TypedPerson

    source = work / "people.csv"
    with source.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["query_id", *TypedPerson._fields])
        writer.writerows((n, *TypedPerson(**row)) for n, row in enumerate(rows))
    began = time.perf_counter()
    call_command("verify_people", input=str(source), output=str(work / "answers.csv"), kind="form", stdout=sys.stderr)
    return round(len(rows) / (time.perf_counter() - began))


def servers() -> dict[str, str]:
    """Return the addresses of `make services`, where TEST_SERVERS names their file."""
    from settings.env import read_file

    file = os.environ.get("TEST_SERVERS", "")
    return read_file(file) if Path(file).is_file() else {}


def main() -> int:
    """Run it; return 1 if a result differs or the minimum rate is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=1_000_000)
    parser.add_argument("--people", type=int, default=40_000)
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    server = os.environ.pop("VOTER_SEARCH_URL", "") or servers().get("VOTER_SEARCH_URL", "")
    if not server.startswith("elasticsearch"):
        print("VOTER_SEARCH_URL names no Elasticsearch. Run make services, then take the variables it printed.")
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        work = given.keep or Path(scratch)
        work.mkdir(parents=True, exist_ok=True)
        os.environ["DATA_DIR"] = str(Path(scratch) / "data")
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.dev")
        for name in OTHER_SEAMS.split():
            os.environ.pop(name, None)
        report = run(work, server, given.voters, given.people)
    for name, value in report.items():
        print(f"{name:<44} {value}")
    OUT.mkdir(exist_ok=True)
    (OUT / f"voter_search_{given.voters}.json").write_text(json.dumps(report, indent=1) + "\n")
    differing = sum(value for name, value in report.items() if name.startswith("differing"))
    return int(bool(differing) or report["people/s, form"] < SLOW)


if __name__ == "__main__":
    sys.exit(main())
