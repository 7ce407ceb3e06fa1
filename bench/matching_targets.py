"""Compare the matcher's measured accuracy with its targets, and write the table of docs/matching-measured.md.

python -m bench.matching_targets

Reads what `bench.matching`, `bench.matching_febrl` and `bench.matching_pseudopeople` wrote to bench/out.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from apps.matching import MatchResult

OUT = Path(__file__).parent / "out"
TABLE = Path(__file__).parents[1] / "docs" / "matching-measured.md"
HEAD = """# Matching: measured against its targets

`python -m bench.matching_targets` writes this table from the results of the benchmarks of matching. "Required" must
hold; "aim" is better. No set of this table was used to fit the weights or the thresholds (`python -m bench.fit_model`):
generated rolls have new seeds, pseudopeople's people are of the other half of the households, and FEBRL4 has other
people than FEBRL1 to 3. The rules, however, were written with FEBRL4 and with draws of pseudopeople's noise at hand:
for them, these two are no unseen files.

| set | measured | required | aim |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Target:
    """A measured value with its required value and its aim; `at_most` if less is better."""

    what: str
    value: float
    required: float
    aim: float
    at_most: bool = False

    @property
    def met(self) -> bool:
        """Return whether the required value is met."""
        return self._miss(self.required) <= 0

    def _miss(self, limit: float) -> float:
        return round(self.value - limit if self.at_most else limit - self.value, 6)

    def state(self, limit: float) -> str:
        """Return the limit with "met", or by how much it is missed."""
        miss = self._miss(limit)
        return f"{limit:g}: met" if miss <= 0 else f"{limit:g}: missed by {miss:.5g}"


class Judged(NamedTuple):
    """The best candidate of a query: its score, 0 if vetoed, and whether it and the query are on the roll."""

    score: float
    right: bool
    present: bool


def judged(results: Sequence[MatchResult], truth: Sequence[str]) -> list[Judged]:
    """Return the judged results of queries; `truth` is the voter's id, empty for people not on the roll."""
    found = []
    for result, voter_id in zip(results, truth, strict=True):
        best = result.candidates[0] if result.candidates and not result.candidates[0].vetoed else None
        found.append(Judged(best.score if best else 0.0, bool(best and best.voter_id == voter_id), bool(voter_id)))
    return found


def recall_at(found: Sequence[Judged], limit: float) -> float:
    """Return the highest recall of any one threshold at which at most `limit` of people not on the roll are false."""
    present = sum(one.present for one in found)
    allowed = limit * (len(found) - present)
    right = false = best = 0
    for one in sorted(found, key=lambda j: -j.score):
        right, false = right + one.right, false + (not one.present)
        if one.score <= 0 or false > allowed:
            break
        best = right
    return round(best / max(present, 1), 4)


def show(targets: Sequence[Target]) -> int:
    """Print targets; return 1 if a required value is missed."""
    for target in targets:
        print(f"{target.what:66}{target.value:>9.5g}  {target.state(target.required):28}{target.state(target.aim)}")
    return int(not all(target.met for target in targets))


def save(name: str, targets: Sequence[Target], facts: dict[str, object]) -> int:
    """Print targets and write them with `facts` as JSON; return 1 if a required value is missed."""
    OUT.mkdir(exist_ok=True)
    content = {**facts, "targets": [[t.what, t.value, t.required, t.aim, t.at_most] for t in targets]}
    (OUT / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
    return show(targets)


def main() -> int:
    """Write the table of all results; return 1 if a required value is missed."""
    targets, facts = [], []
    for path in sorted(OUT.glob("matching-*.json")):
        content = json.loads(path.read_text())
        targets += [Target(*stated) for stated in content.get("targets", [])]
        known = ", ".join(f"{key} {content[key]}" for key in ("date", "model", "seed", "machine") if key in content)
        if "targets" in content:
            facts.append(f"- `{path.stem}`: {known}")
    rows = [f"| {t.what} | {t.value:.5g} | {t.state(t.required)} | {t.state(t.aim)} |" for t in targets]
    TABLE.write_text(HEAD + "\n".join(rows) + "\n\n" + "\n".join(facts) + "\n")
    return show(targets)


if __name__ == "__main__":
    sys.exit(main())
