"""Normalize characters: upper-case ASCII, one hyphen, one apostrophe. Must not interpret the text."""

import unicodedata
from typing import Final

LONGEST: Final = 200  # characters read of any field: longer text is an error or an attack, and costs time
DASHES: Final = "‐‑‒–—―−﹘﹣－⁃᠆"
# U+00B4, U+02BC and similar; NFKD would turn some into a space with an accent and split the name in two.
APOSTROPHES: Final = "`´‘’‛′ʹʻʼʽˈˊ՚＇｀ꞌ"
# Letters and signs that NFKD does not decompose, or decomposes wrongly: the parts of ½ would become 12.
_LETTERS: Final = {
    "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ħ": "H", "ẞ": "SS", "İ": "I", "ı": "I",
    "½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "⅛": " 1/8", "⅜": " 3/8", "⅝": " 5/8", "⅞": " 7/8",
    "⁄": "/", "∕": "/", "／": "/",
}  # fmt: skip
_TABLE: Final = str.maketrans(
    {
        **dict.fromkeys(DASHES, "-"),
        **dict.fromkeys(APOSTROPHES, "'"),
        **_LETTERS,
        "\u00ad": "",
        "\u200b": "",
        "\ufeff": "",
    }
)


def fold(text: str) -> str:
    """Return upper-case ASCII without diacritics; a character without a Latin reading is dropped."""
    text = text[:LONGEST]
    if not text.isascii():
        # Compose first: U+0065 U+0301 and U+00E9 are one letter. Translate before NFKD, which splits U+00B4.
        composed = unicodedata.normalize("NFC", text).upper().translate(_TABLE)
        text = unicodedata.normalize("NFKD", composed).translate(_TABLE).encode("ascii", "ignore").decode()
    return text.upper()
