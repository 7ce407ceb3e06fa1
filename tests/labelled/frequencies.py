"""Name frequencies of the 1990 US census (public domain), from the package `names`."""

from functools import cache
from pathlib import Path

import names as census
import numpy as np
from numpy.typing import NDArray

# Given names that appeared after 1990 or were rare then, so that the list does not end with the census.
NEWER = [
    "JAYDEN",
    "AIDEN",
    "MADISON",
    "NEVAEH",
    "BRAYDEN",
    "KAYLEE",
    "LONDYN",
    "KHALEESI",
    "MATEO",
    "XIMENA",
    "SANTIAGO",
    "AALIYAH",
    "DESHAWN",
    "LATOYA",
]


class Frequencies:
    """Values with their shares; draws many at once."""

    def __init__(self, values: list[str], shares: list[float]) -> None:
        self.values = np.array(values, object)
        self.share = dict(zip(values, np.array(shares) / sum(shares), strict=True))
        self._ends = np.cumsum(np.array(shares) / sum(shares))

    def draw(self, rng: np.random.Generator, count: int) -> NDArray[np.object_]:
        """Return `count` values, each by its share."""
        place = np.searchsorted(self._ends, rng.random(count))
        return self.values[np.minimum(place, len(self.values) - 1)]


@cache
def frequencies(which: str) -> Frequencies:
    """`last`, `first:male` or `first:female`."""
    values, shares = [], []
    for line in Path(census.FILES[which]).read_text().splitlines():
        name, share, *_ = line.split()
        values.append(name)
        shares.append(float(share) + 0.0005)  # the file rounds rare names to .000 or .001
    if which != "last":
        values += NEWER
        shares += [0.01] * len(NEWER)
    return Frequencies(values, shares)
