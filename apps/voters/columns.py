"""What changed between two headers, in plain words: columns that came, went, were renamed or moved."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from .layout import Layout, alternatives

ALIKE: Final = 0.7  # difflib's ratio from which a new name is taken for an old one's


def columns_in_words(new: Sequence[str], old: Sequence[str], layout: Layout | None = None) -> list[str]:
    """Say which columns came, went, were renamed or moved since another header."""
    if layout:
        new, old = layout.lasting(list(new)), layout.lasting(list(old))
    had, have = {c.upper() for c in old}, {c.upper() for c in new}
    added, gone = [c for c in new if c.upper() not in had], [c for c in old if c.upper() not in have]
    renamed = _renamed(added, gone, layout)
    words = [f"Renamed, it seems: {was} is now {now}." for was, now in renamed.items()]
    added, gone = [c for c in added if c not in renamed.values()], [c for c in gone if c not in renamed]
    if added:
        words.append(f"New columns: {', '.join(added)}. They are not stored unless the layout names them.")
    if gone:
        words.append(f"Columns that are gone: {', '.join(gone)}.")
    if [c.upper() for c in new if c.upper() in had] != [c.upper() for c in old if c.upper() in have]:
        words.append("The columns stand in another order; they are read by name, so this changes nothing.")
    return words


def _renamed(added: Sequence[str], gone: Sequence[str], layout: Layout | None) -> dict[str, str]:
    """Return old name to new name: what the layout knows under both names first, then what is spelled alike."""
    found: dict[str, str] = {}
    left = list(added)
    for was in gone:
        known = [c for c in left if layout and c.upper() in _twins(was.upper(), layout)]
        alike = known or get_close_matches(was.lower(), [c.lower() for c in left], 1, ALIKE)
        now = next((c for c in left if alike and c.lower() == alike[0].lower()), None)
        if now is not None:
            found[was] = now
            left.remove(now)
    return found


def _twins(column: str, layout: Layout) -> set[str]:
    """Return the columns that the layout reads in place of this one."""
    sources = [*layout.columns.values(), *(d.column for d in layout.districts.values())]
    groups = [{choice[0] for choice in alternatives(source)} for source in sources]
    return {c for group in groups if column in group for c in group} - {column}


def kinds_in_words(new: Mapping[str, str], old: Mapping[str, str]) -> list[str]:
    """Say which columns hold another kind of value than before."""
    return [
        f"The column {column} holds {new[column]}; it held {old[column]}."
        for column in new
        if column in old and new[column] != old[column]
    ]
