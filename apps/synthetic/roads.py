"""Generate country roads: highways between neighboring towns, and county roads in between."""

import numpy as np
import shapely

from apps.synthetic.grids import street_names
from apps.synthetic.outline import Floats, crooked, halden
from apps.synthetic.streets import SMALLEST_STATE, Streets, with_quirks
from apps.synthetic.tables import texts, towns


def country_roads(voters: int, zips: list[list[str]], rng: np.random.Generator) -> Streets:
    """Lay out highways between neighboring towns, and county roads, more of them where there are more voters."""
    places = np.array([(town["lon"], town["lat"]) for town in towns()])
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    links = sorted({tuple(sorted((a, int(b)))) for a in range(len(places)) for b in apart[a].argsort()[1:4]})
    lines: list[Floats] = []
    names: list[str] = []
    for number, (a, b) in enumerate(links):
        kind = ("US Hwy", "State Hwy", "State Rte")[number % 3]
        lines.append(_road(places[a], places[b], rng))
        names.append(f"{kind} {11 + 3 * number}")
    wanted = int(0.16 * max(voters, SMALLEST_STATE) / 25 / 5)
    west, south, east, north = halden().bounds
    start = rng.uniform((west, south), (east, north), (wanted * 2, 2))
    angle, length = rng.uniform(0, np.pi, wanted * 2), rng.uniform(0.05, 0.16, wanted * 2)
    end = start + np.stack([length * np.cos(angle), length * np.sin(angle)], axis=1)
    land = halden()
    kept = np.flatnonzero(shapely.contains_xy(land, *start.T) & shapely.contains_xy(land, *end.T))[:wanted]
    named = street_names(len(kept), rng)
    for order, which in enumerate(kept.tolist()):
        lines.append(_road(start[which], end[which], rng))
        letter = "ABCDEFGHJKLMNPRSTVW"[order % 19] if order % 7 == 0 else ""
        names.append(f"County Road {letter or 100 + order}" if order % 3 else named[order])
    count = [len(line) for line in lines]
    line = np.concatenate(lines)
    base = np.concatenate([1000 + 100 * np.arange(n) for n in count])
    town = (np.hypot(*(line[:, 2, None] - places[None]).transpose(2, 0, 1))).argmin(axis=1)
    code = texts([codes[-1] for codes in zips])[town]
    shares = (rng.lognormal(0, 0.6, len(base)), np.zeros(len(base)))
    return with_quirks(line, np.repeat(texts(names), count), base, (town, code), shares, rng, rural=True)


def _road(a: Floats, b: Floats, rng: np.random.Generator) -> Floats:
    """Return a winding road in blocks of about a mile, each of five points."""
    depth = max(0, round(np.log2(float(np.hypot(*(b - a))) / 0.02)))
    points = crooked(np.array([[a, b]]), depth + 2, 0.08, rng)[0].round(6)
    return np.stack([points[4 * i : 4 * i + 5] for i in range(2**depth)])
