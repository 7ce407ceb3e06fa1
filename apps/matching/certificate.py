"""Store the certified thresholds of one snapshot of a roll, as a file in the folder of its index.

The file reaches every process with the index and is not part of the index's own hash.
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
    """The threshold of one stratum, with the numbers of false and right verifications at it."""

    threshold: float
    false: int
    right: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """The certified thresholds of one kind of list on one snapshot.

    `recall` is the recall of the same sample with its own records visible; `recall_by` splits it by groups, and
    `calibration` compares stated with true probabilities (see `accuracy`). `certified` is False where the sample was
    too small to show the target: then the shipped thresholds apply.
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
    """Write certificates to the folder of an index, replacing older ones atomically."""
    temporary = folder / f".{FILE}"
    temporary.write_text(json.dumps({c.kind: asdict(c) for c in certificates}, indent=1, sort_keys=True) + "\n")
    temporary.chmod(0o600)
    temporary.replace(folder / FILE)


def read(folder: Path) -> dict[str, Certificate]:
    """Return the certificates of an index by kind; empty if the file is missing or unreadable."""
    try:
        content = json.loads((folder / FILE).read_text())
        return {kind: _certificate(stated) for kind, stated in content.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _certificate(stated: dict[str, Any]) -> Certificate:
    strata = {name: Stratum(**values) for name, values in stated.pop("strata").items()}
    return Certificate(**stated, strata=strata)


def valid(model: Model, index: VoterIndex, kind: str) -> Certificate | None:
    """Return the certificate if it belongs to exactly this model and snapshot; reread when its file changes."""
    modified = _modified_at(index.folder / FILE)
    if index.certificates is None or index.certificates[0] != modified:
        index.certificates = (modified, read(index.folder))
    certificate: Certificate | None = index.certificates[1].get(kind)
    return (
        certificate
        if certificate and (certificate.model, certificate.snapshot) == (model.version, index.snapshot)
        else None
    )


def _modified_at(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def thresholds(model: Model, index: VoterIndex, kind: str) -> dict[str, float]:
    """Return the threshold of each stratum: the certified one if there is one, else the shipped one."""
    certificate = valid(model, index, kind)
    if certificate is None or not certificate.certified:
        return model.thresholds[kind]
    return {**model.thresholds[kind], **{name: s.threshold for name, s in certificate.strata.items()}}


def is_certified(model: Model, index: VoterIndex, kind: str) -> bool:
    """Return whether the thresholds of a kind were shown on this snapshot to meet the target."""
    certificate = valid(model, index, kind)
    return certificate is not None and certificate.certified
