"""Streets as arrays of blocks.

A street consists of blocks. A block has one range of a hundred numbers (`base` to `base + span`), odd on one side and
even on the other, as in TIGER's ADDRFEAT. Numbers increase from a town's axis, or from its western and southern edge
if it is small.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.synthetic.constants import HOME_CITY, HOME_STREET
from apps.synthetic.outline import Floats
from apps.synthetic.tables import towns

Ints = NDArray[np.int64]

PEOPLE_PER_BLOCK = 45  # voters: about 24 homes
SMALLEST_STATE = 200_000  # minimum number of voters to lay out streets for, so that small states look like states
BOTH, ODD_ONLY, EVEN_ONLY = 0, 1, 2


@dataclass
class Streets:
    """Blocks as arrays of one length. `line` is (blocks, 5, 2) in degrees."""

    line: Floats
    name: NDArray[np.object_]
    base: Ints
    span: Ints
    letter: NDArray[np.object_]  # before the number: N6543
    down: NDArray[np.bool_]  # numbers decrease along the line
    odd_left: NDArray[np.bool_]
    sides: Ints
    town: Ints  # postal city
    zip: NDArray[np.object_]
    rural: NDArray[np.bool_]
    weight: Floats  # share of the state's voters
    flats: Floats  # share of homes in apartment buildings

    @classmethod
    def join(cls, parts: list[Self]) -> Self:
        """Concatenate several."""
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)))

    def take(self, which: NDArray[np.bool_] | Ints) -> Self:
        """Return some of the blocks."""
        return type(self)(*(getattr(self, f.name)[which] for f in fields(self)))

    def __len__(self) -> int:
        return len(self.base)


def is_home(streets: Streets) -> NDArray[np.bool_]:
    """Return which block is the 400 block of Coopers Row, reserved for the demo's people."""
    town = [t["name"] for t in towns()].index(HOME_CITY)
    found: NDArray[np.bool_] = (streets.name == HOME_STREET) & (streets.base == 400) & (streets.town == town)
    return found


def with_quirks(
    line: Floats,
    name: NDArray[np.object_],
    base: Ints,
    place: tuple[Ints, NDArray[np.object_]],
    shares: tuple[Floats, Floats],
    rng: np.random.Generator,
    *,
    rural: bool,
) -> Streets:
    """Create blocks with the irregularities of real ranges: short, decreasing or one-sided ones, numbers with a
    letter.

    `place` is postal city and ZIP code, `shares` the weight of each block and its share of apartments.
    """
    count = len(base)
    home = name == HOME_STREET
    letter = np.full(count, "", object)
    if rural:  # in the far west numbers have the letter of the survey line
        letter[(line[:, 2, 0] < -48.2) & (line[:, 2, 1] < 34.6)] = "N"
    return Streets(
        line=line,
        name=name,
        base=base.astype(np.int64),
        letter=letter,
        span=np.where(home, 99, rng.choice([99, 59, 39], count, p=[0.8, 0.12, 0.08])),
        down=(rng.random(count) < 0.2) & ~home,
        odd_left=rng.random(count) < 0.5,
        sides=np.where(home, BOTH, rng.choice([BOTH, ODD_ONLY, EVEN_ONLY], count, p=[0.92, 0.04, 0.04])),
        town=place[0].astype(np.int64),
        zip=place[1],
        rural=np.full(count, rural),
        weight=shares[0],
        flats=shares[1],
    )
