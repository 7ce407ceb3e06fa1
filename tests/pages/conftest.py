"""Fixtures of the pages tests: a synthetic state with changing districts, addresses, officials and an election."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.districts.lookup import today
from apps.districts.services import load_addresses, load_boundaries
from apps.officials.models import Deadline, Election, Holding, Office, Official, Scope, Source
from apps.officials.services import load_officials
from apps.sitesearch import indexing
from tests.districts.samples import halves, load
from tests.officials.samples import person, role, write

STATE = "ocd-division/country:us/state:hd"
HOME = "418 Coopers Row, Port Ansel 00417"
# West of both plans' line, between the lines, and east of both.
WEST, BETWEEN, EAST = -50.5, -49.7, -49.0


def _square(west: float, east: float) -> dict[str, Any]:
    ring = [[west, 35.0], [east, 35.0], [east, 36.0], [west, 36.0], [west, 35.0]]
    return {"type": "Polygon", "coordinates": [ring]}


def _file(folder: Path, name: str, divisions: dict[str, tuple[str, float, float]]) -> Path:
    features = [
        {"type": "Feature", "properties": {"ocdid": f"{STATE}{ocd}", "name": title}, "geometry": _square(west, east)}
        for ocd, (title, west, east) in divisions.items()
    ]
    path = folder / f"{name}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def _load_lines(folder: Path) -> None:
    change = today() + timedelta(days=60)
    state = _file(folder, "state", {"": ("Halden", -51.0, -48.0)})
    load_boundaries(path=state, layer="state", vintage="always")
    now = _file(folder, "cd_now", {"/cd:1": ("CD 1", -51.0, -50.0), "/cd:2": ("CD 2", -50.0, -48.0)})
    load_boundaries(path=now, layer="cd", vintage="2021", valid_to=change - timedelta(days=1))
    later = _file(folder, "cd_next", {"/cd:1": ("CD 1", -51.0, -49.5), "/cd:2": ("CD 2", -49.5, -48.0)})
    load_boundaries(path=later, layer="cd", vintage="2025", valid_from=change)
    counties = {"/county:isel": ("Isel County", -51.0, -49.2), "/county:lorne": ("Lorne County", -49.2, -48.0)}
    load_boundaries(path=_file(folder, "county", counties), layer="county", vintage="2023")


def _load_addresses(folder: Path) -> None:
    rows = [
        "LON,LAT,NUMBER,STREET,UNIT,CITY,DISTRICT,REGION,POSTCODE,ID,HASH",
        f"{BETWEEN},35.5,418,Coopers Row,,Port Ansel,,HD,00417,1,a",
        f"{WEST},35.5,12,Elm St,,Port Ansel,,HD,00417,2,b",
        f"{EAST},35.5,12,Elm St,,Lornemouth,,HD,00499,3,c",
    ]
    path = folder / "addresses.csv"
    path.write_text("\n".join(rows) + "\n")
    load_addresses(path=path, kind=None)


def _seat(source: Source, scope: Scope, name: str, division: str, role: str) -> None:
    office, _made = Office.objects.get_or_create(division=f"{STATE}{division}", role=role)
    official = Official.objects.create(
        scope=scope,
        source=source,
        key=name,
        name=name,
        party="Tide",
        email="seat@example.org",
        offices=[{"kind": "capitol", "address": "", "phone": "701-555-0117"}],
        links=["https://seat.example.org"],
    )
    Holding.objects.create(official=official, office=office)


def _load_officials() -> None:
    source = Source.objects.create(name="people.jsonl", kind="openstates", as_of=today())
    scope = Scope.objects.create(name="hd", source=source)
    _seat(source, scope, "Imogen Tarrow", "/cd:2", "rep")
    _seat(source, scope, "Lucía Ferran", "", "governor")
    _seat(source, scope, "Janice Forsblad", "", "treasurer")
    day = today() + timedelta(days=20)
    election = Election.objects.create(
        key="general", name="Halden general election", kind="general", date=day, division=STATE,
        lines_on=today() + timedelta(days=60), source="https://halden.example.org",
    )  # fmt: skip
    Deadline.objects.create(election=election, kind=Deadline.Kind.REGISTRATION, date=day - timedelta(days=10))


@pytest.fixture
def halden(db: None, settings: Any, tmp_path: Path) -> None:
    """Load the state into its own DATA_DIR."""
    del db
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    _load_lines(tmp_path)
    _load_addresses(tmp_path)
    _load_officials()


@pytest.fixture
def browser(member: User, client_of: Callable[[User], Client]) -> Client:
    """Return the member's browser."""
    return client_of(member)


@pytest.fixture
def indexed(settings: Any, tmp_path: Path) -> None:
    """Index divisions, officials and static pages, as the daily job does."""
    settings.DATA_DIR = tmp_path
    load(tmp_path, "cd", "2024", halves(-99))
    file = write(tmp_path / "people.jsonl.gz", [person(1, role("lower", "1")), person(2, role("rep", "2"))])
    load_officials(path=file, as_of=None)
    indexing.rebuild_index()
