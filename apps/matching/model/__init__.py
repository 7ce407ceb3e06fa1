"""The matching model as versioned data: m- and u-probabilities, priors and thresholds.

A model has, per field and agreement level, m (how often true matches show it) and u (how often non-matches do by
chance), the prior share of people on the roll per kind of list, how people who are NOT on the roll relate to voters,
and the thresholds.
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

SHIPPED = Path(__file__).parent / "v3.json"
KINDS = ("form", "contact")
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Near:
    """People who are not on the roll but near a voter who is: relatives, juniors, twins, namesakes.

    `share` is their part of all people who are not on the roll; `female` is the ratio of those near a woman to those
    near a man (a junior is nearly always a man); `by_chance` is the part that arises by chance, and so concentrates
    on common names. `fields` tells per field how it compares with the voter: "same" as if it were the voter, "chance"
    as if it were a random person, or a probability per level.
    """

    share: float
    female: float
    by_chance: float
    fields: dict[str, str | dict[str, float]]

    @property
    def by_sex(self) -> Floats:
        """The factor on the share by the voter's sex, numbered as in `person.SEX_CODES`; 1 on average."""
        return np.array([1.0, 2 / (1 + self.female), 2 * self.female / (1 + self.female)])

    def ratios(self, m: dict[str, Floats]) -> tuple[Floats, dict[str, Floats]]:
        """Return how a field's weight changes for such a person: a factor on it, and an addend by level.

        The log ratio against chance is ln(P/u) = weight + ln(P/m) for a given P, 0 for chance.
        """
        factor = np.array([0.0 if self.fields[name] == "chance" else 1.0 for name in FIELDS])
        added = {}
        for name, levels in FIELDS.items():
            stated = self.fields[name]
            if isinstance(stated, dict):
                p = np.array([stated.get(level.name.lower(), LEAST) for level in levels])
                # MISSING is -1 and indexes the last entry: no evidence.
                added[name] = np.append(np.log(np.maximum(p, LEAST)) - np.log(np.maximum(m[name], LEAST)), 0.0)
        return factor, added


LEAST = 1e-5  # no level is impossible


@dataclass(frozen=True, slots=True)
class Model:
    """One version of the weights. `m` and `u` have one array per field, indexed by level.

    Where chance depends on how common a value is (similar names, ZIP, city, address, telephone), u is a factor on the
    value's own frequency; see `score`.
    """

    version: str
    m: dict[str, Floats]
    u: dict[str, Floats]
    prior: dict[str, float]
    near: dict[str, Near]
    thresholds: dict[str, dict[str, float]]
    provenance: dict[str, Any] = field(default_factory=dict)
    # Derived once per model instead of once per query; MISSING is -1 and indexes the last entry.
    log_ratio: dict[str, Floats] = field(init=False, repr=False, compare=False)
    near_ratios: dict[str, tuple[Floats, dict[str, Floats]]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        logs = {
            name: np.log(np.maximum(m, 1e-9)) - np.log(np.maximum(self.u[name], 1e-9)) for name, m in self.m.items()
        }
        object.__setattr__(self, "log_ratio", {name: np.append(log, 0.0) for name, log in logs.items()})
        object.__setattr__(self, "near_ratios", {name: near.ratios(self.m) for name, near in self.near.items()})

    def as_json(self) -> str:
        """Return the model as the text of its file, levels by name."""
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
        content = {
            "version": self.version,
            "provenance": self.provenance,
            "prior": self.prior,
            "near": {
                name: {
                    "share": near.share,
                    "female": near.female,
                    "by_chance": near.by_chance,
                    "fields": near.fields,
                }
                for name, near in self.near.items()
            },
            "thresholds": self.thresholds,
            "fields": fields,
        }
        return json.dumps(content, indent=1) + "\n"


def read_model(path: Path) -> Model:
    """Read a model from its file. Raises ModelError naming the file and what is missing."""
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
            near={name: _near(values) for name, values in content["near"].items()},
            thresholds=content["thresholds"],
            provenance=content["provenance"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path.name}: not a model of this version ({type(error).__name__}: {error})") from error


def _near(stated: dict[str, Any]) -> Near:
    return Near(
        share=float(stated["share"]),
        female=float(stated["female"]),
        by_chance=float(stated["by_chance"]),
        fields={name: stated["fields"][name] for name in FIELDS},
    )


@cache
def shipped_model() -> Model:
    """Return the model shipped with this version."""
    return read_model(SHIPPED)
