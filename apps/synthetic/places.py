"""Write addresses as text: number, street, unit, city, ZIP and the precinct cell of the point."""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.synthetic.addresses import capacity, house_numbers, number_texts, points
from apps.synthetic.geography import Geography
from apps.synthetic.outline import Floats
from apps.synthetic.streets import Ints
from apps.synthetic.tables import texts, towns

Texts = NDArray[np.object_]

_FLATS_IN_A_HOUSE = 12


@dataclass
class Places:
    """One entry a person. `street` is number and street; `unit` may be empty; `town` is the postal city."""

    street: Texts
    unit: Texts
    town: Ints
    zip: Texts
    cell: Ints
    rural: NDArray[np.bool_]
    point: Floats

    def take(self, which: NDArray[np.bool_] | Ints) -> Self:
        """Return some of the places, as copies."""
        return type(self)(*(getattr(self, f.name)[which].copy() for f in fields(self)))

    def cities(self) -> list[str]:
        """Return the postal cities."""
        names: list[str] = texts([town["name"] for town in towns()])[self.town].tolist()
        return names


def find_places(geo: Geography, block: Ints, on_block: Ints, rng: np.random.Generator) -> Places:
    """Give every home of a chunk its address; people of one home are adjacent in the arrays and share it."""
    streets = geo.streets
    start = np.flatnonzero(np.r_[True, (block[1:] != block[:-1]) | (on_block[1:] != on_block[:-1])])
    home = np.cumsum(np.isin(np.arange(len(block)), start, assume_unique=True)) - 1
    at, rank = block[start], on_block[start]
    slots = capacity(streets, at)
    flat = rng.random(len(at)) < streets.flats[at]
    house = np.where(flat, slots - 1 - rank // _FLATS_IN_A_HOUSE, rank) % slots
    number = house_numbers(streets, at, house)
    street = texts([f"{n} {s}" for n, s in zip(number_texts(streets, at, number), streets.name[at], strict=True)])
    unit = _units(flat | (rank >= slots), rank, at, rng)
    route = np.flatnonzero(streets.rural[at] & (rng.random(len(at)) < 0.05))
    street[route] = [f"RR {1 + int(at[i]) % 4} Box {int(number[i]) % 400 + 1}" for i in route]
    point = points(streets, at, number)
    cell = geo.mesh.locate(point)
    return Places(
        street[home],
        unit[home],
        streets.town[at][home],
        streets.zip[at][home],
        cell[home],
        streets.rural[at][home],
        point[home],
    )


def _units(flat: NDArray[np.bool_], rank: Ints, block: Ints, rng: np.random.Generator) -> Texts:
    """Return units in the styles that occur: Apt 4, Apt 4B, Unit 12, # 7; one style a block."""
    unit = np.full(len(rank), "", object)
    for i in np.flatnonzero(flat).tolist():
        number = int(rank[i]) % _FLATS_IN_A_HOUSE + 1 + 12 * (int(rank[i]) // 120)
        style = int(block[i]) % 8
        if style < 4:
            unit[i] = f"Apt {number}"
        elif style == 4:
            unit[i] = f"Apt {(number + 1) // 2}{'AB'[number % 2]}"
        else:
            unit[i] = f"{('Unit', '#', 'Unit')[style - 5]} {number}"
    loose = np.flatnonzero(flat & (rng.random(len(rank)) < 0.04))  # another clerk's spelling
    unit[loose] = [text.replace("Apt ", "#").replace("Unit ", "No ") for text in unit[loose]]
    return unit
