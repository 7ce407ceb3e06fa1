"""Fixtures: small synthetic rolls, written and loaded."""

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apps.synthetic.roll import LAYOUTS
from apps.synthetic.state import make_state
from apps.voters.layout import load_layout
from apps.voters.loading.load import LoadReport, LoadRequest, load
from tests.voters.synthetic_rows import GENERIC

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return a function that writes rows as a generic CSV file."""

    def make(rows: list[dict[str, str]], name: str = "roll.csv", header: tuple[str, ...] = GENERIC) -> Path:
        out = io.StringIO()
        writer = csv.DictWriter(out, header, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / name
        path.write_text(out.getvalue(), encoding="utf-8")
        return path

    return make


@pytest.fixture
def incoming(settings: Any) -> Iterator[Callable[..., Path]]:
    """Return a function that writes rows into a source's folder of incoming files."""
    root = settings.DATA_DIR / "incoming"

    def put(source: str, rows: list[dict[str, str]], name: str = "roll.csv") -> Path:
        path: Path = root / source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, GENERIC, restval="", extrasaction="ignore")
            writer.writeheader()
            writer.writerows(rows)
        return path

    yield put
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def load_file(db: None) -> Callable[..., LoadReport]:
    """Return a function that loads a file."""

    def run(path: Path, layout: str = "generic", **options: Any) -> LoadReport:
        return load(LoadRequest(path=path, layout=load_layout(layout), **options))

    return run


@pytest.fixture(autouse=True)
def _remove_layouts(settings: Any) -> Iterator[None]:
    """Remove the layouts that a test wrote."""
    yield
    for path in (settings.DATA_DIR / "layouts").glob("*.yaml"):
        path.unlink()


@pytest.fixture
def day() -> date:
    """Return the date of a first roll."""
    return date(2026, 9, 1)


@pytest.fixture(scope="session")
def state_rolls(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the rolls of one fictional state in every shipped layout."""
    folder = tmp_path_factory.mktemp("states") / "hd"
    make_state(folder, 1_500, 5, as_of=date(2026, 9, 1), contacts=20, layouts=LAYOUTS)
    return folder / "roll"
