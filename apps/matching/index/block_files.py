"""Write the blocks of an index: partition files by the upper bits of the blocking keys, each sorted in memory."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from apps.matching import keys
from apps.matching.index import layout
from apps.matching.index.names import NameTable
from apps.matching.index.vocabulary import GrowingVocabulary
from apps.matching.person import U32, U64

ROWS_AT_A_TIME = 250_000
MAX_PARTITION_BITS = 6  # 64 files: at 10 million voters each has about two million keys
VOTERS_PER_PARTITION = 150_000
_ENTRY = np.dtype([("key", "<u8"), ("row", "<u4")])


def write_blocks(
    folder: Path,
    state: str,
    rules: tuple[int, ...],
    batches: Iterable[NDArray[np.void]],
    table: NameTable,
    streets: GrowingVocabulary,
    cities: GrowingVocabulary,
    voters: int,
) -> None:
    """Write keys, starts and blocks of `voters` rows; omit blocks above their key's cap, which no query reads.

    The number of partitions follows the number of voters, so that a small roll opens one file instead of 64.
    """
    bits = min(MAX_PARTITION_BITS, (voters // VOTERS_PER_PARTITION).bit_length())
    paths = [folder / f"partition{i:02}.tmp" for i in range(1 << bits)]
    files = [p.open("wb") for p in paths]
    street_hashes, city_hashes = streets.hashes(), cities.hashes()
    first_row = 0
    try:
        for rows in batches:
            for positions, blocking_keys in _row_keys(rows, state, rules, table, street_hashes, city_hashes):
                _spill(files, bits, positions + np.uint32(first_row), blocking_keys)
            first_row += len(rows)
    finally:
        for file in files:
            file.close()
    _merge_partitions(folder, paths)


def _row_keys(
    rows: NDArray[np.void], state: str, rules: tuple[int, ...], table: NameTable, streets: U64, cities: U64
) -> Iterable[tuple[U32, U64]]:
    last = rows["last"]
    parts = keys.Parts(
        dob=keys.dob_part(rows["year"], rows["month"], rows["day"]),
        year=rows["year"].astype(np.uint64),
        first=table.first[rows["first"]],
        initial=table.initial[rows["first"]],
        last=table.last[0][last],
        sound=table.sound[0][last],
        zip=rows["zip"].astype(np.uint64),
        zip3=keys.zip3_part(rows["zip"]),
        city=cities[rows["city"]],
        house=rows["house"].astype(np.uint64),
        street=streets[rows["street"]],
        phone=rows["phone"],
        email=rows["email"],
    )
    yield keys.keys_of(parts, state, rules)
    compound = np.where(table.last[0][last] != table.last[1][last], table.last[1][last], np.uint64(0))
    sounds = np.where(compound > 0, table.sound[1][last], np.uint64(0))
    yield keys.keys_of(parts.replaced(last=compound, sound=sounds), state, keys.among(keys.BY_SURNAME, rules))


def _spill(files: Sequence[BinaryIO], bits: int, rows: U32, blocking_keys: U64) -> None:
    """Append keys to the partitions of their upper `bits`, preserving the order of the rows within each."""
    # Two shifts: a shift by all 64 bits is undefined.
    partition = (blocking_keys >> np.uint64(1) >> np.uint64(63 - bits)).astype(np.uint8)
    order = np.argsort(partition, kind="stable")
    entries = np.empty(len(blocking_keys), _ENTRY)
    entries["key"], entries["row"] = blocking_keys[order], rows[order]
    ends = np.cumsum(np.bincount(partition, minlength=len(files)))
    for file, start, end in zip(files, [0, *ends[:-1]], ends, strict=True):
        entries[start:end].tofile(file)


def _merge_partitions(folder: Path, paths: list[Path]) -> None:
    end = 0
    with (
        (folder / layout.KEYS).open("wb") as key_file,
        (folder / layout.STARTS).open("wb") as start_file,
        (folder / layout.BLOCKS).open("wb") as block_file,
    ):
        for path in paths:
            entries = np.fromfile(path, _ENTRY)
            path.unlink()
            blocking_keys, counts, rows = _blocks(entries)
            blocking_keys.tofile(key_file)
            (np.cumsum(counts) - counts + end).astype(np.uint32).tofile(start_file)
            rows.tofile(block_file)
            end += int(counts.sum())
        np.array([end], np.uint32).tofile(start_file)


def _blocks(entries: NDArray[np.void]) -> tuple[U64, NDArray[np.int64], U32]:
    """Return the distinct keys of a partition within their caps, the sizes of their blocks, and the rows in order."""
    order = np.argsort(entries["key"], kind="stable")
    blocking_keys, rows = entries["key"][order], entries["row"][order]
    first = (
        np.flatnonzero(np.r_[True, blocking_keys[1:] != blocking_keys[:-1]])
        if len(blocking_keys)
        else np.zeros(0, np.int64)
    )
    counts = np.diff(np.r_[first, len(blocking_keys)])
    distinct = blocking_keys[first]
    within_cap = counts <= keys.CAPS[(distinct & keys.NUMBER_BITS).astype(np.int64)]
    return distinct[within_cap], counts[within_cap], rows[np.repeat(within_cap, counts)]
