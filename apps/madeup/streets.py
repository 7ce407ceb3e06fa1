"""Streets and address ranges: bent town grids, highways and county roads.

A street is cut into blocks. A block has one range of a hundred numbers (`base` to `base + span`), odd on one side
and even on the other, as TIGER's ADDRFEAT gives it. Numbers grow from a town's axis, or from its western and
southern edge where it is small.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray

from apps.madeup.facts import HOME_CITY, HOME_STREET, HOME_ZIP
from apps.madeup.outline import Floats, crooked, halden
from apps.madeup.tables import Town, load_yaml, texts, towns

Ints = NDArray[np.int64]

_BLOCK = (0.0021, 0.0014)  # degrees: about 190 m by 155 m
_PEOPLE_PER_BLOCK = 45  # voters: about 24 homes
_SMALLEST_STATE = 200_000  # towns are laid out for at least so many voters, so that small states look like states
BOTH, ODD_ONLY, EVEN_ONLY = 0, 1, 2


@dataclass
class Streets:
    """Blocks as arrays of one length. `line` is (blocks, 5, 2) in degrees."""

    line: Floats
    name: NDArray[np.object_]
    base: Ints
    span: Ints
    letter: NDArray[np.object_]  # before the number: N6543
    down: NDArray[np.bool_]  # numbers fall along the line
    odd_left: NDArray[np.bool_]
    sides: Ints
    town: Ints  # postal city
    zip: NDArray[np.object_]
    rural: NDArray[np.bool_]
    weight: Floats  # share of the state's voters
    flats: Floats  # share of homes that are in buildings with flats

    @classmethod
    def join(cls, parts: list[Self]) -> Self:
        """Put several together."""
        return cls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(cls)))

    def take(self, which: NDArray[np.bool_] | Ints) -> Self:
        """Return some of the blocks."""
        return type(self)(*(getattr(self, f.name)[which] for f in fields(self)))

    def __len__(self) -> int:
        return len(self.base)


def lay_out(voters: int, rng: np.random.Generator) -> Streets:
    """Lay out every street of Halden for a state of `voters`."""
    land = halden().buffer(-0.002)
    shapely.prepare(land)
    zips = zip_codes()
    parts = [_town(number, town, zips[number], voters, rng) for number, town in enumerate(towns())]
    built = shapely.union_all([_outskirts(part) for part in parts])
    shapely.prepare(built)
    rural = _roads(voters, zips, rng)
    middle = rural.line[:, 2]
    rural = rural.take(~shapely.contains_xy(built, middle[:, 0], middle[:, 1]))
    rural.weight /= rural.weight.sum() / (1 - sum(town["share"] for town in towns()) / 100)
    streets = Streets.join([*parts, rural])
    on_land = shapely.contains_xy(land, streets.line[..., 0], streets.line[..., 1]).all(axis=1)
    streets = streets.take(on_land)
    streets.weight /= streets.weight.sum()
    return streets


def zip_codes() -> list[list[str]]:
    """Return the ZIP codes of every town, in the order of towns(): 001 in the west to 003 in the east, 004 Port Ansel."""
    codes: list[list[str]] = []
    used = {"001": 100, "002": 200, "003": 300}
    for town in towns():
        if town["name"] == HOME_CITY:
            codes.append([f"{number:05}" for number in range(411, 410 + town["zips"])] + [HOME_ZIP])
            continue
        prefix = "001" if town["lon"] < -47.6 else "002" if town["lon"] < -46.2 else "003"
        codes.append([f"{used[prefix] + 1 + step:05}" for step in range(town["zips"])])
        used[prefix] += town["zips"]
    return codes


def is_home(streets: Streets) -> NDArray[np.bool_]:
    """Tell which block is the 400 block of Coopers Row, kept for the demo's people."""
    town = [t["name"] for t in towns()].index(HOME_CITY)
    found: NDArray[np.bool_] = (streets.name == HOME_STREET) & (streets.base == 400) & (streets.town == town)
    return found


def _outskirts(part: Streets) -> shapely.Geometry:
    return shapely.MultiPoint(part.line[:, 2]).convex_hull.buffer(0.002)


def _town(number: int, town: Town, zips: list[str], voters: int, rng: np.random.Generator) -> Streets:
    """Lay out one town: rows and columns of a bent, turned grid, cut to an uneven round."""
    blocks = town["share"] / 100 * max(voters, _SMALLEST_STATE) / _PEOPLE_PER_BLOCK
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
    return _blocks(
        _bend(ends, town, rng), name, base, rng, town=np.full(len(base), number), code=code,
        weight=weight / weight.sum() * town["share"] / 100, flats=flats, rural=False,
    )  # fmt: skip


def _polar(middle: Floats, rows: int, columns: int) -> tuple[Floats, Floats]:
    """Return distance from the centre (1 at the edge of the grid) and bearing of points in grid units."""
    x, y = middle[:, 0] / (columns / 2), middle[:, 1] / (rows / 2)
    return np.hypot(x, y), np.arctan2(y, x)


def _grid(town: Town, rows: int, columns: int, rng: np.random.Generator) -> tuple[Floats, NDArray[np.object_], Ints]:
    """Return ends (in blocks from the centre), names and first numbers of all blocks of a town's grid."""
    city = town["kind"] == "city"
    ends: list[list[list[float]]] = []
    names: list[str] = []
    base: list[int] = []
    named = _names(rows + columns, rng)
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


def _names(count: int, rng: np.random.Generator) -> list[str]:
    """Return street names without a double; past the list they are of two words."""
    table = load_yaml("streets.yaml")
    kinds, share = list(table["types"]), np.array(list(table["types"].values()), float)
    first = list(rng.permutation(table["names"]))
    while len(first) < count:
        more = [f"{name} {rng.choice(table['second'])}" for name in rng.permutation(table["names"])]
        first += [name for name in dict.fromkeys(more) if name not in first]
    kind = rng.choice(kinds, count, p=share / share.sum())
    return [f"{name} {kind[i]}" for i, name in enumerate(first[:count])]


def _bend(ends: Floats, town: Town, rng: np.random.Generator) -> Floats:
    """Turn grid units into degrees: every town is turned by its own angle and bent by slow waves."""
    share = np.linspace(0, 1, 5)[None, :, None]
    grid = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * share
    turn, phase = rng.uniform(-0.35, 0.35), rng.uniform(0, 2 * np.pi, 4)
    x = grid[..., 0] + 0.5 * np.sin(grid[..., 1] / 4 + phase[0]) + 0.15 * np.sin(grid[..., 0] / 2 + phase[1])
    y = grid[..., 1] + 0.5 * np.sin(grid[..., 0] / 5 + phase[2]) + 0.15 * np.sin(grid[..., 1] / 3 + phase[3])
    lon = town["lon"] + _BLOCK[0] * (x * np.cos(turn) - y * np.sin(turn))
    lat = town["lat"] + _BLOCK[1] * (x * np.sin(turn) + y * np.cos(turn))
    return np.stack([lon, lat], axis=-1).round(6)


def _roads(voters: int, zips: list[list[str]], rng: np.random.Generator) -> Streets:
    """Lay out highways between neighbouring towns, and county roads, more of them where there are more voters."""
    places = np.array([(town["lon"], town["lat"]) for town in towns()])
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    links = sorted({tuple(sorted((a, int(b)))) for a in range(len(places)) for b in apart[a].argsort()[1:4]})
    lines: list[Floats] = []
    names: list[str] = []
    for number, (a, b) in enumerate(links):
        kind = ("US Hwy", "State Hwy", "State Rte")[number % 3]
        lines.append(_road(places[a], places[b], rng))
        names.append(f"{kind} {11 + 3 * number}")
    wanted = int(0.16 * max(voters, _SMALLEST_STATE) / 25 / 5)
    west, south, east, north = halden().bounds
    start = rng.uniform((west, south), (east, north), (wanted * 2, 2))
    angle, length = rng.uniform(0, np.pi, wanted * 2), rng.uniform(0.05, 0.16, wanted * 2)
    end = start + np.stack([length * np.cos(angle), length * np.sin(angle)], axis=1)
    land = halden()
    kept = np.flatnonzero(shapely.contains_xy(land, *start.T) & shapely.contains_xy(land, *end.T))[:wanted]
    named = _names(len(kept), rng)
    for order, which in enumerate(kept.tolist()):
        lines.append(_road(start[which], end[which], rng))
        letter = "ABCDEFGHJKLMNPRSTVW"[order % 19] if order % 7 == 0 else ""
        names.append(f"County Road {letter or 100 + order}" if order % 3 else named[order])
    count = [len(line) for line in lines]
    line = np.concatenate(lines)
    base = np.concatenate([1000 + 100 * np.arange(n) for n in count])
    town = (np.hypot(*(line[:, 2, None] - places[None]).transpose(2, 0, 1))).argmin(axis=1)
    code = texts([codes[-1] for codes in zips])[town]
    return _blocks(
        line, np.repeat(texts(names), count), base, rng, town=town, code=code,
        weight=rng.lognormal(0, 0.6, len(base)), flats=np.zeros(len(base)), rural=True,
    )  # fmt: skip


def _road(a: Floats, b: Floats, rng: np.random.Generator) -> Floats:
    """Return a winding road in blocks of about a mile, each of five points."""
    depth = max(0, round(np.log2(float(np.hypot(*(b - a))) / 0.02)))
    points = crooked(np.array([[a, b]]), depth + 2, 0.08, rng)[0].round(6)
    return np.stack([points[4 * i : 4 * i + 5] for i in range(2**depth)])


def _blocks(
    line: Floats, name: NDArray[np.object_], base: Ints, rng: np.random.Generator, *,
    town: Ints, code: NDArray[np.object_], weight: Floats, flats: Floats, rural: bool,
) -> Streets:  # fmt: skip
    """Give blocks the irregularities of real ranges: short ones, falling ones, one-sided ones, numbers with a letter."""
    count = len(base)
    home = name == HOME_STREET
    letter = np.full(count, "", object)
    if rural:  # in the far west numbers carry the letter of the survey line
        letter[(line[:, 2, 0] < -48.2) & (line[:, 2, 1] < 34.6)] = "N"
    return Streets(
        line=line, name=name, base=base.astype(np.int64), letter=letter,
        span=np.where(home, 99, rng.choice([99, 59, 39], count, p=[0.8, 0.12, 0.08])),
        down=(rng.random(count) < 0.2) & ~home,
        odd_left=rng.random(count) < 0.5,
        sides=np.where(home, BOTH, rng.choice([BOTH, ODD_ONLY, EVEN_ONLY], count, p=[0.92, 0.04, 0.04])),
        town=town.astype(np.int64), zip=code, rural=np.full(count, rural), weight=weight, flats=flats,
    )  # fmt: skip
