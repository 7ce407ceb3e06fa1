"""Both processes build the same index."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.voters import rolls
from apps.voters.loading import load as loading
from tests.voters.synthetic_rows import voters

Load = Callable[..., Any]
Write = Callable[..., Path]


def test_the_second_process_builds_the_same_index(
    load_file: Load, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(voters(500))
    load_file(path)
    here = rolls.live_snapshots()["HD"].hash
    monkeypatch.setattr(loading, "SMALL_FILE_BYTES", 0)
    load_file(path)
    assert rolls.live_snapshots()["HD"].hash == here
