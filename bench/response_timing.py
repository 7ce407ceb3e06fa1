"""Test whether response times reveal a protected voter: look up protected and absent people in turns.

    python -m bench.response_timing [--times 200]

Each lookup covers the worker's full path, from the row of the attempt to its end. Prints the two-sample
Kolmogorov-Smirnov p of (missing, confidential) and (missing, suppressed): below .01 the times are distinguishable.
"""

import argparse
import csv
import json
import os
import tempfile
import time
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from bench.contacts import OUT, manage

KINDS = ("missing", "confidential", "suppressed")


def people(state: Path, count: int) -> dict[str, list[dict[str, str]]]:
    """Return `count` people of each kind, on the generated roll or not."""
    with next((state / "roll").glob("generic.csv*")).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    hidden = [row for row in rows if row["status"] == "confidential"]
    usual = [row for row in rows if row["status"] == "active" and row["dob"]]
    if not hidden:
        raise SystemExit("The generated roll has no confidential row.")
    step = len(usual) // (2 * count)
    # The names of one voter, the birth date of a second, the street of a third.
    ones = usual[::step]
    missing = [
        ones[n] | {"dob": ones[n + count]["dob"], "address": ones[n + 7]["address"], "zip": ones[n + 7]["zip"]}
        for n in range(count)
    ]
    found = usual[1::step][count : 2 * count]
    return {"missing": missing, "confidential": (hidden * count)[:count], "suppressed": found}


def seconds(member: Any, row: dict[str, str]) -> float | None:
    """Return how long the worker takes for one query; None if it found a voter."""
    from apps.verification import services
    from apps.verification.models import Attempt
    from apps.verification.query import VoterQuery

    fields = ("first_name", "last_name", "address", "city", "zip")
    year = row["dob"] or "1970-01-01"
    query = VoterQuery(**{name: row[name] for name in fields}, dob=date.fromisoformat(year).isoformat())
    attempt = Attempt.objects.create(member=member, query=query.to_text())
    began = time.perf_counter()
    services.run_attempt(str(attempt.pk), attempt.turn)
    took = time.perf_counter() - began
    attempt.refresh_from_db()
    # A query composed of three voters may be close to a fourth: that lookup measures something else.
    return None if attempt.state == Attempt.State.MATCHED else took


def measure(state: Path, count: int) -> dict[str, Any]:
    """Return medians in ms, and p of each pair."""
    from scipy.stats import ks_2samp

    from apps.accounts.models import User
    from apps.voters import suppression

    member = User.objects.create_user("bench@example.org", None)
    lookups = people(state, count)
    for row in lookups["suppressed"]:
        suppression.suppress(state=row["state"], voter_id=row["voter_id"], by="operator")
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for warm in lookups["missing"][:20]:
        seconds(member, warm)
    for number in range(count):
        for shift in range(3):  # vary which kind comes first
            kind = KINDS[(number + shift) % 3]
            if took := seconds(member, lookups[kind][number]):
                times[kind].append(took)
    figures: dict[str, Any] = {f"{kind}, median ms": round(1000 * median(times[kind]), 2) for kind in KINDS}
    for kind in KINDS[1:]:
        figures[f"missing and {kind}: p"] = round(float(ks_2samp(times["missing"], times[kind]).pvalue), 4)
    return figures


def main() -> None:
    """Generate a state, load it, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="votekin-bench-") as scratch:
        state = Path(scratch) / "state"
        data = Path(scratch) / "data"
        os.environ |= {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "settings.dev", "LOG_LEVEL": "ERROR"}
        manage("make_state", "--out", str(state), "--voters", "20000", "--seed", "12", "--layouts", "generic")
        manage("migrate", "-v0")
        manage("load_roll", str(next((state / "roll").glob("generic.csv*"))), "--layout", "generic")
        import django

        django.setup()
        figures = measure(state, options.times)
    for name, value in figures.items():
        print(f"  {name:40} {value}")
    OUT.mkdir(exist_ok=True)
    (OUT / "alike.json").write_text(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
