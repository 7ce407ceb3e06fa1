"""A live roll, a partner with a key for lists, and parts of two people."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apps.accounts.models import User
from apps.api.lists import services
from tests.api.conftest import Caller
from tests.api.lists.partner_lists import write_roll
from tests.voters.synthetic_rows import voters


@pytest.fixture
def roll(state: Path, tmp_path: Path) -> None:
    """Load a live roll of 300 voters."""
    write_roll(tmp_path, voters(300))


@pytest.fixture
def partner(new_key: Callable[..., str]) -> Caller:
    """Return a program with a key for lists."""
    return Caller(new_key("lists", budget=1000))


@pytest.fixture
def other_partner(new_key: Callable[..., str]) -> Caller:
    """Return a program with another key for lists."""
    return Caller(new_key("lists", budget=1000))


@pytest.fixture
def owners(owner: User, steward: User) -> tuple[User, User]:
    """Return the two members of staff who approve lists."""
    return owner, steward


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PART_SIZE", 2)
