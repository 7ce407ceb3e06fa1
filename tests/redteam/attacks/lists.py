"""Attacks by partner lists: rows with guesses, at most three of a name, approved by staff who miss the duplicates."""

import csv
import io
import json
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Final

from ..lab import Lab
from ..outcomes import Outcome
from ..world import Row, born, door_of, guessed

MOST: Final = 5_000
A_NAME: Final = 3
LISTS: Final = 3
CONTROLS: Final = 20


def doors(lab: Lab) -> Iterator[Outcome]:
    """Name and birth date are known: nine doors of the state in three lists, then the right one."""
    targets = lab.targets("list doors")
    best = lab.world.doors[: A_NAME * LISTS]
    guesses = [[as_row(row, door) for door in best if door_of(door) != door_of(row)] for row in targets]
    with lab.house.fresh():
        # A control: complete rows are answered, otherwise the attack measures nothing.
        honest = answers(lab, [as_row(row, row) for row in lab.targets("list control", CONTROLS)])
        assert sum(honest) >= 0.8 * len(honest), f"Only {sum(honest)} of {len(honest)} complete rows are registered."
        for number in range(LISTS):
            answers(lab, [one for rows in guesses for one in rows[A_NAME * number : A_NAME * (number + 1)]])
        found = answers(lab, [as_row(row, row) for row in targets])
    right = [door_of(row) == door_of(best[0]) for row in targets]
    yield lab.outcome("partner lists: doors", 1, found, right)


def birth_dates(lab: Lab) -> Iterator[Outcome]:
    """Name and door are known: the two commonest birth dates, then a third and the right one."""
    targets = lab.targets("list dates")
    common = lab.world.common("born")[:2]
    with lab.house.fresh():
        rows = [as_row(row, row) | {"dob": guess} for row in targets for guess in common]
        tried = answers(lab, rows)
        found = [any(tried[at : at + 2]) for at in range(0, len(tried), 2)]
        rest = [row for row, one in zip(targets, found, strict=True) if not one]
        after = iter(answers(lab, [as_row(row, row) for row in rest]))
        hits = [one or next(after) for one in found]
    yield lab.outcome("partner lists: birth dates", 1, hits, guessed(targets, "born", common))


def as_row(row: Row, door: Row) -> Row:
    place = {name: door[name] for name in ("address", "city", "zip")}
    return {"first_name": row["first_name"], "last_name": row["last_name"], "dob": born(row), "state": "HD", **place}


def answers(lab: Lab, rows: Sequence[Row]) -> list[bool]:
    """Submit rows as lists, approve them as both members of staff, and return which are registered."""
    key = lab.house.api_key()
    found: list[bool] = []
    for start in range(0, len(rows), MOST):
        people = [{"query_id": str(at), **row} for at, row in enumerate(rows[start : start + MOST])]
        body = json.dumps({"purpose": "Remind our members to register", "people": people}).encode()
        made = json.loads(_call(lab, key, "/api/v1/lists", body))
        for role in ("owner", "steward"):
            lab.house.approve(role, made["id"])
        lab.house.wait()
        answers = csv.DictReader(io.StringIO(_call(lab, key, f"/api/lists/{made['id']}.csv")))
        found += [row["status"] == "registered" for row in answers]
    return found


def _call(lab: Lab, key: str, path: str, body: bytes | None = None) -> str:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(lab.house.url + path, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=120) as answer:
        return str(answer.read().decode())
