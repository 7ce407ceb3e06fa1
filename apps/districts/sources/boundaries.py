"""One boundary file to districts: ids, names and sound polygons in degrees, with a report of what was not
right.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from apps.core.errors import BadInput, Refused
from apps.districts.sources.files import GeoTable, read_geo_table
from apps.districts.sources.geometry import mend
from apps.districts.sources.layers import LayerDefinition, layer_definition
from apps.districts.sources.projection import to_degrees

EXAMPLES = 10


@dataclass
class Report:
    """What a load found, ready for JSON: counts, and the first few ids of each kind of trouble."""

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

    def add(self, other: "Report") -> None:
        """Count another file's rows among these."""
        self.read += other.read
        self.foreign_ids += other.foreign_ids
        for reason, count in other.skipped.items():
            self.skipped[reason] = self.skipped.get(reason, 0) + count
        self.refused |= other.refused
        self.repaired |= other.repaired
        self.notes += [note for note in other.notes if note not in self.notes]

    def as_json(self) -> dict[str, Any]:
        """Counts for everything, examples where ids are known."""
        plain: dict[str, Any] = {"read": self.read, "loaded": self.loaded, "skipped": self.skipped}
        for name in ("refused", "repaired", "doubled", "overlaps", "gaps"):
            found = getattr(self, name)
            plain[name] = len(found)
            examples = [f"{key}: {why}" for key, why in found.items()] if isinstance(found, dict) else sorted(found)
            if examples:
                plain[f"{name}_examples"] = examples[:EXAMPLES]
        return plain | {"ids_not_ocd": self.foreign_ids, "notes": self.notes} | self.listed


@dataclass(frozen=True)
class Boundaries:
    """The districts of one file, one row an id: ids, names and polygons of equal length."""

    ids: list[str]
    names: list[str]
    geometries: np.ndarray
    report: Report


def read_all(paths: Sequence[Path], layer: str, id_column: str = "ocdid") -> Boundaries:
    """Reads the files that make one layer together, such as the Census's one a state. Raises as read_boundaries."""
    parts = [read_boundaries(path, layer, id_column) for path in paths]
    if len(parts) == 1:
        return parts[0]
    report = Report(notes=[f"{len(parts)} files"])
    for part in parts:
        report.add(part.report)
    return _one_row_each(
        [each for part in parts for each in part.ids],
        [name for part in parts for name in part.names],
        np.concatenate([part.geometries for part in parts]),
        report,
    )


def read_boundaries(path: Path, layer: str, id_column: str = "ocdid") -> Boundaries:
    """Reads a file of districts. Raises BadInput for a file that cannot be used, Refused when no district is
    left.
    """
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers are refused by row, below
        table = read_geo_table(path)
        mended = mend(table.geometries)
    definition = layer_definition(layer)
    report = Report(read=len(table.geometries))
    ids = _ids(path, table, definition, id_column, report)
    names = _names(table, definition)
    for row, why in mended.refused.items():
        if ids[row]:
            report.refused[_label(ids, row)] = why
    report.repaired = {_label(ids, row): why for row, why in mended.repaired.items() if ids[row]}
    kept = [row for row, each in enumerate(ids) if each and row not in mended.refused]
    if not kept:
        raise Refused(f"{path.name} has no district with an id and an area; nothing was loaded. {_why(report)}")
    geometries, notes = to_degrees(mended.geometries[kept], table.crs, path.name)
    report.notes += notes
    return _one_row_each([str(ids[row]) for row in kept], [names[row] for row in kept], geometries, report)


def _label(ids: list[str | None], row: int) -> str:
    return f"{ids[row]} (row {row + 1})"


def _why(report: Report) -> str:
    reasons = [f"{reason}: {count}" for reason, count in report.skipped.items()]
    reasons += [f"{row}: {why}" for row, why in list(report.refused.items())[:3]]
    return "; ".join(reasons)


def _ids(path: Path, table: GeoTable, definition: LayerDefinition, id_column: str, report: Report) -> list[str | None]:
    if id_column in table.columns:
        ids = [_text(value) for value in table.columns[id_column]]
        _count(report, "no id", sum(each is None for each in ids))
        report.foreign_ids = sum(each is not None and not each.startswith("ocd-division/") for each in ids)
        return ids
    facts = definition.facts_in(list(table.columns))
    if facts is None or id_column != "ocdid":
        names = ", ".join(list(table.columns)[:20]) or "none"
        raise BadInput(
            f"{path.name} has no column {id_column!r}, and its columns are none that Votekin can turn into ids of "
            f"the layer {definition.layer!r}. Name one with --id-column. It has: {names}."
        )
    return _derived_ids(table, definition, facts, report)


def _derived_ids(
    table: GeoTable, definition: LayerDefinition, facts: dict[str, str], report: Report
) -> list[str | None]:
    ids: list[str | None] = []
    postal = table.columns.get("STUSPS", [None] * len(table.geometries))
    rows = [
        dict(zip(facts, values, strict=True))
        for values in zip(*(table.columns[c] for c in facts.values()), strict=True)
    ]
    for row, code in zip(rows, postal, strict=True):
        each, reason = definition.id_of(row | {"postal": code})
        ids.append(each)
        if reason:
            _count(report, reason, 1)
    report.notes.append(f"ids made from {', '.join(facts.values())}")
    if definition.doubled:
        counts = Counter(ids)
        return [
            definition.doubled.format(id=each, **row) if each and counts[each] > 1 else each
            for each, row in zip(ids, rows, strict=True)
        ]
    return ids


def _text(value: Any) -> str | None:
    """A cell as text; None for what files use for "nothing" (null, NaN, blank)."""
    if value is None or value != value:  # noqa: PLR0124 - NaN alone differs from itself
        return None
    if isinstance(value, float) and value.is_integer():  # whole numbers beside a null are read as fractions
        value = int(value)
    return str(value).strip() or None


def _count(report: Report, reason: str, count: int) -> None:
    if count:
        report.skipped[reason] = report.skipped.get(reason, 0) + count


def _names(table: GeoTable, definition: LayerDefinition) -> list[str]:
    patterns = definition if definition.names else LayerDefinition("", "", names=["name", "NAMELSAD", "NAME"])
    column = patterns.name_column(list(table.columns))
    if column is None:
        return [""] * len(table.geometries)
    return [_text(value) or "" for value in table.columns[column]]


def _one_row_each(ids: list[str], names: list[str], geometries: np.ndarray, report: Report) -> Boundaries:
    """Joins the rows that share an id into one district: some files give a district one row for each of its
    parts.
    """
    rows: dict[str, list[int]] = {}
    for row, each in enumerate(ids):
        rows.setdefault(each, []).append(row)
    report.doubled += [each for each, places in rows.items() if len(places) > 1]
    joined = np.empty(len(rows), dtype=object)
    for number, places in enumerate(rows.values()):
        joined[number] = geometries[places[0]] if len(places) == 1 else shapely.union_all(geometries[places])
    report.loaded = len(rows)
    return Boundaries(list(rows), [names[places[0]] for places in rows.values()], joined, report)
