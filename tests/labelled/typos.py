"""Typing errors in words and numbers."""

from random import Random

_NEAR = dict(
    zip(
        "QWERTYUIOPASDFGHJKLZXCVBNM",
        [
            "WA",
            "ES",
            "RD",
            "TF",
            "YG",
            "UH",
            "IJ",
            "OK",
            "PL",
            "OL",
            "QS",
            "ADW",
            "SFE",
            "DGR",
            "FHT",
            "GJY",
            "HKU",
            "JLI",
            "KO",
            "AX",
            "ZCS",
            "XVD",
            "CBF",
            "VNG",
            "BMH",
            "NJ",
        ],
        strict=True,
    )
)


def slip(word: str, rng: Random) -> str:
    """Return the word with one letter omitted, doubled, transposed, or replaced by an adjacent key."""
    if len(word) < 3:
        return word
    at, kind = rng.randrange(1 if rng.random() < 0.85 else 0, len(word)), rng.randrange(4)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    if kind == 2 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + rng.choice(_NEAR.get(word[at].upper(), "AEIO")) + word[at + 1 :]


def wrong_digit(number: str, rng: Random) -> str:
    """Return the number with one digit replaced, or two adjacent ones transposed."""
    at = rng.randrange(len(number))
    if rng.random() < 0.5 and at + 1 < len(number):
        return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    return number[:at] + str(rng.randrange(10)) + number[at + 1 :]
