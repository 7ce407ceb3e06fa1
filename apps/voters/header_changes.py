"""Describe the changes between two headers: columns added, removed, renamed or moved."""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Final

from .layout import Layout, alternatives

RENAME_SIMILARITY: Final = 0.7  # difflib ratio from which a new column counts as renamed


def describe_column_changes(new: Sequence[str], old: Sequence[str], layout: Layout | None = None) -> list[str]:
    """Return sentences on the columns added, removed, renamed or moved since another header."""
    if layout:
        new, old = layout.stable_columns(list(new)), layout.stable_columns(list(old))
    old_names, new_names = {c.upper() for c in old}, {c.upper() for c in new}
    added, removed = [c for c in new if c.upper() not in old_names], [c for c in old if c.upper() not in new_names]
    renamed = _renamed(added, removed, layout)
    sentences = [f"Probably renamed: {old_name} is now {new_name}." for old_name, new_name in renamed.items()]
    added, removed = [c for c in added if c not in renamed.values()], [c for c in removed if c not in renamed]
    if added:
        sentences.append(f"New columns: {', '.join(added)}. They are not stored unless the layout names them.")
    if removed:
        sentences.append(f"Removed columns: {', '.join(removed)}.")
    if [c.upper() for c in new if c.upper() in old_names] != [c.upper() for c in old if c.upper() in new_names]:
        sentences.append("The columns are in another order; they are read by name, so this has no effect.")
    return sentences


def _renamed(added: Sequence[str], removed: Sequence[str], layout: Layout | None) -> dict[str, str]:
    """Return old name to new name: renames that the layout lists first, then similar spellings."""
    candidates = sorted(
        ((_similarity(old_name, new_name, layout), old_name, new_name) for old_name in removed for new_name in added),
        key=lambda pair: (-pair[0], removed.index(pair[1]), added.index(pair[2])),
    )
    renames: dict[str, str] = {}
    for alike, old_name, new_name in candidates:
        if alike >= RENAME_SIMILARITY and old_name not in renames and new_name not in renames.values():
            renames[old_name] = new_name
    return {old_name: renames[old_name] for old_name in removed if old_name in renames}


def _similarity(old_name: str, new_name: str, layout: Layout | None) -> float:
    known = [layout.renamed.get(old_name), *_alternative_columns(old_name.upper(), layout)] if layout else []
    if new_name in known or new_name.upper() in known:
        return 1.0
    return SequenceMatcher(None, old_name.lower(), new_name.lower()).ratio()


def _alternative_columns(column: str, layout: Layout) -> set[str]:
    """Return the columns that the layout reads as alternatives to this one."""
    sources = [*layout.columns.values(), *(d.column for d in layout.districts.values())]
    groups = [{choice[0] for choice in alternatives(source)} for source in sources]
    return {c for group in groups if column in group for c in group} - {column}


def describe_type_changes(new: Mapping[str, str], old: Mapping[str, str]) -> list[str]:
    """Return sentences on the columns whose value type changed."""
    return [
        f"The column {column} contains {new[column]}; it contained {old[column]} before."
        for column in new
        if column in old and new[column] != old[column]
    ]
