"""Build the index of one snapshot from a stream of voters, in bounded memory.

First pass: each batch is normalized, its strings become codes, its rows are appended. Second pass, once all names are
counted: blocking keys are derived from the rows and sorted (see `block_files`). Memory holds the vocabularies, one
batch and one partition of the keys. The builder writes a temporary folder and renames it when it is complete, so that
no process opens a partial index.
"""

import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import file_digest, sha256
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from apps.matching import keys
from apps.matching.errors import MatchingError
from apps.matching.gc import no_cycles
from apps.matching.index import block_files, layout
from apps.matching.index.names import NameTable
from apps.matching.index.reader import surname_in
from apps.matching.index.vocabulary import GrowingVocabulary
from apps.matching.normalize.places import state as state_code
from apps.matching.person import Normal, VoterRecord, normalize

BATCH = 50_000  # voters normalized at a time
MOST_STATUSES = 255


class IndexBuilder:
    """Build the index of one state's roll in `folder`, which must not exist yet.

    Use as `with IndexBuilder(folder, state="NC") as builder: builder.add(rows); builder.finish()`. Leaving the block
    without `finish()` removes what was written. The same rows in the same order give the same bytes.
    """

    def __init__(self, folder: Path | str, state: str = "") -> None:
        self.folder = Path(folder)
        if self.folder.exists():
            raise MatchingError(f"{self.folder.name}: an index is never overwritten; build it in a new folder")
        self.state = state_code(state)
        self.voters = 0
        self._pending: list[VoterRecord] = []
        self._temporary = self.folder.with_name(f".{self.folder.name}.building")
        shutil.rmtree(self._temporary, ignore_errors=True)
        self._temporary.mkdir(parents=True, mode=0o700)
        self._names, self._streets, self._cities, self._statuses = (GrowingVocabulary() for _ in range(4))
        self._zip_counts: dict[int, int] = {}
        self._namesakes = 0  # sum over voters of (voters with the same first name) times (voters with the same surname)
        self._rows = (self._temporary / layout.ROWS).open("wb")
        self._ids = (self._temporary / layout.IDS).open("wb")
        self._ids_at = (self._temporary / layout.IDS_AT).open("wb")
        self._ids_end = 0
        np.zeros(1, np.uint64).tofile(self._ids_at)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Discard an unfinished index."""
        for file in (self._rows, self._ids, self._ids_at):
            with suppress(OSError):  # a full disk: the unwritten data is discarded anyway
                file.close()
        shutil.rmtree(self._temporary, ignore_errors=True)

    def add(self, rows: Iterable[VoterRecord]) -> int:
        """Add any number of voters in the roll's order, and return how many there were."""
        added = 0
        with no_cycles():
            for row in rows:
                self._pending.append(row)
                added += 1
                if len(self._pending) == BATCH:
                    self._add_batch(self._pending)
                    self._pending = []
        return added

    def _add_batch(self, batch: list[VoterRecord]) -> None:
        normal = normalize(batch)
        self._coded(normal, [v.status for v in batch]).tofile(self._rows)
        ids = [v.voter_id.encode() for v in batch]
        self._ids.write(b"".join(ids))
        ends = np.cumsum([len(i) for i in ids], dtype=np.uint64) + np.uint64(self._ids_end)
        ends.tofile(self._ids_at)
        self._ids_end = int(ends[-1])
        self._count_zips(normal)
        self.voters += len(batch)

    def _coded(self, normal: Normal, statuses: list[str]) -> NDArray[np.void]:
        rows = np.zeros(len(normal), layout.VOTER)
        for column in ("first", "middle", "last"):
            rows[column] = self._names.codes(getattr(normal, column))
        rows["street"] = self._streets.codes(normal.street)
        rows["city"] = self._cities.codes(normal.city)
        for column in ("house", "zip", "phone", "email", "year", "month", "day", "suffix", "sex"):
            rows[column] = getattr(normal, column)
        for column in ("letter", "unit", "course", "kind"):
            rows[column] = getattr(normal.door, column)
        status = self._statuses.codes(statuses)
        if len(self._statuses) > MOST_STATUSES:
            raise MatchingError(f"more than {MOST_STATUSES} different values of status: is that the right column?")
        rows["status"] = status
        return rows

    def _count_zips(self, normal: Normal) -> None:
        zips, counts = np.unique(normal.zip, return_counts=True)
        for zip_code, count in zip(zips.tolist(), counts.tolist(), strict=True):
            self._zip_counts[zip_code] = self._zip_counts.get(zip_code, 0) + count

    def finish(self) -> Path:
        """Write counts, blocking keys and the manifest, and rename the folder to its final name."""
        if self._pending:
            self._add_batch(self._pending)
        for file in (self._rows, self._ids, self._ids_at):
            file.close()
        table = NameTable.count(self._names, self._row_batches)
        self._write_vocabularies(table)
        self._write_zips()
        self._write_surnames_in(layout.BY_ZIP, "zip")
        self._write_surnames_in(layout.BY_CITY, "city")
        block_files.write_blocks(
            self._temporary,
            self.state,
            keys.rules_for(self.voters),
            self._row_batches(),
            table,
            self._streets,
            self._cities,
            self.voters,
        )
        self._write_manifest()
        self._temporary.replace(self.folder)
        return self.folder

    def _row_batches(self) -> Iterator[NDArray[np.void]]:
        with (self._temporary / layout.ROWS).open("rb") as file:
            while len(rows := np.fromfile(file, layout.VOTER, block_files.ROWS_AT_A_TIME)):
                yield rows

    def _write_vocabularies(self, table: NameTable) -> None:
        self._names.write(self._temporary, "names")
        table.counts.tofile(self._temporary / "names_counts.bin")
        streets, cities = np.zeros(len(self._streets), np.int64), np.zeros(len(self._cities), np.int64)
        for rows in self._row_batches():
            streets += np.bincount(rows["street"], minlength=len(streets))
            cities += np.bincount(rows["city"], minlength=len(cities))
            first, last = (table.counts[name][rows[name]].astype(np.int64) for name in ("first", "last"))
            self._namesakes += int((first * last).sum())  # integers: the sum does not depend on the batches
        for name, words, counts in (("streets", self._streets, streets), ("cities", self._cities, cities)):
            words.write(self._temporary, name)
            counts.astype(np.uint32).tofile(self._temporary / f"{name}_counts.bin")

    def _write_surnames_in(self, name: str, column: str) -> None:
        """Count the voters of each surname in each ZIP or city; takes 30 bytes of memory a voter while it sorts."""
        pairs = np.zeros(self.voters, np.uint64)
        at = 0
        for rows in self._row_batches():
            pairs[at : at + len(rows)] = surname_in(rows["last"], rows[column])
            at += len(rows)
        codes, counts = np.unique(pairs, return_counts=True)
        codes.tofile(self._temporary / f"{name}.bin")
        counts.astype(np.uint32).tofile(self._temporary / f"{name}_counts.bin")

    def _write_zips(self) -> None:
        zips = sorted(self._zip_counts)
        np.array(zips, np.uint32).tofile(self._temporary / layout.ZIPS)
        np.array([self._zip_counts[z] for z in zips], np.uint32).tofile(self._temporary / layout.ZIP_COUNTS)

    def _write_manifest(self) -> None:
        files = {}
        for name in sorted(layout.FILES):
            path = self._temporary / name
            path.chmod(0o600)
            with path.open("rb") as file:
                files[name] = {
                    "bytes": path.stat().st_size,
                    "sha256": file_digest(file, "sha256").hexdigest(),
                }
        content = {
            "format": layout.FORMAT,
            "state": self.state,
            "voters": self.voters,
            "average_commonness": max(self._namesakes, 1) / max(self.voters, 1) ** 3,
            "statuses": list(self._statuses),
            "files": files,
        }
        content["snapshot"] = sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
        path = self._temporary / layout.MANIFEST
        path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n")
        path.chmod(0o600)
