"""Import nationwide data from one folder of downloads: classify the files, order the steps, resume where stopped.

A folder may contain `nation.json` (or a generated state's `boundaries.json`): a list of {file, layer, vintage,
valid_from, valid_to}. Without it, boundary files are recognized by their Census names, all others by their content.
"""

import csv
import gzip
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from apps.core.errors import BadInput, Refused, VotekinError
from apps.districts import ocd_list, services
from apps.districts.addresses.files import AddressRow
from apps.districts.models import Vintage

from .elections import load_elections
from .formats import detect_format, read_records
from .models import Election, Source
from .services import load_officials

MANIFEST_NAMES: Final = ("nation.json", "boundaries.json")
SPATIAL_SUFFIXES: Final = (".zip", ".parquet", ".geojson", ".gpkg", ".shp")
# tl_2022_37_cd118.zip, cb_2023_us_county_500k.zip: product, year, state or us, layer.
CENSUS_NAME: Final = re.compile(r"(tl|cb)_(\d{4})_(us|\d\d)_(cd\d{3}|sldu|sldl|county|place|state|unsd|scsd|elsd|aiannh)(?:_\w+)?\.\w+")  # noqa: E501  # fmt: skip
LAYER_BY_CENSUS_NAME: Final = {
    "unsd": "school_district",
    "scsd": "school_district",
    "elsd": "school_district",
    "aiannh": "tribal",
}
HOUSES_COUNTED: Final = "houses counted"
ZIP_AREA_NAME: Final = re.compile(r"(tl|cb)_\d{4}_us_zcta\d+(_\w+)?\.\w+")
ADDRESS_NAME: Final = re.compile(r".*addrfeat.*|.*openaddresses.*", re.IGNORECASE)


@dataclass(frozen=True)
class BoundaryFiles:
    """The boundary files of one vintage of a layer."""

    layer: str
    vintage: str
    files: tuple[Path, ...]
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass
class ImportPlan:
    """The files of a folder by type, in loading order."""

    lists: list[Path] = field(default_factory=list)
    lines: list[BoundaryFiles] = field(default_factory=list)
    addresses: list[Path] = field(default_factory=list)
    zip_areas: list[Path] = field(default_factory=list)
    people: list[Path] = field(default_factory=list)
    additions: list[Path] = field(default_factory=list)
    elections: list[Path] = field(default_factory=list)
    unknown: list[Path] = field(default_factory=list)


@dataclass(frozen=True)
class LoadStep:
    """One step: its files, the function that loads them, and whether the data exists already."""

    title: str
    files: tuple[Path, ...]
    load: Callable[[], object]
    exists: Callable[[], bool]

    @property
    def fingerprint(self) -> str:
        """Return a hash of the step's files: names, sizes and modification times."""
        facts = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in self.files]
        return hashlib.sha256(repr((self.title, facts)).encode()).hexdigest()[:16]


def classify_files(folder: Path) -> ImportPlan:
    """Classify the files of a folder and its subfolders; raise BadInput that names what is ambiguous."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    plan = ImportPlan()
    manifest_vintages = [line for path in files if path.name in MANIFEST_NAMES for line in _read_manifest(path)]
    plan.lines += manifest_vintages
    others = [path for path in files if path.name not in MANIFEST_NAMES and path not in _files_in_manifests(files)]
    census: list[tuple[re.Match[str], Path]] = []
    for path in others:
        match = CENSUS_NAME.fullmatch(path.name)
        if match and not manifest_vintages:
            census.append((match, path))
        elif not match:
            _classify_by_content(path, plan)
    plan.lines += _census_boundaries(census)
    _refuse_ambiguous(plan.lines)
    return plan


def _read_manifest(path: Path) -> list[BoundaryFiles]:
    """Return the vintages in a manifest."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [
            BoundaryFiles(
                str(row["layer"]), str(row["vintage"]), (path.parent / str(row["file"]),),
                *(date.fromisoformat(row[name]) if row.get(name) else None for name in ("valid_from", "valid_to")),
            )
            for row in rows if not row.get("copy_of")
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path.name} must be a list of {{file, layer, vintage, valid_from, valid_to}}. ({error})") from error  # noqa: E501  # fmt: skip


def _files_in_manifests(files: list[Path]) -> set[Path]:
    """Return every file in a manifest, including copies in another format."""
    rows = [
        (path, row)
        for path in files
        if path.name in MANIFEST_NAMES
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]
    return {path.parent / str(row["file"]) for path, row in rows}


def _census_boundaries(files: list[tuple[re.Match[str], Path]]) -> Iterator[BoundaryFiles]:
    """Yield one vintage per layer and year, preferring boundaries for lookups (tl) to those for maps (cb)."""
    groups: dict[tuple[str, str, str], list[Path]] = {}
    for match, path in files:
        kind, year, _place, layer = match.groups()
        groups.setdefault((layer, year, kind), []).append(path)
    years: dict[str, set[str]] = {}
    for layer, year, _kind in groups:
        years.setdefault(_layer(layer), set()).add(year)
    for (layer, year, kind), paths in sorted(groups.items()):
        if kind == "cb" and (layer, year, "tl") in groups:
            continue
        name, start = _layer(layer), None
        if congress := re.fullmatch(r"cd(\d+)", layer):
            start = date(1787 + 2 * int(congress[1]), 1, 3)
        elif len(years[name]) > 1:
            start = date(int(year), 1, 1)
        vintage = f"{congress[1]} {year}" if congress else year
        yield BoundaryFiles(
            name, f"{vintage} {layer}" if layer in LAYER_BY_CENSUS_NAME else vintage, tuple(paths), start
        )


def _layer(name: str) -> str:
    return "cd" if name.startswith("cd") else LAYER_BY_CENSUS_NAME.get(name, name)


def _refuse_ambiguous(lines: list[BoundaryFiles]) -> None:
    """Raise BadInput for two vintages of a layer with the same dates."""
    for line in lines:
        others = [other for other in lines if other.layer == line.layer and other is not line]
        if any((other.valid_from, other.valid_to) == (line.valid_from, line.valid_to) for other in others):
            raise BadInput(
                f"{line.layer}: {line.vintage} and {others[0].vintage} would be in force on the same dates. "
                "State in nation.json which file is in force when, or remove one."
            )


def _classify_by_content(path: Path, plan: ImportPlan) -> None:
    if ADDRESS_NAME.fullmatch(path.name):
        plan.addresses.append(path)
    elif ZIP_AREA_NAME.fullmatch(path.name):
        plan.zip_areas.append(path)
    elif path.suffix in SPATIAL_SUFFIXES:
        plan.unknown.append(path)
    elif path.name.endswith((".csv", ".csv.gz")):
        _classify_by_header(path, plan)
    elif path.name.endswith((".json", ".jsonl", ".jsonl.gz")):
        _classify_people(path, plan)
    else:
        plan.unknown.append(path)


def _classify_by_header(path: Path, plan: ImportPlan) -> None:
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as file:  # noqa: E501  # fmt: skip
            header = {name.strip().lower() for name in next(csv.reader(file), [])}
    except (OSError, UnicodeDecodeError, csv.Error):
        header = set()
    if {"lon", "lat", "number", "street"} <= header:
        plan.addresses.append(path)
    elif {"name", "date", "division"} <= header:
        plan.elections.append(path)
    elif "id" in header and {"name", "sameas"} & header:
        plan.lists.append(path)
    else:
        plan.unknown.append(path)


def _classify_people(path: Path, plan: ImportPlan) -> None:
    try:
        first = next(read_records(path), None)
        if first and {"name", "date", "division"} <= set(first):
            plan.elections.append(path)
            return
        kind = detect_format(path, first or {})
    except VotekinError:
        plan.unknown.append(path)
        return
    (plan.additions if kind == "addition" else plan.people).append(path)


def load_steps(
    plan: ImportPlan, wrap_rows: Callable[[Iterator[AddressRow]], Iterator[AddressRow]] = iter
) -> Iterator[LoadStep]:
    """Yield the steps in order: ids, boundaries, addresses, people, additions to people, elections."""
    if plan.lists:
        lists = tuple(sorted(plan.lists, key=lambda path: -path.stat().st_size))
        yield LoadStep("list of division ids", lists, lambda: ocd_list.load_divisions(list(lists)), ocd_list.divisions_file().exists)  # noqa: E501  # fmt: skip
    for line in plan.lines:
        yield LoadStep(f"{line.layer} {line.vintage}", line.files, _boundary_loader(line), _boundaries_exist(line))
    for path in plan.addresses:
        yield LoadStep(f"addresses {path.name}", (path,), _address_loader(path, wrap_rows), _addresses_exist(path))
    for path in plan.zip_areas[-1:]:
        yield LoadStep(f"addresses {path.name}", (path,), _zip_area_loader(path), _addresses_exist(path))
    for path in [*plan.people, *plan.additions]:
        yield LoadStep(f"people {path.name}", (path,), _loader(load_officials, path), Source.objects.exists)
    for path in plan.elections:
        yield LoadStep(f"elections {path.name}", (path,), _loader(load_elections, path), Election.objects.exists)


def _loader(load: Callable[..., object], path: Path) -> Callable[[], object]:
    return lambda: load(path=path)


def _boundary_loader(line: BoundaryFiles) -> Callable[[], object]:
    return lambda: services.load_boundaries(
        path=line.files,
        layer=line.layer,
        vintage=line.vintage,
        valid_from=line.valid_from,
        valid_to=line.valid_to,
    )


def _boundaries_exist(line: BoundaryFiles) -> Callable[[], bool]:
    return Vintage.objects.live().filter(layer=line.layer, name=line.vintage).exists


def _address_loader(
    path: Path, wrap_rows: Callable[[Iterator[AddressRow]], Iterator[AddressRow]]
) -> Callable[[], object]:
    return lambda: services.load_addresses(path=path, wrap_rows=wrap_rows, update_counts=False)


def _zip_area_loader(path: Path) -> Callable[[], object]:
    return lambda: services.load_zip_areas(path=path, update_counts=False)


def _addresses_exist(path: Path) -> Callable[[], bool]:
    return lambda: path.name in services.address_sources()


def progress_file() -> Path:
    """Return the file that records completed steps."""
    return Path(settings.DATA_DIR) / "boundaries" / "nation.json"


def run_import(
    plan: ImportPlan,
    print_progress: Callable[[str], object],
    wrap_rows: Callable[[Iterator[AddressRow]], Iterator[AddressRow]] = iter,
) -> dict[str, Any]:
    """Load what is not loaded yet; a step that fails is reported, and the next one continues.

    Records each completed step, so that a stopped run resumes. Returns the titles `loaded` and `there` (existing), and
    `refused` with reasons. Raises Refused if nothing could be loaded.
    """
    report: dict[str, Any] = {"loaded": [], "there": [], "refused": {}}
    steps = list(load_steps(plan, wrap_rows))
    for number, step in enumerate(steps, 1):
        if completed_steps().get(step.title) == step.fingerprint and step.exists():
            report["there"].append(step.title)
            continue
        print_progress(f"{number} of {len(steps)}: {step.title}")
        try:
            step.load()
        except VotekinError as error:
            report["refused"][step.title] = str(error)
            continue
        report["loaded"].append(step.title)
        # Counting house numbers reads every address, so it runs once, after the last file.
        houses = {HOUSES_COUNTED: "no"} if step.title.startswith("addresses") else {}
        _record_step({step.title: step.fingerprint} | houses)
    if completed_steps().get(HOUSES_COUNTED) == "no":
        print_progress("Counting houses by ZIP code")
        services.count_houses()
        _record_step({HOUSES_COUNTED: "yes"})
    if not report["loaded"] and not report["there"]:
        raise Refused(f"Nothing in this folder could be loaded. {report['refused'] or 'No file is recognized.'}")
    return report | {"unknown": [path.name for path in plan.unknown]}


def completed_steps() -> dict[str, str]:
    """Return the completed steps by title, with the fingerprints of their files."""
    try:
        done: dict[str, str] = json.loads(progress_file().read_text())
    except (OSError, ValueError):
        return {}
    return done


def _record_step(entries: dict[str, str]) -> None:
    done = completed_steps() | entries
    progress_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = progress_file().with_suffix(".new")
    draft.write_text(json.dumps(done, indent=1))
    draft.chmod(0o600)
    draft.replace(progress_file())
