"""One small generated state for all tests of this folder."""

import csv
import json
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import shapely

from apps.synthetic.state import make_state

AS_OF = date(2026, 11, 21)


@dataclass(frozen=True)
class GeneratedState:
    """A generated state and the usual ways to read it."""

    path: Path

    @cached_property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.path / "manifest.json").read_text())

    def layer(self, file: str) -> dict[str, Any]:
        """Return the shapes of a boundary file by OCD id."""
        table = pq.read_table(self.path / "boundaries" / file)
        shapes = shapely.from_wkb(table["geometry"].to_pylist())
        return dict(zip(table["ocdid"].to_pylist(), shapes, strict=True))

    def rows(self, file: str, *, encoding: str = "utf-8", delimiter: str = ",") -> list[dict[str, str]]:
        """Return the rows of a CSV file."""
        with (self.path / file).open(encoding=encoding, newline="") as text:
            return list(csv.DictReader(text, delimiter=delimiter))

    @cached_property
    def generic(self) -> list[dict[str, str]]:
        return self.rows("roll/generic.csv")

    @cached_property
    def nc(self) -> list[dict[str, str]]:
        return self.rows("roll/ncvoter_HD.txt", encoding="latin-1", delimiter="\t")


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> GeneratedState:
    """Generate a state of 6,000 voters."""
    path = tmp_path_factory.mktemp("madeup") / "state"
    make_state(path, 6000, 7, as_of=AS_OF)
    return GeneratedState(path)
