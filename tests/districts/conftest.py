"""A scratch DATA_DIR for every test of this room, so that folders of one test never meet another."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def data_dir(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    return Path(settings.DATA_DIR)
