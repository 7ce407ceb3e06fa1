"""Generate town streets: a bent, rotated grid with an uneven edge; named streets across, numbered ones along."""

import numpy as np
from numpy.typing import NDArray

from apps.synthetic.constants import HOME_CITY, HOME_STREET, HOME_ZIP
from apps.synthetic.outline import Floats
from apps.synthetic.streets import PEOPLE_PER_BLOCK, SMALLEST_STATE, Ints, Streets, with_quirks
from apps.synthetic.tables import Town, load_yaml, texts

_BLOCK = (0.0021, 0.0014)  # degrees: about 190 m by 155 m


def town_streets(number: int, town: Town, zips: list[str], voters: int, rng: np.random.Generator) -> Streets:
    """Lay out one town: rows and columns of a bent, turned grid, cut to an uneven round."""
    blocks = town["share"] / 100 * max(voters, SMALLEST_STATE) / PEOPLE_PER_BLOCK
    rows = max(3, round(np.sqrt(blocks / 1.5 * 1.2)))
    columns = max(3, round(rows / 1.2))
    ends, name, base = _grid(town, rows, columns, rng)
    reach, bearing = _polar(ends.mean(axis=1), rows, columns)
    wave = rng.uniform(0, 2 * np.pi, 2)
    inside = reach < 0.98 + 0.16 * np.sin(2 * bearing + wave[0]) + 0.1 * np.sin(5 * bearing + wave[1])
    ends, name, base, reach, bearing = (a[inside] for a in (ends, name, base, reach, bearing))
    if town["name"] == HOME_CITY:
        row = np.array([[[i, 0.5], [i + 1, 0.5]] for i in range(-4, 5)], float)
        ends = np.concatenate([ends, row])
        name = np.concatenate([name, texts([HOME_STREET] * 9)])
        base = np.concatenate([base, np.arange(100, 1000, 100)])
        reach, bearing = np.append(reach, np.full(9, 0.3)), np.append(bearing, np.full(9, np.pi))
    sector = ((bearing + np.pi) / (2 * np.pi) * len(zips) * 0.9999).astype(int)
    weight = rng.lognormal(0, 0.45, len(base)) * (1.6 - np.minimum(reach, 1.2))
    flats = np.clip(rng.normal(0.5 - 0.5 * reach, 0.2), 0, 0.9) * {"city": 1.0, "town": 0.5}.get(town["kind"], 0.2)
    code = texts(zips)[sector]
    code[name == HOME_STREET] = HOME_ZIP
    place = (np.full(len(base), number), code)
    shares = (weight / weight.sum() * town["share"] / 100, flats)
    return with_quirks(_bend(ends, town, rng), name, base, place, shares, rng, rural=False)


def _polar(middle: Floats, rows: int, columns: int) -> tuple[Floats, Floats]:
    """Return distance from the center (1 at the edge of the grid) and bearing of points in grid units."""
    x, y = middle[:, 0] / (columns / 2), middle[:, 1] / (rows / 2)
    return np.hypot(x, y), np.arctan2(y, x)


def _grid(town: Town, rows: int, columns: int, rng: np.random.Generator) -> tuple[Floats, NDArray[np.object_], Ints]:
    """Return ends (in blocks from the center), names and first numbers of all blocks of a town's grid."""
    city = town["kind"] == "city"
    ends: list[list[list[float]]] = []
    names: list[str] = []
    base: list[int] = []
    named = street_names(rows + columns, rng)
    for across, lines, steps in ((True, rows, columns - 1), (False, columns, rows - 1)):
        axis = steps // 2
        for line in range(lines):
            name = named[line] if across else _numbered(line, town["kind"], named[rows + line])
            at = line - (lines - 1) / 2
            for step in range(steps):
                a, b = step - steps / 2, step + 1 - steps / 2
                ends.append([[a, at], [b, at]] if across else [[at, a], [at, b]])
                ahead = step >= axis
                side = ("E" if ahead else "W") if across else ("N" if ahead else "S")
                names.append(f"{side} {name}" if city else name)
                block = (step - axis if ahead else axis - 1 - step) if city else step
                base.append(100 * (block + 1))
    return np.array(ends), texts(names), np.array(base)


def _numbered(line: int, kind: str, named: str) -> str:
    """Name a north-south street: numbered avenues in a city, numbered streets in a town, else its own name."""
    if kind == "village":
        return named
    number = line + 1
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending} {'Ave' if kind == 'city' else 'St'}"


def street_names(count: int, rng: np.random.Generator) -> list[str]:
    """Return distinct street names: of one word, then of two, then of three; 17,000 in all.

    Raises ValueError for more.
    """
    table = load_yaml("streets.yaml")
    kinds, share = list(table["types"]), np.array(list(table["types"].values()), float)
    double = [f"{name} {second}" for name in table["names"] for second in table["second"]]
    first = rng.permutation(table["names"]).tolist()
    if count > len(first):
        first += rng.permutation(double).tolist()
    if count > len(first):
        first += rng.permutation([f"{before} {name}" for before in table["before"] for name in double]).tolist()
    if count > len(first):
        raise ValueError(f"there are names for {len(first)} streets, not for {count}: add to data/streets.yaml")
    kind = rng.choice(kinds, count, p=share / share.sum())
    return [f"{name} {kind[i]}" for i, name in enumerate(first[:count])]


def _bend(ends: Floats, town: Town, rng: np.random.Generator) -> Floats:
    """Convert grid units to degrees: every town is rotated by its own angle and bent by slow waves."""
    share = np.linspace(0, 1, 5)[None, :, None]
    grid = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * share
    turn, phase = rng.uniform(-0.35, 0.35), rng.uniform(0, 2 * np.pi, 4)
    x = grid[..., 0] + 0.5 * np.sin(grid[..., 1] / 4 + phase[0]) + 0.15 * np.sin(grid[..., 0] / 2 + phase[1])
    y = grid[..., 1] + 0.5 * np.sin(grid[..., 0] / 5 + phase[2]) + 0.15 * np.sin(grid[..., 1] / 3 + phase[3])
    lon = town["lon"] + _BLOCK[0] * (x * np.cos(turn) - y * np.sin(turn))
    lat = town["lat"] + _BLOCK[1] * (x * np.sin(turn) + y * np.cos(turn))
    return np.stack([lon, lat], axis=-1).round(6)
