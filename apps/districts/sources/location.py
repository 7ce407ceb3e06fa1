"""Detect coordinates that cannot be right: swapped, without a minus sign, or in another coordinate system than stated.

Compares each district with the bounds of its state: of the Census Bureau for real states, of the loaded layers for
others, and of the United States where neither is known.
"""

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import numpy as np
import shapely
import yaml

from apps.core.errors import BadInput
from apps.districts.sources.layers import LAYERS_FOLDER

Box = tuple[float, float, float, float]  # west, south, east, north
KnownBounds = Callable[[str], Sequence[Box]]
MARGIN_DEGREES: Final = 1.0  # districts reach into the sea and the Great Lakes
# Generous, because made-up states lie anywhere around the United States: in the Atlantic, for example.
UNITED_STATES: Final[Sequence[Box]] = ((-180, -15, -40, 72), (140, -15, 180, 72))
_STATE: Final = re.compile(r"ocd-division/country:us/((?:state|district|territory):[a-z]{2})(?:/|$)")


def no_bounds(_: str) -> Sequence[Box]:
    """Return no bounds: no layer is loaded."""
    return ()


@cache
def _state_bounds() -> dict[str, Sequence[Box]]:
    loaded: dict[str, Sequence[Box]] = yaml.safe_load((LAYERS_FOLDER / "states" / "bounds.yaml").read_text())
    return loaded


def check_location(
    name: str, ids: Sequence[str], geometries: np.ndarray, loaded: KnownBounds = no_bounds, *, reprojected: bool = False
) -> list[str]:
    """Raise BadInput that names the file and a district whose place shows a mistake; return notes on other places.

    `loaded` returns the bounds of the loaded layers of a state, by the part of its id after `country:us/`. A district
    that was `reprojected` to a place outside of its state was in another system than its file states.
    """
    by_state: dict[str, list[int]] = {}
    for number, ocd_id in enumerate(ids):
        if match := _STATE.match(ocd_id):
            by_state.setdefault(match[1], []).append(number)
    bounds, outside = shapely.bounds(geometries), []
    for state, numbers in by_state.items():
        boxes = _state_bounds().get(state, ())
        known = boxes or loaded(state) or UNITED_STATES
        for number in numbers:
            if _near(bounds[number], known):
                continue
            if mistake := _mistake(bounds[number], known):
                raise BadInput(f"{name}: {_place(ids[number], bounds[number])} {mistake}")
            if boxes and reprojected:
                raise BadInput(
                    f"{name}: {_place(ids[number], bounds[number])} That is outside of its state, so the file's "
                    "coordinate system is not the one that it states. Name the CRS with --crs."
                )
            outside += [ids[number]] if boxes else []
    return [f"{len(outside)} divisions lie outside of their state, such as {outside[0]}"] if outside else []


def _place(ocd_id: str, bounds: np.ndarray) -> str:
    west, south, east, north = bounds
    return f"{ocd_id} lies at longitude {west:.4g} to {east:.4g}, latitude {south:.4g} to {north:.4g}."


def _mistake(bounds: np.ndarray, known: Sequence[Box]) -> str:
    """Return the common mistake that puts a district where it is; empty if there is none."""
    west, south, east, north = bounds
    if _near((south, west, north, east), known):
        return "Its coordinates are swapped: longitude has to come first, then latitude."
    if _near((-east, south, -west, north), known):
        return "Its longitudes have no minus sign: west of Greenwich they are negative."
    if _near((-north, west, -south, east), known):
        return "Its coordinates are swapped and have no minus sign: longitude comes first, and is negative in the west."
    return ""


def _near(box: Box | np.ndarray, known: Sequence[Box]) -> bool:
    west, south, east, north = (float(value) for value in box)
    return any(
        west <= e + MARGIN_DEGREES and east >= w - MARGIN_DEGREES
        and south <= n + MARGIN_DEGREES and north >= s - MARGIN_DEGREES
        for w, s, e, n in known
    )  # fmt: skip
