"""Post office boxes and rural routes, which have a number but no house."""

import re
from typing import Final

BOX: Final = "POBOX"
_PO_BOX: Final = re.compile(r"^\W*(?:P\W*O\W*|POST\s+OFFICE\s+|APARTADO\s+|APDO\s+)?(?:BOX|BX|DRAWER)\W+(\w+)")
_RURAL: Final = re.compile(
    r"^\W*(R\W?R|R\W?F\W?D|RURAL\s+(?:ROUTE|RTE|RT)|ROUTE|RT|RTE|H\W?C|HIGHWAY\s+CONTRACT(?:\s+(?:ROUTE|RTE|RT))?|STAR\s+ROUTE)"
    r"\W*(?:NO\W*)?(\w+)\W+(?:BOX|BX)\W*(\w+)"
)


def read_box(line: str) -> tuple[str, str] | None:
    """Return the box's number and POBOX, RR2 or HC1 of a folded line; None where it is neither."""
    if "BOX" not in line and "BX" not in line and "DRAWER" not in line:
        return None
    if found := _RURAL.match(line):
        kind = "HC" if found[1].startswith("H") else "RR"
        return found[3].lstrip("0") or "0", f"{kind}{found[2].lstrip('0')}"
    if found := _PO_BOX.match(line):
        return found[1].lstrip("0") or "0", BOX
    return None


def is_box(core: str) -> bool:
    """Return whether a street's core is a box or route of `read_box`, where no house stands."""
    return core == BOX or bool(_ROUTE.fullmatch(core))


_ROUTE: Final = re.compile(r"(?:RR|HC)\d\w*")
