"""Draw names: surnames by ethnic background, first names by sex and birth year, both with a long tail."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from apps.synthetic.streets import Ints
from apps.synthetic.tables import load_csv, load_yaml, texts

GROUPS = (
    "g",
    "h",
    "a",
    "n",
    "s",
)  # Anglo and African American, Hispanic, Asian, northern, southern and eastern Europe
FEMALE, MALE = 0, 1
_POOLS = ("", "h", "a")  # first names of all groups, and those that one group prefers
_YEARS = np.arange(1915, 2015, 5)
_TAIL_FROM = 500  # generated surnames have weight 1 / (rank + 500): none is more common than the listed ones


@dataclass(frozen=True)
class Surnames:
    """`text` keeps accents and apostrophes; `cumulative` are the running shares of each group's slice."""

    text: NDArray[np.object_]
    plain: NDArray[np.object_]
    slices: tuple[slice, ...]
    cumulative: tuple[NDArray[np.float64], ...]

    def draw(self, group: Ints, rng: np.random.Generator) -> Ints:
        """Draw the number of a surname for each person, by the number of their group in GROUPS."""
        chance = rng.random(len(group))
        which = np.empty(len(group), np.int64)
        for number, (part, running) in enumerate(zip(self.slices, self.cumulative, strict=True)):
            mine = group == number
            which[mine] = part.start + np.searchsorted(running, chance[mine], side="right")
        return which


@dataclass(frozen=True)
class FirstNames:
    """One table for all: the cumulative shares of each (sex, pool, five years) follow one another in `ladder`."""

    text: NDArray[np.object_]
    plain: NDArray[np.object_]
    ladder: NDArray[np.float64]

    def draw(self, sex: Ints, year: Ints, pool: Ints, rng: np.random.Generator) -> Ints:
        """Draw the number of a first name for each person; `pool` 0 is the general one, 1 Hispanic, 2 Asian."""
        step = np.clip((year - _YEARS[0]) // 5, 0, len(_YEARS) - 1)
        rung = (sex * len(_POOLS) + pool) * len(_YEARS) + step
        found = np.searchsorted(self.ladder, rung + rng.random(len(sex)), side="right")
        number: Ints = found - rung * len(self.text)
        return np.clip(number, 0, len(self.text) - 1)


_ACCENTS = str.maketrans("ÁÉÍÓÚÜÑÖÅØáéíóúüñöåøćó", "AEIOUUNOAOaeiouunoaoco")


def without_accents(name: str) -> str:
    """Return a name as most registration systems store it."""
    return name.translate(_ACCENTS)


def mail_name(name: str) -> str:
    """Return a name for the local part of an email address: lower-case letters, digits, dots and hyphens."""
    return "".join(ch for ch in without_accents(name).lower() if ch.isascii() and (ch.isalnum() or ch in ".-"))


def background_shares() -> NDArray[np.float64]:
    """Return the share of each of GROUPS among the people."""
    parts = load_yaml("surname_parts.yaml")
    share = np.array([parts[group]["share"] for group in GROUPS], float)
    total: NDArray[np.float64] = share / share.sum()
    return total


@cache
def surnames() -> Surnames:
    """Build the surnames: common ones at their rates, the rest of each group from generated ones."""
    rows, parts = load_csv("surnames.csv"), load_yaml("surname_parts.yaml")
    text: list[str] = []
    slices: list[slice] = []
    cumulative = []
    for group in GROUPS:
        common = {row["name"]: float(row["per100k"]) for row in rows if row["group"] == group}
        rare = _compose(parts[group]["first"], parts[group]["last"], set(common))
        worth = 1 / (np.arange(len(rare)) + _TAIL_FROM)
        left = parts[group]["share"] * 1000 - sum(common.values())
        weight = np.concatenate([list(common.values()), worth / worth.sum() * left])
        slices.append(slice(len(text), len(text) + len(weight)))
        text += [*common, *rare]
        cumulative.append(_running(weight))
    return Surnames(texts(text), texts([without_accents(t) for t in text]), tuple(slices), tuple(cumulative))


@cache
def first_names() -> FirstNames:
    """Build the first names: each peaks around one year, and rare names grow more common over time."""
    rows, parts = load_csv("first_names.csv"), load_yaml("first_name_parts.yaml")
    text = [row["name"] for row in rows]
    sex = [row["sex"] for row in rows]
    peak, spread, height = (np.array([float(row[c]) for row in rows]) for c in ("peak", "spread", "weight"))
    pool = np.array([row["group"] for row in rows])
    composed = {key: _compose(parts[key]["first"], parts[key]["last"], set(text)) for key in ("F", "M")}
    tail = {key: (np.arange(len(names)) + 40.0) ** -0.8 for key, names in composed.items()}
    all_sexes = np.array([*sex, *(key for key, names in composed.items() for _ in names)])
    text += composed["F"] + composed["M"]
    rungs: list[NDArray[np.float64]] = []
    for key in ("F", "M"):
        for group in _POOLS:
            for year in _YEARS:
                weight = np.zeros(len(text))
                fashion = height * (np.exp(-(((year + 2 - peak) / spread) ** 2) / 2) + 0.01)
                weight[: len(rows)] = np.where(pool == group, fashion, 0)
                weight[all_sexes != key] = 0
                # Rates are per 100,000 births: the share that the listed names leave goes to the rare ones.
                rare = float(np.clip(1 - weight.sum() / 100_000, 0.1, 0.3)) * (group == "")
                mine = np.flatnonzero(all_sexes == key)[-len(tail[key]) :]
                weight[mine] += tail[key] / tail[key].sum() * weight.sum() * rare / (1 - rare)
                rungs.append(_running(weight) + len(rungs))
    return FirstNames(texts(text), texts([without_accents(t) for t in text]), np.concatenate(rungs))


def _running(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    total = np.cumsum(weight)
    share: NDArray[np.float64] = total / total[-1]
    share[share > 1 - 1e-12] = 1.0  # the sum ends at exactly one, so no draw falls beyond the last name
    return share


def _compose(first: list[str], last: list[str], known: set[str]) -> list[str]:
    """Return every combination of first and last parts, shuffled once, without duplicates or known names."""
    made = [a + b for a in first for b in last if a[-1] != b[0] or a[-1] not in "aeiou"]
    order = np.random.default_rng(len(made)).permutation(len(made))
    return [name for name in dict.fromkeys(made[i] for i in order) if name not in known and len(name) > 2]
