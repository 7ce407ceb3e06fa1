"""Normalize phone numbers for comparison; the contacts app formats them for display."""

import re

_EXTENSION = re.compile(r"\s*(?:x|ext|#|;).*$", re.IGNORECASE)
_NOT_DIGITS = re.compile(r"\D+")


def phone(text: str) -> int:
    """Return the number's digits without the country code 1; 0 for fewer than 10 or more than 15 digits."""
    if not text:
        return 0
    digits = _NOT_DIGITS.sub("", _EXTENSION.sub("", text[:60]))
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    # An area code never starts with 0 or 1: such a number is a placeholder or an error.
    if len(digits) == 10 and digits[0] in "01" and not text.lstrip().startswith("+"):
        return 0
    return int(digits) if 10 <= len(digits) <= 15 and len(set(digits)) > 1 else 0
