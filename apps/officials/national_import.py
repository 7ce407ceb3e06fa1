"""All that a nation needs, from one folder of downloads: which file is what, in which order, and what is missing.

A folder may hold `nation.json` (or a made-up state's `boundaries.json`): a list of {file, layer, vintage, valid_from,
valid_to}. Without it boundary files are known by their Census names. Everything else is known by its content.
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
from .formats import kind_of, read_records
from .models import Election, Source
from .services import load_officials

LISTS: Final = ("nation.json", "boundaries.json")
SPATIAL: Final = (".zip", ".parquet", ".geojson", ".gpkg", ".shp")
# tl_2022_37_cd118.zip, cb_2023_us_county_500k.zip: kind of lines, year, state or us, layer.
CENSUS: Final = re.compile(r"(tl|cb)_(\d{4})_(us|\d\d)_(cd\d{3}|sldu|sldl|county|place|state|unsd|scsd|elsd|aiannh)(?:_\w+)?\.\w+")  # noqa: E501  # fmt: skip
LAYERS: Final = {"unsd": "school_district", "scsd": "school_district", "elsd": "school_district", "aiannh": "tribal"}
COUNTED: Final = "houses counted"
ZIP_AREAS: Final = re.compile(r"(tl|cb)_\d{4}_us_zcta\d+(_\w+)?\.\w+")
ADDRESSES: Final = re.compile(r".*addrfeat.*|.*openaddresses.*", re.IGNORECASE)


@dataclass(frozen=True)
class Lines:
    """The files of one vintage of a layer."""

    layer: str
    vintage: str
    files: tuple[Path, ...]
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass
class RecognizedFile:
    """What a folder holds, in the order in which it is loaded."""

    lists: list[Path] = field(default_factory=list)
    lines: list[Lines] = field(default_factory=list)
    addresses: list[Path] = field(default_factory=list)
    zip_areas: list[Path] = field(default_factory=list)
    people: list[Path] = field(default_factory=list)
    additions: list[Path] = field(default_factory=list)
    elections: list[Path] = field(default_factory=list)
    unknown: list[Path] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """One thing to load: its files, what loads it, and whether it is there already."""

    title: str
    files: tuple[Path, ...]
    load: Callable[[], object]
    there: Callable[[], bool]

    @property
    def mark(self) -> str:
        """What tells these files, as they are now, from any other."""
        facts = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in self.files]
        return hashlib.sha256(repr((self.title, facts)).encode()).hexdigest()[:16]


def look(folder: Path) -> RecognizedFile:
    """Tells the files of a folder (and the folders in it) apart. Raises BadInput naming what is unclear."""
    if not folder.is_dir():
        raise BadInput(f"{folder} is no folder.")
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    found = RecognizedFile()
    told = [line for path in files if path.name in LISTS for line in _told(path)]
    found.lines += told
    rest = [path for path in files if path.name not in LISTS and path not in _named(files)]
    census: list[tuple[re.Match[str], Path]] = []
    for path in rest:
        match = CENSUS.fullmatch(path.name)
        if match and not told:
            census.append((match, path))
        elif not match:
            _by_content(path, found)
    found.lines += _census(census)
    _refuse_doubtful(found.lines)
    return found


def _told(path: Path) -> list[Lines]:
    """The vintages that a list names."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return [
            Lines(
                str(row["layer"]), str(row["vintage"]), (path.parent / str(row["file"]),),
                *(date.fromisoformat(row[name]) if row.get(name) else None for name in ("valid_from", "valid_to")),
            )
            for row in rows if not row.get("copy_of")
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path.name} must be a list of {{file, layer, vintage, valid_from, valid_to}}. ({error})") from error  # noqa: E501  # fmt: skip


def _named(files: list[Path]) -> set[Path]:
    """Every file that a list names, copies in another format among them."""
    rows = [(path, row) for path in files if path.name in LISTS for row in json.loads(path.read_text(encoding="utf-8"))]
    return {path.parent / str(row["file"]) for path, row in rows}


def _census(files: list[tuple[re.Match[str], Path]]) -> Iterator[Lines]:
    """One vintage of each layer and year; the lines for look-ups (tl) go before those for maps (cb)."""
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
        yield Lines(name, f"{vintage} {layer}" if layer in LAYERS else vintage, tuple(paths), start)


def _layer(name: str) -> str:
    return "cd" if name.startswith("cd") else LAYERS.get(name, name)


def _refuse_doubtful(lines: list[Lines]) -> None:
    """Two sets of lines of a layer without dates would both hold for ever."""
    for line in lines:
        others = [each for each in lines if each.layer == line.layer and each is not line]
        if any((each.valid_from, each.valid_to) == (line.valid_from, line.valid_to) for each in others):
            raise BadInput(
                f"{line.layer}: {line.vintage} and {others[0].vintage} would hold on the same days. Say in nation.json "
                f"which file is in force when, or take one away."
            )


def _by_content(path: Path, found: RecognizedFile) -> None:
    if ADDRESSES.fullmatch(path.name):
        found.addresses.append(path)
    elif ZIP_AREAS.fullmatch(path.name):
        found.zip_areas.append(path)
    elif path.suffix in SPATIAL:
        found.unknown.append(path)
    elif path.name.endswith((".csv", ".csv.gz")):
        _by_header(path, found)
    elif path.name.endswith((".json", ".jsonl", ".jsonl.gz")):
        _people(path, found)
    else:
        found.unknown.append(path)


def _by_header(path: Path, found: RecognizedFile) -> None:
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig") if path.suffix == ".gz" else path.open(encoding="utf-8-sig") as file:  # noqa: E501  # fmt: skip
            header = {name.strip().lower() for name in next(csv.reader(file), [])}
    except (OSError, UnicodeDecodeError, csv.Error):
        header = set()
    if {"lon", "lat", "number", "street"} <= header:
        found.addresses.append(path)
    elif {"name", "date", "division"} <= header:
        found.elections.append(path)
    elif "id" in header and {"name", "sameas"} & header:
        found.lists.append(path)
    else:
        found.unknown.append(path)


def _people(path: Path, found: RecognizedFile) -> None:
    try:
        first = next(read_records(path), None)
        if first and {"name", "date", "division"} <= set(first):
            found.elections.append(path)
            return
        kind = kind_of(path, first or {})
    except VotekinError:
        found.unknown.append(path)
        return
    (found.additions if kind == "addition" else found.people).append(path)


def steps(
    found: RecognizedFile, watch: Callable[[Iterator[AddressRow]], Iterator[AddressRow]] = iter
) -> Iterator[Step]:
    """What is to be loaded, in order: ids, lines, addresses, people, what adds to people, elections."""
    if found.lists:
        lists = tuple(sorted(found.lists, key=lambda path: -path.stat().st_size))
        yield Step("list of division ids", lists, lambda: ocd_list.load_divisions(list(lists)), ocd_list.divisions_file().exists)  # noqa: E501  # fmt: skip
    for line in found.lines:
        yield Step(f"{line.layer} {line.vintage}", line.files, _loads_lines(line), _has_lines(line))
    for path in found.addresses:
        yield Step(f"addresses {path.name}", (path,), _loads_addresses(path, watch), _has_addresses(path))
    for path in found.zip_areas[-1:]:
        yield Step(f"addresses {path.name}", (path,), _loads_zip_areas(path), _has_addresses(path))
    for path in [*found.people, *found.additions]:
        yield Step(f"people {path.name}", (path,), _loads(load_officials, path), Source.objects.exists)
    for path in found.elections:
        yield Step(f"elections {path.name}", (path,), _loads(load_elections, path), Election.objects.exists)


def _loads(load: Callable[..., object], path: Path) -> Callable[[], object]:
    return lambda: load(path=path)


def _loads_lines(line: Lines) -> Callable[[], object]:
    return lambda: services.load_boundaries(
        path=line.files,
        layer=line.layer,
        vintage=line.vintage,
        valid_from=line.valid_from,
        valid_to=line.valid_to,
    )


def _has_lines(line: Lines) -> Callable[[], bool]:
    return Vintage.objects.live().filter(layer=line.layer, name=line.vintage).exists


def _loads_addresses(path: Path, watch: Callable[[Iterator[AddressRow]], Iterator[AddressRow]]) -> Callable[[], object]:
    return lambda: services.load_addresses(path=path, watch=watch, then_count=False)


def _loads_zip_areas(path: Path) -> Callable[[], object]:
    return lambda: services.load_zip_areas(path=path, then_count=False)


def _has_addresses(path: Path) -> Callable[[], bool]:
    return lambda: path.name in services.address_sources()


def notes_file() -> Path:
    """Where the steps that are done are noted, by their files."""
    return Path(settings.DATA_DIR) / "boundaries" / "nation.json"


def run(
    found: RecognizedFile,
    say: Callable[[str], object],
    watch: Callable[[Iterator[AddressRow]], Iterator[AddressRow]] = iter,
) -> dict[str, Any]:
    """Loads what is not there yet; a step that fails is told and the next one goes on.

    Each step is noted when it is done, so that a run that was stopped goes on where it was. Returns what was loaded,
    what was there, and what was refused with its reason. Raises Refused where nothing could be loaded.
    """
    told: dict[str, Any] = {"loaded": [], "there": [], "refused": {}}
    every = list(steps(found, watch))
    for number, step in enumerate(every, 1):
        if noted().get(step.title) == step.mark and step.there():
            told["there"].append(step.title)
            continue
        say(f"{number} of {len(every)}: {step.title}")
        try:
            step.load()
        except VotekinError as error:
            told["refused"][step.title] = str(error)
            continue
        told["loaded"].append(step.title)
        # Counting houses takes every address into account, so it is done once, after the last file.
        _note({step.title: step.mark} | ({COUNTED: "no"} if step.title.startswith("addresses") else {}))
    if noted().get(COUNTED) == "no":
        say("Counting houses by ZIP code")
        services.count_houses()
        _note({COUNTED: "yes"})
    if not told["loaded"] and not told["there"]:
        raise Refused(f"Nothing of this folder could be loaded. {told['refused'] or 'No file of it is known.'}")
    return told | {"unknown": [path.name for path in found.unknown]}


def noted() -> dict[str, str]:
    """The steps that are done, with the mark of their files."""
    try:
        done: dict[str, str] = json.loads(notes_file().read_text())
    except (OSError, ValueError):
        return {}
    return done


def _note(more: dict[str, str]) -> None:
    done = noted() | more
    notes_file().parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = notes_file().with_suffix(".new")
    draft.write_text(json.dumps(done, indent=1))
    draft.chmod(0o600)
    draft.replace(notes_file())
