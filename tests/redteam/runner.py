"""Runs the attacks on one installation and stores their outcomes; writes docs/privacy-measured.md from both rolls."""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from .installation import ROOT, Installation, configure
from .lab import Attack, Lab
from .outcomes import Outcome, table

OUT: Final = ROOT / "bench" / "out"
PAGE: Final = ROOT / "docs" / "privacy-measured.md"


def run(folder: Path, port: int, options: argparse.Namespace) -> int:
    """Attack an installation with one kind of roll; return 1 if an attack learned more than its bound."""
    configure(folder, port)
    import django

    django.setup()
    say(f"Preparing a state of {options.voters:,} voters, {options.roll} …")
    house = Installation(folder, port, voters=options.voters, full_dates=options.roll == "full")
    outcomes: list[Outcome] = []
    if not options.only:
        _path(options.roll).unlink(missing_ok=True)
    try:
        for attack in attacks():
            if any(part in f"{attack.__module__}.{attack.__name__}" for part in options.only.split(",")):
                outcomes += run_attack(attack, Lab(house, options.targets))
                if options.keep or not options.only:
                    _store(options.roll, outcomes)
    finally:
        house.stop()
    return int(any(outcome.verdict == "FAIL" for outcome in outcomes))


def attacks() -> list[Attack]:
    """Return the attacks in the order of the table. Imports models: Django must run."""
    from .attacks import backups, claims, combined, contacts, costs, lists, lookups, pages, suppressions

    return [
        *(contacts.spelling_variants, contacts.zip_sweep, contacts.year_sweep, contacts.street_sweep),
        *(contacts.street_sweep_of_a_zip, contacts.street_sweep_of_a_city, contacts.slow_drip),
        *(lookups.doors, lookups.birth_dates),
        *(claims.claim_and_watch, claims.recheck_and_compare),
        *(pages.counts_and_filters, suppressions.suppress_and_watch),
        *(lists.doors, lists.birth_dates, combined.three_channels),
        *(backups.staff_abuse, backups.leaked_backup, backups.replayed_cookies),
        *(costs.burned_counters, costs.evening_on_one_network),
        *(costs.honest_look_ups, costs.honest_address_books, costs.timing),
    ]


def run_attack(attack: Attack, lab: Lab) -> list[Outcome]:
    """Run one attack and print its rows with the seconds that it took."""
    began = time.monotonic()
    outcomes = []
    for outcome in attack(lab):
        outcomes.append(outcome)
        say(f"{' | '.join(outcome.cells)} | {time.monotonic() - began:.0f} s {outcome.note}")
    return outcomes


def write_page(options: argparse.Namespace) -> None:
    """Write the table of both rolls to the documentation, and print it."""
    outcomes = [Outcome(**row) for roll in ("full", "years") for row in _stored(roll)]
    say(table(outcomes))
    day = datetime.now(UTC).date().isoformat()
    facts = {"day": day, "voters": f"{options.voters:,}", "table": table(outcomes), "notes": _notes(outcomes)}
    PAGE.write_text(PREFACE.format(**facts))


def _store(roll: str, outcomes: Iterable[Outcome]) -> None:
    """Store outcomes after each attack: a run that is cut leaves its rows, and a part of a run replaces its own."""
    rows = {(row["attack"], row["accounts"]): row for row in (*_stored(roll), *map(asdict, outcomes))}
    OUT.mkdir(parents=True, exist_ok=True)
    _path(roll).write_text(json.dumps(list(rows.values()), indent=1))


def _path(roll: str) -> Path:
    return OUT / f"redteam-{roll}.json"


def _stored(roll: str) -> list[dict[str, Any]]:
    path = _path(roll)
    return list(json.loads(path.read_text())) if path.exists() else []


def _notes(outcomes: Iterable[Outcome]) -> str:
    return "\n".join(f"- {outcome.attack}, {outcome.roll}: {outcome.note}" for outcome in outcomes if outcome.note)


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


PREFACE: Final = """# What attacks learn: measured

`make redteam` attacks an installation with a made-up state of {voters} voters over HTTP, as [privacy](privacy.md) says,
and writes this page. "Learned" counts the targets whose street, ZIP code or birth year the attacker names, or whose
account, suppression or change of registration the attacker knows of. "Guessing" is the best single guess, two for birth
dates. The bound is guessing and one point. Measured on {day}.

{table}

## Notes
{notes}
"""
