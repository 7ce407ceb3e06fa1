"""Map strings to codes: growing while an index is built, then looked up by hash in mapped arrays."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from apps.matching.normalize.text import hash64
from apps.matching.person import U32, U64

UNKNOWN = -1


class GrowingVocabulary(dict[str, int]):
    """Codes in order of first occurrence; the empty text is always 0."""

    def __init__(self) -> None:
        super().__init__({"": 0})

    def __missing__(self, text: str) -> int:
        code = self[text] = len(self)
        return code

    def codes(self, texts: Iterable[str]) -> U32:
        """Return the codes of texts, adding new ones."""
        return np.array([self[t] for t in texts], np.uint32)

    def hashes(self) -> U64:
        """Return the hash of every text, by code."""
        return np.fromiter((hash64.__wrapped__(t) for t in self), np.uint64, len(self))

    def write(self, folder: Path, name: str) -> None:
        """Write texts, offsets and the table of sorted hashes."""
        encoded = [t.encode() for t in self]
        (folder / f"{name}.txt").write_bytes(b"".join(encoded))
        np.cumsum([0, *map(len, encoded)], dtype=np.uint32).tofile(folder / f"{name}_at.bin")
        hashes = self.hashes()
        order = np.argsort(hashes, kind="stable")
        hashes[order].tofile(folder / f"{name}_hash.bin")
        order.astype(np.uint32).tofile(folder / f"{name}_code.bin")


class MappedVocabulary:
    """The vocabulary of an open index. Decodes texts on demand and caches few, so that a worker stays small."""

    CACHE_SIZE = 100_000

    def __init__(self, text: NDArray[np.uint8], at: U32, hashes: U64, codes: U32) -> None:
        self._text, self._at, self._hashes, self._codes = text.data, at, hashes, codes
        self._decoded: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._codes)

    def codes_of(self, hashes: U64) -> NDArray[np.int64]:
        """Return the codes of hashed texts; UNKNOWN for texts that no voter has, 0 for the empty text."""
        place = np.searchsorted(self._hashes, hashes)
        place[place == len(self._hashes)] = 0
        return np.where(self._hashes[place] == hashes, self._codes[place].astype(np.int64), UNKNOWN)

    def code_of(self, text: str) -> int:
        """Return the code of one text."""
        return int(self.codes_of(np.array([hash64(text)], np.uint64))[0])

    def text_of(self, code: int) -> str:
        """Return the text of a code."""
        text = self._decoded.get(code)
        if text is None:
            if len(self._decoded) >= self.CACHE_SIZE:
                self._decoded.clear()
            text = str(self._text[int(self._at[code]) : int(self._at[code + 1])], "ascii")
            self._decoded[code] = text
        return text
