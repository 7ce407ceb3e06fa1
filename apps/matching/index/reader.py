"""Read a voter index: mapped arrays of one snapshot, shared by every process that opens it."""

import json
import mmap
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.matching.errors import IndexDamaged
from apps.matching.index import layout
from apps.matching.index.vocabulary import MappedVocabulary
from apps.matching.keys import rules_for
from apps.matching.normalize import nicknames
from apps.matching.normalize.placeholders import PLACEHOLDERS
from apps.matching.normalize.text import hash64
from apps.matching.person import U32, U64

BLOCKING_NAMES_CACHED = 50_000
# Bytes. Each mapped file takes a descriptor while it is open, and a user has 1,024, so smaller files are read.
MAPPED_FROM = 1 << 18
_PLACEHOLDER_HASHES = np.array(sorted(hash64(name) for name in PLACEHOLDERS), np.uint64)


@dataclass(slots=True)
class Counted:
    """Sorted codes with the number of voters of each."""

    codes: U32 | U64
    counts: U32

    def count(self, codes: U32 | U64) -> NDArray[np.int64]:
        """Return how many voters have each code."""
        if not len(self.codes):
            return np.zeros(len(codes), np.int64)
        place = np.minimum(np.searchsorted(self.codes, codes), len(self.codes) - 1)
        return np.where(self.codes[place] == codes, self.counts[place], 0).astype(np.int64)


class SurnamesIn(Counted):
    """The number of voters of each surname in each place."""

    def count_in(self, surnames: NDArray[Any], places: NDArray[Any]) -> NDArray[np.int64]:
        """Return the numbers for codes of surnames and places, pair by pair."""
        return self.count(surname_in(surnames, places))


def surname_in(surnames: NDArray[Any], places: NDArray[Any]) -> U64:
    """Return the code of a surname in a place."""
    return (surnames.astype(np.uint64) << np.uint64(32)) | places.astype(np.uint64)


class VoterIndex:
    """One snapshot of one state's roll, opened by `open_index`, without a Python object per voter."""

    def __init__(self, folder: Path, manifest: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
        self.folder = folder
        self.state: str = manifest["state"]
        self.voters: int = manifest["voters"]
        self.rules = rules_for(self.voters)
        self.snapshot: str = manifest["snapshot"]
        self.statuses: list[str] = manifest["statuses"]
        self.rows = arrays[layout.ROWS]
        self.names, self.streets, self.cities = (
            MappedVocabulary(
                arrays[f"{v}.txt"], arrays[f"{v}_at.bin"], arrays[f"{v}_hash.bin"], arrays[f"{v}_code.bin"]
            )
            for v in layout.VOCABULARIES
        )
        self.name_counts = arrays["names_counts.bin"]
        self.city_counts: U32 = arrays["cities_counts.bin"]
        self.street_counts: U32 = arrays["streets_counts.bin"]
        self.zips = Counted(arrays[layout.ZIPS], arrays[layout.ZIP_COUNTS])
        self.by_zip, self.by_city = (
            SurnamesIn(arrays[f"{v}.bin"], arrays[f"{v}_counts.bin"]) for v in (layout.BY_ZIP, layout.BY_CITY)
        )
        self.placeholders = self.names.codes_of(_PLACEHOLDER_HASHES)
        self.average_commonness: float = manifest["average_commonness"]
        self._keys: U64 = arrays[layout.KEYS]
        self._starts: U32 = arrays[layout.STARTS]
        self._blocks: U32 = arrays[layout.BLOCKS]
        self._ids, self._ids_at = arrays[layout.IDS].data, arrays[layout.IDS_AT]
        self._first_counts = self.name_counts["first"]
        self._blocking_names: dict[str, tuple[str, list[str]]] = {}
        # cache of `certificate`: modification time, and certificates by kind
        self.certificates: tuple[int, dict[str, Any]] | None = None

    def voter_id(self, row: int) -> str:
        """Return the roll's own id of a voter, as text."""
        return str(self._ids[int(self._ids_at[row]) : int(self._ids_at[row + 1])], "utf-8")

    def status(self, row: int) -> str:
        """Return the status with which the voter was loaded."""
        return self.statuses[int(self.rows["status"][row])]

    def blocks(self) -> tuple[U32, U32, U64]:
        """Return the rows of all blocks one after the other, the start of each block, and each block's key."""
        return self._blocks, self._starts, self._keys

    def replace_rows(self, rows: NDArray[np.void], ids: NDArray[np.uint8], ids_at: U64) -> None:
        """Replace the voters; for a partial index (see `partial_index`)."""
        self.rows, self._ids, self._ids_at = rows, ids.data, ids_at

    def replace_keys(self, keys: U64, starts: U32, blocks: U32) -> None:
        """Replace the keys and blocks; for a partial index."""
        self._keys, self._starts, self._blocks = keys, starts, blocks

    def first_count(self, name: str) -> int:
        """Return how many voters have `name` as the first word of their first name."""
        code = self.names.code_of(name)
        return int(self._first_counts[code]) if code >= 0 else 0

    def blocking_name(self, name: str) -> tuple[str, list[str]]:
        """Return the formal name that represents the first word of a first name in keys here, and its alternatives.

        Caches recent names: a batch repeats the same few thousand.
        """
        known = self._blocking_names.get(name)
        if known is None:
            if len(self._blocking_names) >= BLOCKING_NAMES_CACHED:
                self._blocking_names.clear()
            filed = nicknames.representative(name, self.first_count)
            known = self._blocking_names[name] = (filed, nicknames.alternatives(name, self.first_count))
        return known

    def look_up(self, keys: U64) -> tuple[NDArray[np.int64], U32]:
        """Return for sorted keys the size of each key's block, and the rows of all blocks one after the other.

        Sorted keys are fifteen times as fast as random ones, because neighbors share cache lines.
        """
        if not len(self._keys):
            return np.zeros(len(keys), np.int64), np.zeros(0, np.uint32)
        place = np.searchsorted(self._keys, keys)
        place[place == len(self._keys)] = 0
        present = self._keys[place] == keys
        start = self._starts[place].astype(np.int64)
        size = np.where(present, self._starts[place + 1].astype(np.int64) - start, 0)
        before = np.cumsum(size) - size
        return size, self._blocks[np.repeat(start - before, size) + np.arange(int(size.sum()))]


def open_index(folder: Path | str, *, verify: bool = False) -> VoterIndex:
    """Open an index by mapping its files; checks sizes always, checksums with `verify=True`.

    Raises IndexDamaged naming the file that is missing, truncated or changed, or the manifest of another format.
    """
    folder = Path(folder)
    manifest = _manifest(folder)
    arrays = {}
    for name, dtype in layout.FILES.items():
        stated = manifest["files"].get(name)
        if stated is None:
            raise IndexDamaged(layout.MANIFEST, f"does not list {name}")
        arrays[name] = _mapped(folder / name, dtype, stated["bytes"])
        if verify:
            _check_sum(folder / name, stated["sha256"])
    if len(arrays[layout.ROWS]) != manifest["voters"]:
        raise IndexDamaged(layout.ROWS, "has another number of voters than the manifest")
    return VoterIndex(folder, manifest, arrays)


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / layout.MANIFEST).read_text())
        wanted = (manifest["format"], manifest["files"], manifest["voters"], manifest["snapshot"])
    except FileNotFoundError:
        raise IndexDamaged(layout.MANIFEST, "is missing") from None
    except (ValueError, KeyError, TypeError):
        raise IndexDamaged(layout.MANIFEST, "cannot be read") from None
    if wanted[0] != layout.FORMAT:
        raise IndexDamaged(layout.MANIFEST, f"is of format {wanted[0]}, this version reads {layout.FORMAT}")
    return dict(manifest)


def _mapped(path: Path, dtype: np.dtype[Any], size: int) -> NDArray[Any]:
    try:
        with path.open("rb") as file:
            actual = path.stat().st_size
            if actual != size or actual % dtype.itemsize:
                raise IndexDamaged(path.name, f"has {actual} bytes instead of {size}")
            if size < MAPPED_FROM:
                return np.frombuffer(file.read(), dtype) if size else np.zeros(0, dtype)
            return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), dtype)
    except FileNotFoundError:
        raise IndexDamaged(path.name, "is missing") from None


def _check_sum(path: Path, wanted: str) -> None:
    with path.open("rb") as file:
        if file_digest(file, "sha256").hexdigest() != wanted:
            raise IndexDamaged(path.name, "has changed since it was built (checksum)")
