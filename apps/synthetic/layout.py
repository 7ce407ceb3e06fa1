"""Lay out the streets of the whole state, and its ZIP codes."""

import numpy as np
import shapely

from apps.synthetic.constants import HOME_CITY, HOME_ZIP
from apps.synthetic.grids import town_streets
from apps.synthetic.outline import halden
from apps.synthetic.roads import country_roads
from apps.synthetic.streets import Streets
from apps.synthetic.tables import towns


def lay_out(voters: int, rng: np.random.Generator) -> Streets:
    """Lay out every street of Halden for a state of `voters`."""
    land = halden().buffer(-0.002)
    shapely.prepare(land)
    zips = zip_codes()
    parts = [town_streets(number, town, zips[number], voters, rng) for number, town in enumerate(towns())]
    built = shapely.union_all([_outskirts(part) for part in parts])
    shapely.prepare(built)
    rural = country_roads(voters, zips, rng)
    middle = rural.line[:, 2]
    rural = rural.take(~shapely.contains_xy(built, middle[:, 0], middle[:, 1]))
    rural.weight /= rural.weight.sum() / (1 - sum(town["share"] for town in towns()) / 100)
    streets = Streets.join([*parts, rural])
    on_land = shapely.contains_xy(land, streets.line[..., 0], streets.line[..., 1]).all(axis=1)
    streets = streets.take(on_land)
    streets.weight /= streets.weight.sum()
    return streets


def zip_codes() -> list[list[str]]:
    """Return the ZIP codes of every town in the order of towns(): 001 to 003 from west to east, 004 Port Ansel."""
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


def _outskirts(part: Streets) -> shapely.Geometry:
    return shapely.MultiPoint(part.line[:, 2]).convex_hull.buffer(0.002)
