"""Two loaded layers, one of them with overlapping divisions."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from django.core.management import call_command

from tests.districts.files import parquet
from tests.districts.samples import STATE, halves


@pytest.fixture
def loaded(tmp_path: Path) -> None:
    """Load congressional districts, and a layer of overlapping areas."""
    file = parquet(tmp_path / "cd.parquet", halves(-99), ocdid=[f"{STATE}/cd:1", f"{STATE}/cd:2"])
    call_command("load_boundaries", str(file), "--layer", "cd", "--vintage", "2024")
    overlapping = np.array([shapely.box(-101, 39, -99, 42), shapely.box(-100, 39, -98, 42)])
    file = parquet(tmp_path / "a.parquet", overlapping, ocdid=["b", "a"])
    call_command("load_boundaries", str(file), "--layer", "area", "--vintage", "2024")
