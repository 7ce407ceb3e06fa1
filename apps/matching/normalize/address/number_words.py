"""Parse numbers written as words: ELEVEN, TWENTY-FIRST, ONE HUNDRED FIFTH."""

import re
from collections.abc import Sequence
from typing import Final

_SMALL: Final = (
    "ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN SIXTEEN SEVENTEEN "
    "EIGHTEEN NINETEEN"
).split()
_TENS: Final = ("TWENTY", "THIRTY", "FORTY", "FIFTY", "SIXTY", "SEVENTY", "EIGHTY", "NINETY")
_CARDINALS: Final = {word: number for number, word in enumerate(_SMALL, 1)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
} | {"FOURTY": 40, "NINTY": 90}  # fmt: skip
_IRREGULAR: Final = {"ONE": "FIRST", "TWO": "SECOND", "THREE": "THIRD", "FIVE": "FIFTH", "EIGHT": "EIGHTH",
                     "NINE": "NINTH", "TWELVE": "TWELFTH"}  # fmt: skip
_ORDINALS: Final = {
    _IRREGULAR.get(word, word[:-1] + "IETH" if word.endswith("Y") else word + "TH"): number
    for word, number in _CARDINALS.items()
} | {"FOURTIETH": 40}
_DIGITS: Final = re.compile(r"(\d+)(?:ST|ND|RD|TH)")
_GLUED: Final = re.compile(
    f"({'|'.join(_TENS)})({'|'.join([*_SMALL[:9], *(o for o, n in _ORDINALS.items() if n < 10)])})"
)
_SPACED_ENDINGS: Final = frozenset({"TH", "ND", "RD"})


def read_number(words: Sequence[str]) -> tuple[int, int]:
    """Return the number at the beginning of the words, cardinal or ordinal, and how many words it takes; else 0, 0."""
    total = part = taken = 0
    for at, word in enumerate(words):
        if word in ("HUNDRED", "THOUSAND") and part:
            scale = 100 if word == "HUNDRED" else 1000
            total, part = (total + part * scale, 0)
        elif word in ("HUNDREDTH", "THOUSANDTH") and part:
            return total + part * (100 if word == "HUNDREDTH" else 1000), at + 1
        elif word == "AND" and total and not part and at + 1 < len(words) and _value(words[at + 1]):
            continue
        elif (value := _value(word)) and _follows(part, value):
            part += value
            if word in _ORDINALS:
                return total + part, at + 1
        else:
            break
        taken = at + 1
    return (total + part, taken) if taken else (0, 0)


def _value(word: str) -> int:
    return _CARDINALS.get(word) or _ORDINALS.get(word) or 0


def _follows(part: int, value: int) -> bool:
    """Return whether a value continues the number so far: 1 to 9 after a ten, any value at the beginning."""
    return part == 0 or (part % 10 == 0 and 20 <= part < 100 and value < 10)


def with_digits(words: Sequence[str]) -> list[str]:
    """Return words with every number as digits without its ending: TWENTY FIRST and 21ST are both 21."""
    words = [part for word in words for part in _apart(word)]
    result: list[str] = []
    at = 0
    while at < len(words):
        number, taken = read_number(words[at:])
        if taken:
            result.append(str(number))
            at += taken
            continue
        word = words[at]
        found = _DIGITS.fullmatch(word)
        result.append((found[1].lstrip("0") or "0") if found else word)
        # 42 ND ST: the suffix is a separate word.
        ends = word.isdigit() and at + 1 < len(words) and words[at + 1] in _SPACED_ENDINGS
        at += 2 if ends else 1
    return result


def _apart(word: str) -> tuple[str, ...]:
    if len(word) > 8 and (found := _GLUED.fullmatch(word)):
        return found[1], found[2]
    return (word,)
