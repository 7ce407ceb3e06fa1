"""Fixtures of the verification tests: a live roll of synthetic voters."""

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.verification import timing
from apps.voters import rolls
from apps.voters.layout import load_layout
from apps.voters.loading.load import LoadRequest, load
from apps.voters.models import Snapshot
from tests.voters.synthetic_rows import GENERIC, voters

from .helpers import PROTECTED, REMOVED, TWINS

Rows = list[dict[str, str]]


@pytest.fixture(autouse=True)
def _no_tick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reveal results at once; test_timing.py tests the tick."""
    monkeypatch.setattr(timing, "TICK", timedelta(0))


@pytest.fixture
def load_rows(tmp_path: Path) -> Callable[..., None]:
    """Return a function that loads rows as the live roll."""

    def run(rows: Rows, name: str = "roll.csv", accept: str = "a test") -> None:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, GENERIC, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        load(LoadRequest(path=path, layout=load_layout("generic"), accept=accept))

    return run


@pytest.fixture
def roll(db: None, load_rows: Callable[..., None]) -> Snapshot:
    """Load 600 voters, two namesakes at one address, a protected and a removed voter."""
    load_rows([*voters(600), *TWINS, PROTECTED, REMOVED])
    return rolls.live_snapshots()["HD"]


@pytest.fixture
def committed_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow logging an access within a test's own transaction."""
    from django.db import transaction

    real = transaction.atomic

    def lenient(using: Any = None, savepoint: bool = True, durable: bool = False) -> Any:
        del using, savepoint, durable
        return real()

    monkeypatch.setattr("apps.audit.services.transaction.atomic", lenient)
