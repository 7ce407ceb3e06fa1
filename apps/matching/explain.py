"""Explain a result as data: the level and the match weight of each field. Callers render words from the keys.

Keys: `fields.FIELDS` and `fields.level_name`, and `decide.Veto` in lower case.
"""

from collections.abc import Sequence
from typing import Any

from apps.matching.fields import FIELDS, level_name

# The levels that count as agreement, so that "which fields agreed" means the same everywhere.
AGREES = {
    "first": {"same", "nickname", "close", "initial", "middle_name"},
    "last": {"same", "part", "close", "sounds", "swapped", "middle_name"},
    "middle": {"same", "initial", "close"},
    "dob": {"same", "swapped", "one_off", "year_and_part", "year"},
    "sex": {"same"},
    "where": {"door", "door_other_place", "street", "zip", "city", "place_zip", "place_city", "town"},
    "phone": {"same"},
    "email": {"same"},
    "suffix": {"same"},
}


def compared(levels: Sequence[int], weights: Sequence[float]) -> list[dict[str, Any]]:
    """Return for each field of one candidate its level, its weight, and whether it counts as agreement."""
    named = [(name, level_name(name, level)) for name, level in zip(FIELDS, levels, strict=True)]
    return [
        {"field": name, "level": level, "weight": weight, "agrees": level in AGREES[name]}
        for (name, level), weight in zip(named, weights, strict=True)
    ]
