"""Bounds of the loaded layers of a state, with which a new file's coordinates are compared."""

from collections.abc import Callable, Sequence

import numpy as np
import shapely
from shapely.geometry import shape

from apps.districts.models import Vintage
from apps.districts.sources.location import Box
from apps.districts.spatial_index.store import CellsError
from apps.districts.vintage_files import OpenVintage

MAX_DIVISIONS = 300  # of a layer; enough to know where a state is


def bounds_of_other_layers(layer: str, vintage: str) -> Callable[[str], Sequence[Box]]:
    """Return a function from the part of a state's ids after `country:us/` to the bounds of its other live vintages."""

    def bounds(state: str) -> Sequence[Box]:
        others = Vintage.objects.live().exclude(layer=layer, name=vintage)
        return [box for other in others if (box := _bounds_in(other, state))]

    return bounds


def _bounds_in(vintage: Vintage, state: str) -> Box | None:
    prefix = f"ocd-division/country:us/{state}"
    try:
        opened = OpenVintage(vintage.path)
        numbers = [n for n, ocd_id in enumerate(opened.ids) if ocd_id == prefix or ocd_id.startswith(f"{prefix}/")]
        boxes = shapely.bounds([shape(opened.outline(number)) for number in numbers[:MAX_DIVISIONS]])
    except (CellsError, OSError, ValueError):
        return None  # a damaged vintage is no measure for another
    if not len(boxes):
        return None
    west, south = np.nanmin(boxes[:, :2], axis=0)
    east, north = np.nanmax(boxes[:, 2:], axis=0)
    return (float(west), float(south), float(east), float(north))
