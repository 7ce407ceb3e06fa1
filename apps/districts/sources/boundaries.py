"""Read boundary files into districts: ids, names and valid polygons in degrees, with a report of problems."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from apps.core.errors import BadInput, Refused
from apps.core.types import FileValue
from apps.districts.sources.files import PARSER_ERRORS, GeoTable, read_geo_table
from apps.districts.sources.geometry import repair_geometries
from apps.districts.sources.layers import LayerDefinition, layer_definition
from apps.districts.sources.location import KnownBounds, check_location, no_bounds
from apps.districts.sources.projection import to_degrees

MAX_EXAMPLES = 10


@dataclass
class BoundaryReport:
    """The report of a load: counts, and the first few ids of each type of problem."""

    read: int = 0
    loaded: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    repaired: dict[str, str] = field(default_factory=dict)
    doubled: list[str] = field(default_factory=list)
    foreign_ids: int = 0
    overlaps: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    listed: dict[str, Any] = field(default_factory=dict)

    def add(self, other: "BoundaryReport") -> None:
        """Add another file's counts."""
        self.read += other.read
        self.foreign_ids += other.foreign_ids
        for reason, count in other.skipped.items():
            self.skipped[reason] = self.skipped.get(reason, 0) + count
        self.refused |= other.refused
        self.repaired |= other.repaired
        self.notes += [note for note in other.notes if note not in self.notes]

    def as_json(self) -> dict[str, Any]:
        """Return counts, and up to MAX_EXAMPLES ids per problem, as JSON values."""
        plain: dict[str, Any] = {"read": self.read, "loaded": self.loaded, "skipped": self.skipped}
        for name in ("refused", "repaired", "doubled", "overlaps", "gaps"):
            found = getattr(self, name)
            plain[name] = len(found)
            examples = (
                [f"{key}: {reason}" for key, reason in found.items()] if isinstance(found, dict) else sorted(found)
            )
            if examples:
                plain[f"{name}_examples"] = examples[:MAX_EXAMPLES]
        return plain | {"ids_not_ocd": self.foreign_ids, "notes": self.notes} | self.listed


@dataclass(frozen=True)
class Boundaries:
    """Districts with unique ids: ids, names and polygons, of equal length."""

    ids: list[str]
    names: list[str]
    geometries: np.ndarray
    report: BoundaryReport


def read_all(
    paths: Sequence[Path], layer: str, id_column: str = "ocdid", *, crs: str = "", loaded: KnownBounds = no_bounds
) -> Boundaries:
    """Read files that form one layer together, such as the Census's files per state. Raises like read_boundaries."""
    parts = [read_boundaries(path, layer, id_column, crs=crs, loaded=loaded) for path in paths]
    if len(parts) == 1:
        return parts[0]
    report = BoundaryReport(notes=[f"{len(parts)} files"])
    for part in parts:
        report.add(part.report)
    return _merge_rows_by_id(
        [ocd_id for part in parts for ocd_id in part.ids],
        [name for part in parts for name in part.names],
        np.concatenate([part.geometries for part in parts]),
        report,
    )


def read_boundaries(
    path: Path, layer: str, id_column: str = "ocdid", *, crs: str = "", loaded: KnownBounds = no_bounds
) -> Boundaries:
    """Read a file of districts; raise BadInput for an invalid file, Refused if no district is usable.

    `crs` overrides the coordinate system that the file states. `loaded` returns the bounds of the loaded layers of a
    state, with which the file's are compared.
    """
    with np.errstate(invalid="ignore", over="ignore"):  # rows with coordinates that are not numbers are refused below
        table = read_geo_table(path)
        try:
            return _boundaries(path, table, layer, id_column, crs=crs, loaded=loaded)
        except PARSER_ERRORS as error:  # of shapes that the geometry library cannot work with
            raise BadInput(f"{path.name} has shapes that cannot be used: {str(error)[:200]}") from error


def _boundaries(
    path: Path, table: GeoTable, layer: str, id_column: str, *, crs: str, loaded: KnownBounds
) -> Boundaries:
    repaired = repair_geometries(table.geometries)
    definition = layer_definition(layer)
    report = BoundaryReport(read=len(table.geometries), notes=list(table.notes))
    ids = _ids(path, table, definition, id_column, report)
    names = _names(table, definition)
    for row, reason in repaired.refused.items():
        if ids[row]:
            report.refused[_label(ids, row)] = reason
    report.repaired = {_label(ids, row): reason for row, reason in repaired.repaired.items() if ids[row]}
    usable_rows = [row for row, ocd_id in enumerate(ids) if ocd_id and row not in repaired.refused]
    if not usable_rows:
        raise Refused(
            f"{path.name} has no district with an id and an area; nothing was loaded. {_list_reasons(report)}"
        )
    geometries, notes = to_degrees(repaired.geometries[usable_rows], crs or table.crs, path.name)
    report.notes += notes
    reprojected = any(note.startswith("reprojected") for note in notes)
    usable_ids = [str(ids[row]) for row in usable_rows]
    report.notes += check_location(path.name, usable_ids, geometries, loaded, reprojected=reprojected)
    return _merge_rows_by_id(usable_ids, [names[row] for row in usable_rows], geometries, report)


def _label(ids: list[str | None], row: int) -> str:
    return f"{ids[row]} (row {row + 1})"


def _list_reasons(report: BoundaryReport) -> str:
    reasons = [f"{reason}: {count}" for reason, count in report.skipped.items()]
    reasons += [f"{row}: {reason}" for row, reason in list(report.refused.items())[:3]]
    return "; ".join(reasons)


def _ids(
    path: Path, table: GeoTable, definition: LayerDefinition, id_column: str, report: BoundaryReport
) -> list[str | None]:
    if id_column in table.columns:
        ids = [_text(value) for value in table.columns[id_column]]
        _count(report, "no id", sum(ocd_id is None for ocd_id in ids))
        report.foreign_ids = sum(ocd_id is not None and not ocd_id.startswith("ocd-division/") for ocd_id in ids)
        return ids
    facts = definition.facts_in(list(table.columns))
    if facts is None or id_column != "ocdid":
        names = ", ".join(list(table.columns)[:20]) or "none"
        raise BadInput(
            f"{path.name} has no column {id_column!r}, and Votekin cannot derive ids from its columns for "
            f"the layer {definition.layer!r}. Name the id column with --id-column. It has: {names}."
        )
    return _derived_ids(table, definition, facts, report)


def _derived_ids(
    table: GeoTable, definition: LayerDefinition, facts: dict[str, str], report: BoundaryReport
) -> list[str | None]:
    ids: list[str | None] = []
    postal = table.columns.get("STUSPS", [None] * len(table.geometries))
    rows = [
        dict(zip(facts, values, strict=True))
        for values in zip(*(table.columns[c] for c in facts.values()), strict=True)
    ]
    for row, code in zip(rows, postal, strict=True):
        ocd_id, reason = definition.id_of(row | {"postal": code})
        ids.append(ocd_id)
        if reason:
            _count(report, reason, 1)
    report.notes.append(f"ids derived from {', '.join(facts.values())}")
    if definition.doubled:
        counts = Counter(ids)
        return [
            definition.doubled.format(id=ocd_id, **row) if ocd_id and counts[ocd_id] > 1 else ocd_id
            for ocd_id, row in zip(ids, rows, strict=True)
        ]
    return ids


def _text(value: FileValue) -> str | None:
    """Return a cell as text; None for null, NaN and blank."""
    if value is None or value != value:  # noqa: PLR0124 - only NaN differs from itself
        return None
    if isinstance(value, float) and value.is_integer():  # a column of integers with a null is read as floats
        value = int(value)
    return str(value).strip() or None


def _count(report: BoundaryReport, reason: str, count: int) -> None:
    if count:
        report.skipped[reason] = report.skipped.get(reason, 0) + count


def _names(table: GeoTable, definition: LayerDefinition) -> list[str]:
    patterns = definition if definition.names else LayerDefinition("", "", names=["name", "NAMELSAD", "NAME"])
    column = patterns.name_column(list(table.columns))
    if column is None:
        return [""] * len(table.geometries)
    return [_text(value) or "" for value in table.columns[column]]


def _merge_rows_by_id(ids: list[str], names: list[str], geometries: np.ndarray, report: BoundaryReport) -> Boundaries:
    """Merge rows with the same id into one district: some files have a row per part of a district."""
    rows_by_id: dict[str, list[int]] = {}
    for row, ocd_id in enumerate(ids):
        rows_by_id.setdefault(ocd_id, []).append(row)
    report.doubled += [ocd_id for ocd_id, rows in rows_by_id.items() if len(rows) > 1]
    merged = np.empty(len(rows_by_id), dtype=object)
    for number, rows in enumerate(rows_by_id.values()):
        merged[number] = geometries[rows[0]] if len(rows) == 1 else shapely.union_all(geometries[rows])
    report.loaded = len(rows_by_id)
    return Boundaries(list(rows_by_id), [names[rows[0]] for rows in rows_by_id.values()], merged, report)
