"""Cells of a CSV that a spreadsheet opens: text that it would run as a formula is quoted."""

import re
from typing import Any

FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"[+\-]?\d[\d.]*\Z")


def safe_cell(value: Any) -> str:
    """Return a value as text; what would start a formula gets an apostrophe, numbers and phones stay."""
    if value is None:
        return ""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.match(text) else text
