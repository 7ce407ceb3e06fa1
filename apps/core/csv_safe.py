"""Escape CSV cells that a spreadsheet would run as a formula."""

import re

FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")
NUMBER = re.compile(r"[+\-]?\d[\d.]*\Z")


def safe_cell(value: object) -> str:
    """Return a value as text, with an apostrophe before a formula; signed numbers and phones stay as they are."""
    if value is None:
        return ""
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{text}" if FORMULA.match(text) and not NUMBER.match(text) else text
