"""Generate the whole state in one folder, streamed, with the same bytes for the same seed and day.

boundaries/  GeoParquet, GeoJSON and a zipped shapefile, listed with their dates in boundaries.json
addresses/   addrfeat.parquet (ranges) and openaddresses.csv (points of one county)
roll/        generic.csv and ncvoter_HD.txt, and both a month later; other layouts by --layouts
officials/   people.jsonl.gz, legislators.jsonl.gz, elections.csv, elections.json
contacts/    address books in every dialect
demo/        people.csv: whom to try, with the expected results
README.txt describes all files (readme.py), manifest.json has counts and hashes.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from apps.synthetic.addresses import write_addrfeat, write_openaddresses
from apps.synthetic.boundaries import write_boundaries
from apps.synthetic.changes import a_month_later, no_changes
from apps.synthetic.constants import STATE, STATE_NAME, Calendar
from apps.synthetic.contacts.files import write_contacts
from apps.synthetic.contacts.mix import ON_ROLL
from apps.synthetic.geography import Geography, make_geography
from apps.synthetic.named_voters import write_cases
from apps.synthetic.officials import write_elections, write_officials
from apps.synthetic.people import STATUS_NAMES, People
from apps.synthetic.readme import README
from apps.synthetic.roll import LAYOUTS, USUAL, roll_of
from apps.synthetic.sample import Sample
from apps.synthetic.stream import stream
from apps.synthetic.tables import county_names

FEWEST, MOST = 1_000, 10_000_000
_COMPRESS_FROM = 1_000_001  # larger rolls are gzipped
_POINTS_COUNTY = "Marrick"  # the county that publishes its address points

Progress = Callable[[str, int, int], None]  # step, amount done, total


class CannotMake(ValueError):
    """Invalid arguments or output folder; the message says which argument to change."""


@dataclass
class Summary:
    """What was generated: the content of manifest.json, without the hashes."""

    state: str
    name: str
    voters: int
    seed: int
    as_of: str
    lines_change_on: str
    precincts: int = 0
    blocks: int = 0
    rows: dict[str, int] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    changes: dict[str, int] = field(default_factory=no_changes)
    boundaries: list[str] = field(default_factory=list)


def quiet(_what: str, _done: int, _total: int) -> None:
    """Show no progress."""


def make_state(
    out: Path,
    voters: int,
    seed: int,
    *,
    as_of: date,
    contacts: int = 212,
    layouts: tuple[str, ...] = USUAL,
    progress: Progress = quiet,
) -> Summary:
    """Generate Halden with `voters` voters in the folder `out`, which must be new, empty or an earlier generated
    state.

    Raises CannotMake for arguments out of range and for a folder with other content. Writes a temporary folder beside
    `out` and renames it at the end, so that `out` is never incomplete.
    """
    calendar = Calendar(as_of)
    summary = Summary(STATE, STATE_NAME, voters, seed, as_of.isoformat(), calendar.switch.isoformat())
    _check(out, summary, contacts, layouts)
    draft = out.with_name(f".{out.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        progress("map", 0, 1)
        geo = make_geography(voters, seed)
        _write_map(geo, calendar, seed, draft, summary)
        progress("map", 1, 1)
        sample = Sample(voters, round(contacts * ON_ROLL), np.random.default_rng([seed, 7]))
        _write_rolls(geo, draft / "roll", summary, layouts, sample, progress)
        summary.rows |= {
            f"contacts/{name}": n
            for name, n in write_contacts(sample.people, contacts, seed, draft / "contacts").items()
        }
        summary.rows["demo/people.csv"] = write_cases(geo, seed, draft / "demo")
        (draft / "README.txt").write_text(README, encoding="utf-8")
        _write_manifest(draft, summary)
        if out.exists():
            shutil.rmtree(out)
        draft.rename(out)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return summary


def _check(out: Path, summary: Summary, contacts: int, layouts: tuple[str, ...]) -> None:
    most = min(summary.voters, 100_000)
    if not FEWEST <= summary.voters <= MOST:
        raise CannotMake(f"--voters is {summary.voters}: give a number from {FEWEST} to {MOST}.")
    if summary.seed < 0:
        raise CannotMake(f"--seed is {summary.seed}: give 0 or a larger number.")
    if not "2000" <= summary.as_of < "2100":
        raise CannotMake(f"--as-of is {summary.as_of}: give a day from 2000-01-01 to 2099-12-31.")
    if not 20 <= contacts <= most:
        raise CannotMake(f"--contacts is {contacts}: give a number from 20 to {most}.")
    if unknown := set(layouts) - set(LAYOUTS):
        raise CannotMake(f"--layouts names {', '.join(sorted(unknown))}: known are {', '.join(LAYOUTS)}.")
    if out.exists() and not out.is_dir():
        raise CannotMake(f"--out {out} is a file: name a folder.")
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out):
        raise CannotMake(f"--out {out} has other content: name a new folder, or one that make_state wrote.")


def _is_ours(folder: Path) -> bool:
    """Return whether a folder is a generated state, which may be replaced."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(manifest, dict) and (manifest.get("state"), manifest.get("name")) == (STATE, STATE_NAME)


def _write_map(geo: Geography, calendar: Calendar, seed: int, folder: Path, summary: Summary) -> None:
    """Write boundaries, addresses, officials and elections."""
    layers = write_boundaries(geo, calendar, folder / "boundaries")
    summary.boundaries = [layer.file for layer in layers]
    summary.precincts, summary.blocks = len(geo.county), len(geo.streets)
    (folder / "addresses").mkdir()
    summary.rows["addresses/addrfeat.parquet"] = write_addrfeat(geo.streets, folder / "addresses/addrfeat.parquet")
    middle = geo.mesh.locate(geo.streets.line[:, 2])
    blocks = np.flatnonzero(geo.county[middle] == county_names().index(_POINTS_COUNTY))
    summary.rows["addresses/openaddresses.csv"] = write_openaddresses(
        geo.streets, blocks, folder / "addresses/openaddresses.csv"
    )
    made = write_officials(seed, calendar, folder / "officials")
    summary.rows |= {f"officials/{name}.jsonl.gz": count for name, count in made.items()}
    summary.rows["officials/elections.csv"] = write_elections(calendar, folder / "officials")


def _write_rolls(
    geo: Geography, folder: Path, summary: Summary, layouts: tuple[str, ...], sample: Sample, progress: Progress
) -> None:
    """Write both rolls of every layout, chunk by chunk."""
    folder.mkdir(parents=True)
    end = ".gz" if summary.voters >= _COMPRESS_FROM else ""
    as_of = date.fromisoformat(summary.as_of)
    files = [roll_of(layout, folder, next_month, end) for layout in layouts for next_month in (False, True)]
    done = 0
    try:
        for people, places, new, rng in stream(geo, summary.voters, summary.seed, as_of):
            old = np.ones(len(people), bool)
            old[new] = False
            first = people.take(old), places.take(old)
            later = a_month_later(people, places, new, summary.changes, rng)
            for file in files:
                file.write(*(later if file.next_month else first), geo, summary.seed, as_of)
            sample.watch(*first, STATE, summary.seed)
            _count(first[0], summary.status)
            done += len(first[0])
            progress("voters", done, summary.voters)
    finally:
        for file in files:
            file.close()
    summary.rows |= {f"roll/{name}": rows for file in files for name, rows in file.counts.items()}


def _count(people: People, status: dict[str, int]) -> None:
    for name, count in zip(STATUS_NAMES, np.bincount(people.status, minlength=len(STATUS_NAMES)).tolist(), strict=True):
        status[name] = status.get(name, 0) + count


def _write_manifest(folder: Path, summary: Summary) -> None:
    files = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            files[path.relative_to(folder).as_posix()] = {
                "bytes": path.stat().st_size,
                "sha256": hashlib.file_digest(file, "sha256").hexdigest(),
            }
    text = json.dumps({**asdict(summary), "files": files}, indent=1)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
