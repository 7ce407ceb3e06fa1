"""Run one worker: open an index, match single queries, and print times and memory beyond the mapped files."""

import csv
import json
import sys
import time
from pathlib import Path
from random import Random

from apps.matching import Matcher, TypedPerson, open_index


def own_memory_mb() -> float:
    """Return the memory of this process that is not a page of a mapped file."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Anonymous:")) / 1024


if __name__ == "__main__":
    folder, people_csv, count = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    with people_csv.open(newline="") as file:
        people = [TypedPerson(**{k: v for k, v in row.items() if k != "query_id"}) for row in csv.DictReader(file)]
    start = time.perf_counter()
    matcher = Matcher([open_index(folder)])
    opened = time.perf_counter() - start
    people = Random(1).sample(people, min(count, len(people)))
    taken, worked = [], []
    for person in people:
        start, cpu = time.perf_counter(), time.process_time()
        matcher.match_one(person)
        taken.append((time.perf_counter() - start) * 1000)
        worked.append((time.process_time() - cpu) * 1000)
    first, taken, worked = taken[0], sorted(taken), sorted(worked)
    print(
        json.dumps(
            {
                "open_ms": round(opened * 1000, 1),
                "first_ms": round(first, 2),
                "p50_ms": round(taken[len(taken) // 2], 2),
                "p95_ms": round(taken[int(len(taken) * 0.95)], 2),
                # Processor time, which other load does not distort.
                "p95_cpu_ms": round(worked[int(len(worked) * 0.95)], 2),
                "max_ms": round(taken[-1], 2),
                "own_mb": round(own_memory_mb()),
            }
        )
    )
