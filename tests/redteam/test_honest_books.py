"""The cost of the limits of contacts for honest owners, on a small roll with namesakes."""

import csv
from pathlib import Path

import pytest

from apps.contacts import quotas
from apps.voters.layout import load_layout
from apps.voters.loading.load import LoadRequest, load
from tests.contacts.helpers import ROLL_HEADER, roll_rows
from tests.redteam import honest_books
from tests.redteam.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Load a roll in which each voter has a namesake at another address."""
    rows = [dict(zip(ROLL_HEADER, row, strict=True)) for row in roll_rows()]
    others = {"address": "1 Far Rd", "city": "Corran", "zip": "00499", "birth_year": "1931", "phone": ""}
    rows += [row | others | {"voter_id": f"N{row['voter_id']}"} for row in rows]
    path = tmp_path / "roll.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ROLL_HEADER)
        writer.writeheader()
        writer.writerows(rows)
    load(LoadRequest(path=path, layout=load_layout("generic"), accept="test"))
    blank = {"suffix": "", "dob": "", "email": ""}
    return World([row | blank for row in rows], [], full_dates=False, seed=1)


def test_a_smaller_limit_lowers_more_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    cost = honest_books.measure(world, books=3, largest=80)
    assert cost.rows >= 3 * honest_books.SMALLEST
    assert 0 < cost.with_address < cost.rows
    monkeypatch.setattr(quotas, "WRONG_NEAR_ADDRESSES", 0)
    closed = honest_books.measure(world, books=3, largest=80)
    assert (closed.rows, closed.with_address) == (cost.rows, cost.with_address)
    assert closed.lowered > cost.lowered
