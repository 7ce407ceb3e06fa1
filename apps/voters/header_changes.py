"""What changed between two headers, in plain words: columns that came, went, were renamed or moved."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from .layout import Layout, alternatives

RENAME_SIMILARITY: Final = 0.7  # difflib's ratio from which a new name is taken for an old one's


def describe_column_changes(new: Sequence[str], old: Sequence[str], layout: Layout | None = None) -> list[str]:
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
    worth = sorted(
        ((_similarity(was, now, layout), was, now) for was in gone for now in added),
        key=lambda pair: (-pair[0], gone.index(pair[1]), added.index(pair[2])),
    )
    found: dict[str, str] = {}
    for alike, was, now in worth:
        if alike >= RENAME_SIMILARITY and was not in found and now not in found.values():
            found[was] = now
    return {was: found[was] for was in gone if was in found}


def _similarity(was: str, now: str, layout: Layout | None) -> float:
    if layout and (layout.renamed.get(was) == now or now.upper() in _alternative_columns(was.upper(), layout)):
        return 1.0
    return SequenceMatcher(None, was.lower(), now.lower()).ratio()


def _alternative_columns(column: str, layout: Layout) -> set[str]:
    """Return the columns that the layout reads in place of this one."""
    sources = [*layout.columns.values(), *(d.column for d in layout.districts.values())]
    groups = [{choice[0] for choice in alternatives(source)} for source in sources]
    return {c for group in groups if column in group for c in group} - {column}


def describe_type_changes(new: Mapping[str, str], old: Mapping[str, str]) -> list[str]:
    """Say which columns hold another kind of value than before."""
    return [
        f"The column {column} holds {new[column]}; it held {old[column]}."
        for column in new
        if column in old and new[column] != old[column]
    ]
