"""Parse post office boxes and rural routes, which have a number but no building."""

import re
from typing import Final

BOX: Final = "POBOX"
_NUMBER: Final = r"(\w+(?:-\w+)?)"
_ROUTE_WORDS: Final = (
    r"(R\W?R|R\W?F?\W?D|RURAL\s+(?:ROUTE|RTE|RT)|ROUTE|RT|RTE|H\W?C(?:\W?R)?|HIGHWAY\s+CONTRACT(?:\s+(?:ROUTE|RTE|RT))?|"
    r"STAR\s+ROUTE)"
)
_PO_BOX: Final = re.compile(
    rf"^\W*(?:(?:P\W*O\W*|POST\s+OFFICE\s+|APARTADO\s+|APDO\s+)?(?:BOX|BX|DRAWER)|P\W*O\W*B)\W+(?:NO\W*)?{_NUMBER}"
)
_RURAL: Final = re.compile(rf"^\W*{_ROUTE_WORDS}\W*(?:NO\W*)?(\w+)\W+(?:BOX|BX)\W*{_NUMBER}")
_RURAL_BEHIND: Final = re.compile(rf"^\W*(?:BOX|BX)\W*{_NUMBER}\W+{_ROUTE_WORDS}\W*(?:NO\W*)?(\w+)")
_ALSO_BOX: Final = re.compile(r"[\s,]+(?:P\W*O\W*|POST\s+OFFICE\s+)(?:BOX|BX|DRAWER)\W+\w+")
_MAY_HOLD: Final = ("BOX", "BX", "DRAWER", "POB", "P O B", "P.O.B")


def read_box(line: str) -> tuple[str, str] | None:
    """Return the box's number and POBOX, RR2 or HC1 of a folded line; None for any other line."""
    if not any(word in line for word in _MAY_HOLD):
        return None
    if found := _RURAL.match(line):
        return _plain(found[3]), _route(found[1], found[2])
    if found := _RURAL_BEHIND.match(line):
        return _plain(found[1]), _route(found[2], found[3])
    if found := _PO_BOX.match(line):
        return _plain(found[1]), BOX
    return None


def without_box(line: str) -> str:
    """Return a street line without the post office box after it."""
    return _ALSO_BOX.sub("", line) if "BOX" in line or "DRAWER" in line or "BX" in line else line


def _plain(number: str) -> str:
    return number.replace("-", "").lstrip("0") or "0"


def _route(word: str, number: str) -> str:
    return f"{'HC' if word.startswith('H') else 'RR'}{number.lstrip('0')}"


def is_box(core: str) -> bool:
    """Return whether a street's core is a box or route of `read_box`, which has no building."""
    return core == BOX or bool(_ROUTE.fullmatch(core))


_ROUTE: Final = re.compile(r"(?:RR|HC)\d\w*")
