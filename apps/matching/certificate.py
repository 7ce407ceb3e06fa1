"""What was shown of the thresholds on one snapshot of a roll: a file in the folder of its index.

It travels with the index into every process, and is not part of the index's own hash.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from apps.matching.index import VoterIndex
from apps.matching.model import Model

FILE = "certificate.json"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum's threshold, how many were falsely verified at it, and how many rightly."""

    threshold: float
    false: int
    right: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was shown of one kind of list on one snapshot. `recall` is of the same people, not hidden;
    `recall_by` is that recall by groups, and `calibration` what stated probabilities came to (see `accuracy`).

    `certified` is False where the sample was too small to show the target: then the shipped thresholds stand.
    """

    kind: str
    model: str
    snapshot: str
    seed: int
    people: int
    target: float
    certified: bool
    false: int
    upper: float
    recall: float
    strata: Mapping[str, Stratum]
    recall_by: Mapping[str, Any] = field(default_factory=dict)
    calibration: Sequence[Mapping[str, Any]] = ()


def write(folder: Path, certificates: Iterable[Certificate]) -> None:
    """Put certificates in the folder of an index, in the place of older ones."""
    beside = folder / f".{FILE}"
    beside.write_text(json.dumps({c.kind: asdict(c) for c in certificates}, indent=1, sort_keys=True) + "\n")
    beside.chmod(0o600)
    beside.replace(folder / FILE)


def read(folder: Path) -> dict[str, Certificate]:
    """The certificates of an index by kind; none where there is no file, or none that can be read."""
    try:
        content = json.loads((folder / FILE).read_text())
        return {kind: _certificate(stated) for kind, stated in content.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _certificate(stated: dict[str, Any]) -> Certificate:
    strata = {name: Stratum(**values) for name, values in stated.pop("strata").items()}
    return Certificate(**stated, strata=strata)


def valid(model: Model, index: VoterIndex, kind: str) -> Certificate | None:
    """The certificate of this very model and index; read again when its file changes."""
    changed = _changed(index.folder / FILE)
    if index.certificates is None or index.certificates[0] != changed:
        index.certificates = (changed, read(index.folder))
    found: Certificate | None = index.certificates[1].get(kind)
    return found if found and (found.model, found.snapshot) == (model.version, index.snapshot) else None


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def thresholds(model: Model, index: VoterIndex, kind: str) -> dict[str, float]:
    """The threshold of each stratum: the certified one, else the shipped."""
    found = valid(model, index, kind)
    if found is None or not found.certified:
        return model.thresholds[kind]
    return {**model.thresholds[kind], **{name: s.threshold for name, s in found.strata.items()}}


def is_certified(model: Model, index: VoterIndex, kind: str) -> bool:
    """Whether the thresholds of a kind were shown on this snapshot to meet the target."""
    found = valid(model, index, kind)
    return found is not None and found.certified
