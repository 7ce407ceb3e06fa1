"""A partial index: a few of the voters, fetched from a server by the blocking keys of a batch of queries.

The vocabularies and counts are those of the whole index, and each voter keeps its rank among the others, so that a
matcher returns exactly the results of the whole index.
"""

from collections.abc import Iterator, Sequence
from copy import copy
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from apps.matching.index import layout
from apps.matching.index.reader import VoterIndex
from apps.matching.person import U32, U64

HEAD = np.dtype([("row", "<u4"), ("voter", layout.VOTER), ("id", "u1"), ("keys", "u1")])


class Packed(NamedTuple):
    """A voter as a server stores it: each key as sixteen hex digits, and the bytes that `part_of` reads."""

    row: int
    voter_id: str
    keys: list[str]
    body: bytes


def as_terms(keys: U64) -> list[str]:
    """Return keys as texts of sixteen hex digits."""
    text = keys.astype(">u8").tobytes().hex()
    return [text[at : at + 16] for at in range(0, len(text), 16)]


def packed(index: VoterIndex, first: int, end: int) -> Iterator[Packed]:
    """Yield the voters of rows `first` to `end`, packed, without the keys of blocks above their caps."""
    keys, starts = _keys_by_row(index, first, end)
    terms, raw = as_terms(keys), keys.tobytes()
    ids = [index.voter_id(row) for row in range(first, end)]
    heads = np.zeros(end - first, HEAD)
    heads["row"], heads["voter"] = np.arange(first, end), index.rows[first:end]
    heads["id"], heads["keys"] = [len(i.encode()) for i in ids], np.diff(starts)
    head, size, at = heads.tobytes(), HEAD.itemsize, starts.tolist()
    for n, voter_id in enumerate(ids):
        body = head[n * size : (n + 1) * size] + raw[8 * at[n] : 8 * at[n + 1]] + voter_id.encode()
        yield Packed(first + n, voter_id, terms[at[n] : at[n + 1]], body)


def _keys_by_row(index: VoterIndex, first: int, end: int) -> tuple[U64, NDArray[np.int64]]:
    """Return the keys of some rows, row by row, and where each row's keys begin."""
    blocks, starts, keys = index.blocks()
    at = np.flatnonzero((blocks >= first) & (blocks < end))
    rows = blocks[at].astype(np.int64) - first
    own = keys[np.searchsorted(starts, at, side="right") - 1]
    counts = np.bincount(rows, minlength=end - first)
    return own[np.argsort(rows, kind="stable")], np.r_[0, np.cumsum(counts)]


def part_of(index: VoterIndex, fetched: Sequence[bytes]) -> VoterIndex:
    """Return the part of an index with only the packed voters; a voter may occur more than once."""
    part = copy(index)
    heads, at, buffer = _heads(fetched)
    rows, first = np.unique(heads["row"], return_index=True)
    heads, at = heads[first], at[first]
    counts = heads["keys"].astype(np.int64)
    after = at + HEAD.itemsize
    keys = _ragged(buffer, after, counts * 8).view("<u8")
    lengths = heads["id"].astype(np.int64)
    ids = _ragged(buffer, after + counts * 8, lengths)
    part.replace_rows(heads["voter"].copy(), ids, np.r_[0, np.cumsum(lengths)].astype(np.uint64))
    part.replace_keys(*_inverted(keys, np.repeat(np.arange(len(rows), dtype=np.uint32), counts)))
    return part


def _heads(fetched: Sequence[bytes]) -> tuple[NDArray[np.void], NDArray[np.int64], NDArray[np.uint8]]:
    buffer = np.frombuffer(b"".join(fetched), np.uint8)
    lengths = np.array([len(x) for x in fetched], np.int64)
    at = np.cumsum(lengths) - lengths
    heads = buffer[at[:, None] + np.arange(HEAD.itemsize)] if len(at) else np.zeros((0, HEAD.itemsize), np.uint8)
    return np.ascontiguousarray(heads).view(HEAD)[:, 0], at, buffer


def _ragged(buffer: NDArray[np.uint8], at: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return the ranges that begin at `at`, one after the other."""
    before = np.cumsum(lengths) - lengths
    return np.ascontiguousarray(buffer[np.repeat(at - before, lengths) + np.arange(int(lengths.sum()))])


def _inverted(keys: U64, rows: U32) -> tuple[U64, U32, U32]:
    """Return keys, starts and blocks in the layout of an index, rows in order within each block."""
    order = np.argsort(keys, kind="stable")
    keys, rows = keys[order], rows[order]
    first: NDArray[Any] = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.zeros(0, np.int64)
    return keys[first], np.r_[first, len(keys)].astype(np.uint32), rows
