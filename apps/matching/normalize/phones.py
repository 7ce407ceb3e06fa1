"""Phone numbers as comparable numbers; reading them for display is the contacts' business."""

import re

_EXTENSION = re.compile(r"\s*(?:x|ext|#|;).*$", re.IGNORECASE)
_NOT_DIGITS = re.compile(r"\D+")


def phone(text: str) -> int:
    """The number's digits without the country code 1; 0 where there are fewer than 10 or more than 15."""
    if not text:
        return 0
    digits = _NOT_DIGITS.sub("", _EXTENSION.sub("", text[:60]))
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    # An area code never starts with 0 or 1: such a number is a placeholder or a slip.
    if len(digits) == 10 and digits[0] in "01" and not text.lstrip().startswith("+"):
        return 0
    return int(digits) if 10 <= len(digits) <= 15 and len(set(digits)) > 1 else 0
