"""Place house numbers and their points on the blocks of streets.py, and write the two address files."""

import csv
import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from apps.synthetic.constants import STATE
from apps.synthetic.geofiles import write_geoparquet
from apps.synthetic.outline import Floats
from apps.synthetic.streets import BOTH, EVEN_ONLY, ODD_ONLY, Ints, Streets
from apps.synthetic.tables import texts, towns

_SETBACK = 0.00008  # degrees, about 8 m: distance of a house from the center line of its street
_STRIDE = 37  # shares no factor with any number of slots, so successive homes get different numbers


def house_numbers(streets: Streets, block: Ints, rank: Ints) -> Ints:
    """Return the number of the home with that rank on its block; ranks past the last number start again."""
    slots = streets.span[block] + 1
    sides = streets.sides[block]
    slots = np.where(sides == BOTH, slots, slots // 2)
    slot = (rank * _STRIDE + block * 11) % slots
    step = np.where(sides == BOTH, slot, 2 * slot + (sides == ODD_ONLY))
    number: Ints = streets.base[block] + step
    return number


def capacity(streets: Streets, block: Ints) -> Ints:
    """Return how many different numbers a block has."""
    slots: Ints = np.where(streets.sides[block] == BOTH, streets.span[block] + 1, (streets.span[block] + 1) // 2)
    return slots


def points(streets: Streets, block: Ints, number: Ints) -> Floats:
    """Return the (n, 2) points of house numbers: along the block by number, then off to their side."""
    share = (number - streets.base[block]) / streets.span[block]
    share = np.clip(np.where(streets.down[block], 1 - share, share), 0.02, 0.98)
    line = streets.line[block]
    step = np.diff(line, axis=1)
    length = np.hypot(step[..., 0], step[..., 1])
    along = np.concatenate([np.zeros((len(block), 1)), np.cumsum(length, axis=1)], axis=1)
    at = share * along[:, -1]
    piece = np.clip((along <= at[:, None]).sum(axis=1) - 1, 0, 3)
    row = np.arange(len(block))
    part = (at - along[row, piece]) / np.maximum(length[row, piece], 1e-12)
    direction = step[row, piece] / np.maximum(length[row, piece], 1e-12)[:, None]
    left = (number % 2 == 1) == streets.odd_left[block]
    across = np.stack([-direction[:, 1], direction[:, 0]], axis=1) * np.where(left, 1, -1)[:, None]
    place: Floats = line[row, piece] + step[row, piece] * part[:, None] + across * _SETBACK
    return place.round(6)


def number_texts(streets: Streets, block: Ints, number: Ints) -> list[str]:
    """Return house numbers as they are written, with the letter of their survey line."""
    return [f"{a}{n}" for a, n in zip(streets.letter[block].tolist(), number.tolist(), strict=True)]


def write_addrfeat(streets: Streets, path: Path) -> int:
    """Write the ranges in TIGER's ADDRFEAT columns, with the postal city as LCITY and RCITY, which TIGER lacks."""
    low = streets.base
    high = low + streets.span
    columns: dict[str, NDArray[np.object_] | pa.Array] = {
        "TLID": pa.array(np.arange(len(streets)) + 900_000_001, pa.int64()),
        "LINEARID": texts([f"90{1_000_000 + i}" for i in range(len(streets))]),
        "FULLNAME": streets.name,
    }
    for side, odd in (("L", streets.odd_left), ("R", ~streets.odd_left)):
        none = streets.sides == np.where(odd, EVEN_ONLY, ODD_ONLY)
        first = np.where(low % 2 == odd, low, low + 1)
        last = np.where(high % 2 == odd, high, high - 1)
        for end, number in (
            ("FROM", np.where(streets.down, last, first)),
            ("TO", np.where(streets.down, first, last)),
        ):
            columns[f"{side}{end}HN"] = _or_none(texts(number_texts(streets, np.arange(len(streets)), number)), none)
        columns[f"ZIP{side}"] = _or_none(streets.zip, none)
        columns[f"PARITY{side}"] = _or_none(np.where(odd, "O", "E").astype(object), none)
        columns[f"{side}CITY"] = _or_none(texts([t["name"] for t in towns()])[streets.town], none)
    columns["ROAD_MTFCC"] = np.where(streets.rural, "S1200", "S1400").astype(object)
    write_geoparquet(path, columns, shapely.linestrings(streets.line))
    return len(streets)


def _or_none(values: NDArray[np.object_], none: NDArray[np.bool_]) -> NDArray[np.object_]:
    out = values.astype(object)
    out[none] = None
    return out


def write_openaddresses(streets: Streets, blocks: Ints, path: Path) -> int:
    """Write address points of some blocks in the columns of OpenAddresses; a tenth of the homes have a unit."""
    cities = [town["name"] for town in towns()]
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow("LON LAT NUMBER STREET UNIT CITY DISTRICT REGION POSTCODE ID HASH".split())
        for start in range(0, len(blocks), 2000):
            part = blocks[start : start + 2000]
            rank = np.tile(np.arange(40), len(part))
            block = np.repeat(part, 40)
            fits = rank < capacity(streets, block)
            block, rank = block[fits], rank[fits]
            number = house_numbers(streets, block, rank)
            text = number_texts(streets, block, number)
            for (lon, lat), shown, at in zip(points(streets, block, number), text, block.tolist(), strict=True):
                unit = f"APT {count % 9 + 1}" if count % 10 == 7 and not streets.rural[at] else ""
                row = [
                    f"{lon:.6f}",
                    f"{lat:.6f}",
                    shown,
                    streets.name[at],
                    unit,
                    cities[streets.town[at]],
                    "",
                    STATE,
                    streets.zip[at],
                    f"hd-{count:08}",
                ]
                mark = hashlib.sha256("|".join(row).encode()).hexdigest()[:16]
                out.writerow([*row, mark])
                count += 1
    return count
