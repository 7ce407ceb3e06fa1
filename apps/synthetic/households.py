"""Generate households: couples, families with adult children, roommates; their ages, sexes and birth dates."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from apps.synthetic.names import FEMALE, MALE
from apps.synthetic.streets import Ints

Bools = NDArray[np.bool_]

FAMILY, SINGLE_PARENT, ROOMMATES = 0, 1, 2
_DAYS = 365.2425
_SIZES = (0.31, 0.41, 0.16, 0.09, 0.03)  # voters in a home, of homes with at least one


@dataclass(frozen=True)
class Homes:
    """Every home of the state, block by block: the block it is on and how many voters live in it."""

    block: Ints
    size: Ints

    def parts(self, voters: int) -> Iterator["Homes"]:
        """Yield the homes in parts of about `voters` people, never splitting a block."""
        filled = np.cumsum(self.size)
        start = 0
        while start < len(self.block):
            done = filled[start - 1] if start else 0
            end = int(np.searchsorted(filled, done + voters))
            if end < len(self.block):
                end = int(np.searchsorted(self.block, self.block[end], side="right"))
            yield Homes(self.block[start:end].astype(np.int64), self.size[start:end].astype(np.int64))
            start = end


def distribute_homes(people: int, weight: NDArray[np.float64], rng: np.random.Generator) -> Homes:
    """Return homes of one to five for exactly that many people, distributed over blocks by weight."""
    size = rng.choice(np.arange(1, 6, dtype=np.int8), people // 2 + people // 8 + 50, p=_SIZES)
    filled = np.cumsum(size, dtype=np.int64)
    count = int(np.searchsorted(filled, people)) + 1
    size = size[:count]
    size[-1] -= filled[count - 1] - people
    per_block = rng.multinomial(count, weight / weight.sum())
    return Homes(np.repeat(np.arange(len(weight), dtype=np.int32), per_block), size)


@dataclass(frozen=True)
class Households:
    """One entry a person, households one after the other. `rank` 0 is the head, in a family 1 the partner."""

    block: Ints
    home: Ints  # number of the household in this part
    head: Ints  # position of its first person
    rank: Ints
    kind: Ints
    on_block: Ints  # number of homes of the block before this one
    sex: Ints
    born: Ints  # ordinal day
    twin: Bools  # born with the person before


def form_households(homes: Homes, as_of: date, rng: np.random.Generator) -> Households:
    """Fill homes with couples, families with adult children, single parents and roommates."""
    first = np.cumsum(homes.size) - homes.size
    home = np.repeat(np.arange(len(homes.size)), homes.size)
    block, head = homes.block[home], first[home]
    count = len(home)
    rank = np.arange(count) - head
    kind = rng.choice([FAMILY, SINGLE_PARENT, ROOMMATES], len(first), p=[0.72, 0.14, 0.14])[home]
    before = np.searchsorted(homes.block, homes.block, side="left")
    on_block = (np.arange(len(first)) - before)[home]
    sex = _sexes(head, rank, kind, rng)
    age = _ages(head, rank, kind, rng)
    born = as_of.toordinal() - np.ceil(age * _DAYS).astype(np.int64)
    twin = (rank >= 2) & (kind == FAMILY) & (np.roll(rank, 1) >= 2) & (np.roll(head, 1) == head)
    twin &= rng.random(count) < 0.06
    twin &= ~np.roll(twin, 1)
    before = np.flatnonzero(twin) - 1
    born[twin] = born[before]
    sex[twin] = np.where(rng.random(len(before)) < 0.7, sex[before], sex[twin])
    return Households(block, home, head, rank, kind, on_block, sex, born, twin)


def _sexes(head: Ints, rank: Ints, kind: Ints, rng: np.random.Generator) -> Ints:
    sex = (rng.random(len(head)) < 0.48).astype(np.int64) * MALE
    partner = (rank == 1) & (kind == FAMILY) & (rng.random(len(head)) < 0.97)
    sex[partner] = np.where(sex[head[partner]] == MALE, FEMALE, MALE)
    return sex


def _ages(head: Ints, rank: Ints, kind: Ints, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return ages in years, all of 18 and more: partners near the head, children a generation later."""
    count = len(head)
    band = rng.choice(8, count, p=[0.07, 0.16, 0.17, 0.17, 0.17, 0.15, 0.085, 0.025])
    low = np.array([18, 25, 35, 45, 55, 65, 75, 85])[band]
    age = low + rng.random(count) * np.array([7, 10, 10, 10, 10, 10, 10, 14])[band]
    partner = (rank == 1) & (kind == FAMILY)
    age[partner] = age[head[partner]] + rng.normal(-1, 3.5, int(partner.sum()))
    child = ((rank >= 2) & (kind == FAMILY)) | ((rank >= 1) & (kind == SINGLE_PARENT))
    younger = age[head[child]] - np.clip(rng.normal(28, 5, int(child.sum())), 17, 44)
    sibling = age[head[child]] + rng.normal(0, 4, len(younger))
    age[child] = np.where(
        younger >= 18, younger, np.where(age[head[child]] > 38, 18 + rng.random(len(younger)) * 4, sibling)
    )
    mate = (rank >= 1) & (kind == ROOMMATES)
    age[mate] = age[head[mate]] + rng.normal(0, 5, int(mate.sum()))
    grown: NDArray[np.float64] = np.maximum(age, 18 + rng.random(count) * 0.9)
    return grown
