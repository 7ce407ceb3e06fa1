"""`train_matcher --output FILE [--input CSV] [--kind form|contact] [--state XX]`: train the matcher's weights.

Estimates u from random pairs, and m by expectation maximization over candidate pairs, without labels. The file
records its provenance. It does not affect matching: a model ships with a release, after the benchmarks.
"""

from argparse import ArgumentParser
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.utils import timezone

from apps.audit import services as audit
from apps.core.commands import VotekinCommand, atomic_output, readable_file
from apps.core.errors import BadInput, Refused
from apps.core.types import OptionValue
from apps.matching import InputError, Matcher, Model, TypedPerson, VoterIndex, open_index, shipped_model
from apps.matching.csv_job import read_people
from apps.matching.normalize.places import state as state_code
from apps.matching.train import learn
from apps.voters import snapshot_files
from apps.voters.certify import sample_queries
from apps.voters.loading.store import INDEX_FOLDER
from apps.voters.models import Snapshot

PAIRS: Final = 1_000_000
PEOPLE: Final = 20_000
MIN_PEOPLE: Final = 1_000  # below, the shares of rare levels are noise


class Command(VotekinCommand):
    """Trains on a list of people, or on sampled voters with typical errors."""

    help = "Learn the matcher's weights from a list and a live roll, and write a versioned file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add --output, --input, --kind, --state and --seed."""
        parser.add_argument("--output", required=True)
        parser.add_argument("--input", default="", help="People as for verify_people; default: sampled voters.")
        parser.add_argument("--kind", choices=("form", "contact"), default="form")
        parser.add_argument("--state", default=None, help="The roll to learn on; required if several are live.")
        parser.add_argument("--seed", type=int, default=1)

    def run(self, **options: OptionValue) -> dict[str, Any]:
        """Train, write, report."""
        snapshot = _choose_snapshot(options["state"])
        index = open_index(snapshot.path / INDEX_FOLDER)
        kind, seed = options["kind"], options["seed"]
        source = readable_file(options["input"]) if options["input"] else None
        people = _read_people(source) if source else sample_queries(snapshot, kind, PEOPLE, seed)
        if len(people) < MIN_PEOPLE:
            raise Refused(f"{len(people)} people are too few to learn from; the minimum is {MIN_PEOPLE:,}.")
        audit.log_write(
            actor=None, action="voters.train_matcher", subject="rolls", facts={"kind": kind, "people": len(people)}
        )
        model = _versioned(learn(Matcher([index]), people, kind, PAIRS, seed), index, len(people), options)
        with atomic_output(options["output"]) as draft:
            draft.write_text(model.as_json(), encoding="utf-8")
        return {"version": model.version, "people": len(people), "kind": kind, "provenance": model.provenance}


def _choose_snapshot(state: str | None) -> Snapshot:
    live = snapshot_files.live_snapshots()
    if state is None and len(live) == 1:
        return next(iter(live.values()))
    if state is None or state_code(state) not in live:
        raise Refused(
            f"Choose the live roll to learn on with --state: {', '.join(s or '-' for s in live) or 'none is live'}."
        )
    return live[state_code(state)]


def _read_people(source: Path) -> list[TypedPerson]:
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            return [row.person for row in read_people(file)]
    except (InputError, UnicodeDecodeError) as error:
        raise BadInput(f"{source.name}: {error}.") from error


def _versioned(model: Model, index: VoterIndex, people: int, options: dict[str, Any]) -> Model:
    """Return the model with a version and a provenance of counts and hashes, without names."""
    learned = (
        f"{people:,} people ({'a list' if options['input'] else 'voters typed as people type'}), {options['kind']}"
    )
    provenance = {
        "from": shipped_model().version,
        "u": f"{PAIRS:,} random pairs of {learned}, and {index.voters:,} voters",
        "m": f"EM over blocked pairs of the same, held to the model before by a third; seed {options['seed']}",
        "snapshot": index.snapshot,
        "learned_on": timezone.localdate().isoformat(),
        "near": model.provenance.get("near", ""),
    }
    content = replace(model, version="", provenance=provenance).as_json()
    return replace(model, version=f"learned-{sha256(content.encode()).hexdigest()[:12]}", provenance=provenance)
