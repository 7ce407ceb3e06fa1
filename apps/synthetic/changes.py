"""Apply a month of changes to the people of a chunk, as the next roll shows them."""

import numpy as np

from apps.synthetic.names import FEMALE, surnames
from apps.synthetic.people import ACTIVE, CONFIDENTIAL, INACTIVE, REMOVED, People
from apps.synthetic.places import Places
from apps.synthetic.streets import Ints

# Shares of the people of a chunk, in one month.
_RATES = {
    "dropped": 0.0015,
    "moved": 0.006,
    "renamed": 0.0008,
    "removed": 0.003,
    "inactive": 0.004,
    "active_again": 0.001,
    "newly_confidential": 0.0003,
}


def no_changes() -> dict[str, int]:
    """Return a count of zero for every kind of change."""
    return {"new": 0, **dict.fromkeys(_RATES, 0)}


def a_month_later(
    people: People, places: Places, new: Ints, changes: dict[str, int], rng: np.random.Generator
) -> tuple[People, Places]:
    """Return people and places of the next roll, and count the changes in `changes`.

    `new` are the positions of those who were not on the first roll.
    """
    people, places = people.take(np.arange(len(people))), places.take(np.arange(len(people)))
    changes["new"] += len(new)
    stays = np.ones(len(people), bool)
    stays[new] = False
    settled = rng.permutation(np.flatnonzero(stays & (people.status == ACTIVE)))
    at = 0
    part: dict[str, Ints] = {}
    for kind, share in _RATES.items():  # of the active people, so that no one changes in two ways
        # the named people of the demo do not change
        size = max(2, round(len(people) * share)) if len(people) >= 500 else 0
        part[kind] = np.sort(settled[at : at + size])
        at += size
    part["active_again"] = np.flatnonzero(people.status == INACTIVE)[: len(part["active_again"])]
    _move(places, part["moved"])
    people.last[part["renamed"]] = _other_names(people, part["renamed"], rng)
    people.status[part["removed"]] = REMOVED
    people.status[part["inactive"]] = INACTIVE
    people.status[part["active_again"]] = ACTIVE
    people.status[part["newly_confidential"]] = CONFIDENTIAL
    for kind, who in part.items():
        changes[kind] += len(who)
    left = np.ones(len(people), bool)
    left[part["dropped"]] = False
    return people.take(left), places.take(left)


def _move(places: Places, who: Ints) -> None:
    """Swap homes between people far apart in the list, who never share a household."""
    there = places.take(np.roll(who, len(who) // 2))
    for name in ("street", "unit", "town", "zip", "cell", "rural", "point"):
        getattr(places, name)[who] = getattr(there, name)


def _other_names(people: People, who: Ints, rng: np.random.Generator) -> list[str]:
    """Return new surnames: a partner's, sometimes hyphenated or with the old one before it."""
    table = surnames()
    drawn = table.plain[table.draw(rng.choice(5, len(who), p=[0.6, 0.18, 0.07, 0.07, 0.08]), rng)]
    return [
        f"{old}-{new}" if int(sex) != FEMALE or i % 3 == 0 else str(new)
        for i, (old, new, sex) in enumerate(zip(people.last[who], drawn, people.sex[who], strict=True))
    ]
