"""Resolve twins: two voters with one address and birth date whose first names fit the query about equally.

Levels and weights judge each candidate alone; only a comparison of both can tell which twin matches.
"""

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA

from apps.matching.fields import COLUMN, First, Last
from apps.matching.index import VoterIndex
from apps.matching.levels import I8, Bools
from apps.matching.model import Floats
from apps.matching.person import U32, U64
from apps.matching.query import I64, Query

# First names by how well they fit; any level not listed does not fit at all.
_EXACT, _ONE_LETTER, _ALIKE, _NOT = range(4)
_FITS = np.array([{First.SAME: _EXACT, First.DIFFERS: _NOT}.get(level, _ALIKE) for level in First] + [_NOT], np.int8)
TIE = 1e-9
SHORTEST = 3  # letters: in shorter names, one differing letter is too much


def twin_keys(index: VoterIndex, rows: U32) -> U64:
    """Return one number for address and birth date of each voter, 0 if either is missing."""
    voters = index.rows[rows]
    born = (voters["year"].astype(np.uint64) << np.uint64(9)) | (voters["month"].astype(np.uint64) << np.uint64(5))
    born |= voters["day"].astype(np.uint64)
    door = (voters["house"].astype(np.uint64) << np.uint64(32)) | voters["street"]
    mixed = (door * np.uint64(0x9E3779B97F4A7C15)) ^ (born * np.uint64(0xD6E8FEB86659FD93))
    return np.where((voters["year"] > 0) & (voters["house"] > 0), mixed | np.uint64(1), np.uint64(0))


def one_letter(index: VoterIndex, query: Query, people: I64, rows: U32, levels: I8) -> Bools:
    """Return for each pair whether the first names are one letter apart; only unequal names are compared."""
    first = levels[:, COLUMN["first"]]
    result = np.zeros(len(first), bool)
    at = np.flatnonzero((first == First.NICKNAME) | (first == First.CLOSE) | (first == First.SIMILAR))
    query_names, voter_names = query.first.number[people[at]], index.rows["first"][rows[at]]
    pairs, back = np.unique((query_names << 32) | voter_names, return_inverse=True)
    text, text_of = query.first.text, index.names.text_of
    compared = [_is_one_letter(text[pair >> 32], text_of(pair & 0xFFFFFFFF)) for pair in pairs.tolist()]
    result[at] = np.array(compared, bool)[back]
    return result


def _is_one_letter(query: str, voter: str) -> bool:
    return min(len(query), len(voter)) >= SHORTEST and OSA.distance(query, voter, score_cutoff=1) <= 1


def resolve_twins(person: I64, birth: U64, slip: Bools, levels: I8, scores: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return scores with the better fit of twins first, and the pairs that must not be verified.

    One letter off a twin's name beats a nickname of the other twin. If both fit, neither is verified unless one has
    exactly the first name of the query.
    """
    fit = _FITS[levels[:, COLUMN["first"]]].copy()
    fit[slip & (fit == _ALIKE)] = _ONE_LETTER
    meant = np.flatnonzero((birth > 0) & (fit < _NOT) & (levels[:, COLUMN["last"]] != Last.DIFFERS))
    order = meant[np.lexsort((-scores[meant], fit[meant], birth[meant], person[meant]))]
    if len(order) < 2:
        return scores, order[:0]
    next_is_twin = (person[order][1:] == person[order][:-1]) & (birth[order][1:] == birth[order][:-1])
    if not next_is_twin.any():
        return scores, order[:0]
    return _resolve_groups(order, np.r_[False, next_is_twin], fit, scores)


def _resolve_groups(
    order: NDArray[np.intp], goes_on: Bools, fit: I8, scores: Floats
) -> tuple[Floats, NDArray[np.intp]]:
    """Resolve each group; `goes_on` marks each pair whose predecessor in `order` is in the same group."""
    scores, unclear = scores.copy(), []
    starts = np.flatnonzero(~goes_on)
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        group = order[start:end]
        if len(group) > 1 and fit[group[0]] != _EXACT:
            # Equal scores keep the order of fit; the difference is far below the stored precision.
            scores[group] = np.sort(scores[group])[::-1] - TIE * np.arange(len(group))
            unclear.append(group)
    return scores, np.concatenate(unclear) if unclear else order[:0]
