"""Generate Halden's geography: streets, precinct cells, counties and the plans of three legislatures."""

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from apps.synthetic.addresses import points
from apps.synthetic.constants import DISTRICTS, HOME_COUNTY, HOME_DISTRICTS, HOME_PRECINCT, ocdid
from apps.synthetic.layout import lay_out
from apps.synthetic.mesh import Mesh, make_mesh
from apps.synthetic.outline import Floats
from apps.synthetic.plans import Labels, counties, plan, redraw
from apps.synthetic.streets import Ints, Streets, is_home
from apps.synthetic.tables import county_names, towns

_REDRAWN = {"cd": 4, "sldu": 5, "sldl": 12}  # how many districts a new plan touches
HOME_NUMBER = 418  # on Coopers Row, the demo member's house


@dataclass(frozen=True)
class Geography:
    """The fixed geography. Labels are per cell: `county` counts from 0, the rest are numbers as printed."""

    streets: Streets
    mesh: Mesh
    county: Labels
    precinct: Labels
    today: dict[str, Labels]  # cd, sldu, sldl
    other: dict[str, Labels]  # the next plan of cd and sldu, the plan before of sldl

    def county_name(self, cell: int) -> str:
        """Return the name of the county of a cell."""
        return county_names()[int(self.county[cell])]

    def precinct_id(self, cell: int) -> str:
        """Return the OCD id of the precinct that is this cell."""
        return ocdid("precinct", int(self.precinct[cell]), self.county_name(cell))


def make_geography(voters: int, seed: int) -> Geography:
    """Generate the geography for a number of voters; outline, towns and county seats are the same for every seed."""
    streets = lay_out(voters, np.random.default_rng([seed, 1]))
    rng = np.random.default_rng([seed, 2])
    homes = streets.line[rng.choice(len(streets), 20_000, p=streets.weight), 2]
    middle = streets.line[is_home(streets), 2][0]
    mesh = make_mesh(homes, int(440 + 0.75 * sqrt(voters)), middle, rng)
    block_cell = mesh.locate(streets.line[:, 2])
    people = np.bincount(block_cell, weights=streets.weight, minlength=len(mesh.cells)).astype(np.float64)
    home = home_cell(streets, mesh)
    county = counties(mesh, _seats(), np.random.default_rng([seed, 3]))
    today, other = _plans(mesh, people, home, seed)
    return Geography(streets, mesh, county, _precincts(county, home), today, other)


def home_cell(streets: Streets, mesh: Mesh) -> int:
    """Return the cell of 418 Coopers Row."""
    block = np.flatnonzero(is_home(streets))
    if len(block) != 1:
        raise ValueError("Coopers Row has lost its 400 block: check the layout of Port Ansel")
    return int(mesh.locate(points(streets, block, np.array([HOME_NUMBER])))[0])


def _seats() -> Floats:
    where = {town["seat"]: (town["lon"], town["lat"]) for town in towns() if "seat" in town}
    return np.array([where[name] for name in county_names()])


def _precincts(county: Labels, home: int) -> Labels:
    """Number precincts from 101 in every county; the home precinct swaps numbers with 136."""
    number = np.zeros(len(county), np.int64)
    for which in range(len(county_names())):
        cells = np.flatnonzero(county == which)
        number[cells] = 101 + np.arange(len(cells))
    if county_names()[county[home]] != HOME_COUNTY:
        raise ValueError(f"Port Ansel must lie in {HOME_COUNTY} County")
    same = np.flatnonzero((county == county[home]) & (number == HOME_PRECINCT))
    number[same], number[home] = number[home], HOME_PRECINCT
    return number


def _plans(mesh: Mesh, people: Floats, home: int, seed: int) -> tuple[dict[str, Labels], dict[str, Labels]]:
    """Draw the current plan and one other of every layer, numbered so that the home has the districts in
    constants.py.
    """
    today, other = {}, {}
    for order, (layer, count) in enumerate(DISTRICTS.items()):
        rng = np.random.default_rng([seed, 4, order])
        now = plan(mesh, people, count, rng)
        then = redraw(mesh, people, now, home, _REDRAWN[layer], rng)
        number = _numbering(count, int(now[home]), int(then[home]), HOME_DISTRICTS[layer], rng)
        today[layer], other[layer] = number[now], number[then]
    return today, other


def _numbering(count: int, now: int, then: int, wanted: tuple[int, int], rng: np.random.Generator) -> Ints:
    """Return the printed number of every group: `wanted` for the two that hold the home, the rest shuffled."""
    fixed = {now: wanted[0]} if wanted[0] == wanted[1] else {now: wanted[0], then: wanted[1]}
    rest = [int(n) for n in rng.permutation(np.arange(1, count + 1)) if int(n) not in fixed.values()]
    number: NDArray[np.int64] = np.array([fixed[g] if g in fixed else rest.pop() for g in range(count)])
    return number
