"""Write the boundary files: each layer a dated union of precinct cells, with a list of files for the loaders."""

import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from apps.synthetic.constants import STATE_NAME, Calendar, ocdid
from apps.synthetic.geofiles import write_geojson, write_geoparquet, write_shapefile_zip
from apps.synthetic.geography import Geography
from apps.synthetic.plans import Labels
from apps.synthetic.tables import county_names, texts

_TITLES = {"cd": "Congressional District", "sldu": "Senate District", "sldl": "House District"}


@dataclass(frozen=True)
class Layer:
    """One file of boundaries.json. `valid_to` is the first day on which it is no longer valid."""

    file: str
    format: str
    layer: str
    vintage: str
    valid_from: str | None
    valid_to: str | None
    districts: int
    copy_of: str | None = None


def write_boundaries(geo: Geography, calendar: Calendar, folder: Path) -> list[Layer]:
    """Write all layers and boundaries.json; a copy in another format names the file it repeats."""
    folder.mkdir(parents=True)
    made: list[Layer] = []
    for layer, vintage, start, end, label in _vintages(geo, calendar):
        ids, names, shapes = _districts(geo, layer, label)
        stem = f"{layer}_{vintage}" if vintage else layer
        dates = (start.isoformat() if start else None, end.isoformat() if end else None)
        write_geoparquet(folder / f"{stem}.parquet", {"ocdid": texts(ids), "name": texts(names)}, shapes)
        made.append(Layer(f"{stem}.parquet", "geoparquet", layer, vintage or "always", *dates, len(ids)))
        if layer == "county":
            write_geojson(folder / f"{stem}.geojson", {"ocdid": ids, "name": names}, shapes)
            made.append(Layer(f"{stem}.geojson", "geojson", layer, vintage, *dates, len(ids), f"{stem}.parquet"))
        if layer == "precinct":
            columns = {"ocdid": texts(ids), "name": texts(names)}
            write_shapefile_zip(folder / f"{stem}.zip", columns, shapes)
            made.append(Layer(f"{stem}.zip", "shapefile", layer, vintage, *dates, len(ids), f"{stem}.parquet"))
    text = json.dumps([asdict(layer) for layer in made], indent=1)
    (folder / "boundaries.json").write_text(text + "\n", encoding="utf-8")
    return made


def _vintages(geo: Geography, calendar: Calendar) -> list[tuple[str, str, date | None, date | None, Labels]]:
    """List layer, vintage, first day, first day after, and the label of every cell."""
    before, now, after = (str(year) for year in calendar.years)
    switch, june = calendar.switch, date(calendar.as_of.year, 6, 1)
    if june > calendar.as_of:
        june = june.replace(year=june.year - 1)
    since, later = calendar.shifted(-4), calendar.shifted(6)
    return [
        ("state", "", None, None, np.zeros(len(geo.county), np.int64)),
        ("county", str(calendar.as_of.year - 3), date(1871, 3, 1), None, geo.county),
        ("precinct", f"{june:%Y-%m}", june, None, np.arange(len(geo.county))),
        ("cd", now, since, switch, geo.today["cd"]),
        ("cd", after, switch, None, geo.other["cd"]),
        ("sldu", now, since, switch, geo.today["sldu"]),
        ("sldu", after, switch, None, geo.other["sldu"]),
        ("sldl", before, calendar.shifted(-14), since, geo.other["sldl"]),
        ("sldl", now, since, later, geo.today["sldl"]),
    ]


def _districts(geo: Geography, layer: str, label: Labels) -> tuple[list[str], list[str], NDArray[np.object_]]:
    """Return id, name and shape of every district of a layer."""
    numbers = np.unique(label)
    shapes = np.array([shapely.coverage_union_all(geo.mesh.cells[label == number]) for number in numbers], object)
    shapes = shapely.normalize(shapes)
    if layer == "state":
        return [ocdid("state", "")], [STATE_NAME], shapes
    if layer == "county":
        names = [county_names()[number] for number in numbers]
        return [ocdid("county", name) for name in names], [f"{name} County" for name in names], shapes
    if layer == "precinct":
        names = [f"Precinct {geo.precinct[cell]}, {geo.county_name(cell)} County" for cell in numbers.tolist()]
        return [geo.precinct_id(cell) for cell in numbers.tolist()], names, shapes
    return [ocdid(layer, n) for n in numbers.tolist()], [f"{_TITLES[layer]} {n}" for n in numbers.tolist()], shapes
