"""A small generated state with two layers, addresses and officials, and programs with keys."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.api.services import create_key
from apps.districts import services
from tests.districts.samples import halves, load, ranges_file

ANYTOWN = "102 Main St, Anytown, QX 00501"
PARTNER = "https://partner.example.org"
STATE = "ocd-division/country:us/state:qx"
WEST, EAST = (-99.9995, 40.5), (-98.5, 40.5)


@pytest.fixture
def data_dir(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    return Path(settings.DATA_DIR)


@pytest.fixture
def state(db: None, data_dir: Path, tmp_path: Path) -> Path:
    """Load two congressional districts west and east of a line, two counties, and one road that crosses the line."""
    services.load_addresses(path=ranges_file(tmp_path / "ranges.parquet"))
    load(tmp_path, "cd", "2022", halves(-99.9995))
    load(tmp_path, "county", "2020", halves(-99))
    return tmp_path


@pytest.fixture
def new_key(db: None) -> Callable[..., str]:
    """Return a function that creates a key."""

    def make(*scopes: str, budget: int = 1_000_000) -> str:
        return create_key(
            name="Partner", scopes=list(scopes) or ["districts", "lists", "officials"], daily_budget=budget
        )[1]

    return make


class Caller:
    """A program with a key."""

    def __init__(self, key: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def post(self, path: str, body: Any, **options: Any) -> Any:
        raw = body if isinstance(body, (str, bytes)) else json.dumps(body)
        options = {"content_type": "application/json", "headers": self.headers} | options
        return self.client.post(f"/api/v1/{path}", raw, **options)

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1/{path}", headers={**self.headers, **headers})


@pytest.fixture
def caller(new_key: Callable[..., str]) -> Caller:
    return Caller(new_key())


@pytest.fixture
def anybody() -> Caller:
    return Caller(None)


from tests.api.civic import civic, elections, google, people  # noqa: E402, F401 - fixtures, which need the names above
