"""Format numbers for pages, in the form of the reader's language."""

from django.utils.formats import number_format
from django.utils.translation import get_language


def percent(share: float, digits: int, *, signed: bool = False) -> str:
    """Return a share of 1 as a percentage: 52.3% in English, 52.3 % in Spanish (with a no-break space)."""
    # number_format truncates, so round first.
    number = number_format(f"{abs(100 * share):.{digits}f}", decimal_pos=digits)
    sign = "-" if share < 0 else "+" if signed else ""
    space = "\u00a0" if (get_language() or "en").startswith("es") else ""
    return f"{sign}{number}{space}%"
