"""The model: what each level of agreement weighs, as versioned data.

A model holds, per field and level, m (how often true pairs show it) and u (how often chance does), the
prior share of people who are in the file per kind of list, how people who are NOT in the file relate to
voters, and thresholds.
"""

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.matching.errors import ModelError
from apps.matching.fields import FIELDS

SHIPPED = Path(__file__).parent / "v1.json"
KINDS = ("form", "contact")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Others:
    """People who are not in the file, by how they relate to a voter; shares of one.

    Measured in a natural mix: most are relatives at a voter's address, which is why surname, address and
    telephone say nothing about WHICH member of the household it is.
    """

    relative: float
    junior: float
    twin: float
    namesake: float


@dataclass(frozen=True, slots=True)
class Model:
    """One version of the weights. `m` and `u` hold one array per field, by level.

    Where chance depends on how common a value is (`similar names`, ZIP, city, door, telephone), u is the
    factor on the value's own share of the file; see `score`.
    """

    version: str
    m: dict[str, Floats]
    u: dict[str, Floats]
    prior: dict[str, float]
    others: Others
    thresholds: dict[str, dict[str, float]]
    provenance: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> str:
        """The model as a file, levels by name."""
        fields = {
            name: {
                level.name.lower(): [
                    round(float(self.m[name][level]), 9),
                    round(float(self.u[name][level]), 9),
                ]
                for level in levels
            }
            for name, levels in FIELDS.items()
        }
        others = {name: getattr(self.others, name) for name in Others.__slots__}
        content = {
            "version": self.version,
            "provenance": self.provenance,
            "prior": self.prior,
            "others": others,
            "thresholds": self.thresholds,
            "fields": fields,
        }
        return json.dumps(content, indent=1) + "\n"


def read_model(path: Path) -> Model:
    """A model from its file. Raises ModelError naming the file and what is missing."""
    try:
        content = json.loads(path.read_text())
        pairs = {
            name: np.array([content["fields"][name][level.name.lower()] for level in levels], np.float64)
            for name, levels in FIELDS.items()
        }
        return Model(
            version=str(content["version"]),
            m={name: p[:, 0] for name, p in pairs.items()},
            u={name: p[:, 1] for name, p in pairs.items()},
            prior={kind: float(content["prior"][kind]) for kind in KINDS},
            others=Others(**content["others"]),
            thresholds=content["thresholds"],
            provenance=content["provenance"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path.name}: not a model of this version ({type(error).__name__}: {error})"
        ) from error


@cache
def shipped_model() -> Model:
    """The model that comes with this version."""
    return read_model(SHIPPED)
