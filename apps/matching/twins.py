"""Two voters behind one door with one birth date whom a typed first name fits about equally.

Levels and weights judge each candidate alone. Which of two twins is meant, only a comparison of both can tell.
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

# First names by how well they fit; what stands on neither line does not fit at all.
_AS_TYPED, _ONE_LETTER, _ALIKE, _NOT = range(4)
_FITS = np.array([{First.SAME: _AS_TYPED, First.DIFFERS: _NOT}.get(level, _ALIKE) for level in First] + [_NOT], np.int8)
TIE = 1e-9
SHORTEST = 3  # letters: of shorter names one letter is too much


def births(index: VoterIndex, rows: U32) -> U64:
    """Return one number for door and birth date of each voter, 0 where either is unknown."""
    voters = index.rows[rows]
    born = (voters["year"].astype(np.uint64) << np.uint64(9)) | (voters["month"].astype(np.uint64) << np.uint64(5))
    born |= voters["day"].astype(np.uint64)
    door = (voters["house"].astype(np.uint64) << np.uint64(32)) | voters["street"]
    mixed = (door * np.uint64(0x9E3779B97F4A7C15)) ^ (born * np.uint64(0xD6E8FEB86659FD93))
    return np.where((voters["year"] > 0) & (voters["house"] > 0), mixed | np.uint64(1), np.uint64(0))


def one_letter(index: VoterIndex, query: Query, people: I64, rows: U32, levels: I8) -> Bools:
    """Return for each pair whether the first names are one letter apart; looked at where they are not the same."""
    first = levels[:, COLUMN["first"]]
    result = np.zeros(len(first), bool)
    at = np.flatnonzero((first == First.NICKNAME) | (first == First.CLOSE) | (first == First.SIMILAR))
    typed, filed = query.first.number[people[at]], index.rows["first"][rows[at]]
    pairs, back = np.unique((typed << 32) | filed, return_inverse=True)
    text, text_of = query.first.text, index.names.text_of
    judged = [_is_one_letter(text[pair >> 32], text_of(pair & 0xFFFFFFFF)) for pair in pairs.tolist()]
    result[at] = np.array(judged, bool)[back]
    return result


def _is_one_letter(typed: str, filed: str) -> bool:
    return min(len(typed), len(filed)) >= SHORTEST and OSA.distance(typed, filed, score_cutoff=1) <= 1


def settle(person: I64, birth: U64, slip: Bools, levels: I8, scores: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Return scores with the better fit of twins first, and the pairs that must not be verified.

    One letter of a registered twin beats a nickname of the other. Nobody is verified where two of them fit, unless one
    bears the very name that was typed.
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
    return _settled(order, np.r_[False, next_is_twin], fit, scores)


def _settled(order: NDArray[np.intp], goes_on: Bools, fit: I8, scores: Floats) -> tuple[Floats, NDArray[np.intp]]:
    """Settle group by group; `goes_on` marks each pair whose predecessor in `order` is of the same group."""
    scores, unclear = scores.copy(), []
    starts = np.flatnonzero(~goes_on)
    for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        group = order[start:end]
        if len(group) > 1 and fit[group[0]] != _AS_TYPED:
            # Equal scores keep the order of the fit; the difference is far below what is stored.
            scores[group] = np.sort(scores[group])[::-1] - TIE * np.arange(len(group))
            unclear.append(group)
    return scores, np.concatenate(unclear) if unclear else order[:0]
