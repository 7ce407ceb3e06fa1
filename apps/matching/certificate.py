"""What was shown of the thresholds on one snapshot of a roll: a file in the folder of its index.

It travels with the index into every process, and is not part of the index's own hash.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from apps.matching.index import VoterIndex
from apps.matching.model import Model

FILE = "certificate.json"


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum's result. `certified` is False where the sample is too small to show the target: then
    the shipped threshold stands, and says so.
    """

    threshold: float
    false: int
    upper: float
    certified: bool
    right: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was shown of one kind of list on one snapshot. `recall` is of the same people, not hidden; `card` is
    that recall by groups, and calibration (see `accuracy`).
    """

    kind: str
    model: str
    snapshot: str
    seed: int
    people: int
    target: float
    false: int
    upper: float
    recall: float
    strata: Mapping[str, Stratum]
    card: Mapping[str, Any] = field(default_factory=dict)

    @property
    def certified(self) -> bool:
        """Whether every stratum met its part of the target."""
        return all(s.certified for s in self.strata.values())


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
    """The certificate of this very model and index; read once while the index is open."""
    if index.certificates is None:
        index.certificates = read(index.folder)
    found: Certificate | None = index.certificates.get(kind)
    return found if found and (found.model, found.snapshot) == (model.version, index.snapshot) else None


def thresholds(model: Model, index: VoterIndex, kind: str) -> dict[str, float]:
    """The threshold of each stratum: the certified one, else the shipped."""
    found = valid(model, index, kind)
    certified = {name: s.threshold for name, s in found.strata.items() if s.certified} if found else {}
    return {**model.thresholds[kind], **certified}


def is_certified(model: Model, index: VoterIndex, kind: str) -> bool:
    """Whether every threshold of a kind was shown on this snapshot to meet its target."""
    found = valid(model, index, kind)
    return found is not None and found.certified
