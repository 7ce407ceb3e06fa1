"""Read the small tables under data/: towns, streets, names. From general knowledge; no row is a real person."""

import csv
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import yaml
from numpy.typing import NDArray

_DATA = Path(__file__).parent / "data"


class Town(TypedDict, total=False):
    """One town of towns.yaml; only county seats have `seat`."""

    name: str
    lon: float
    lat: float
    share: float
    kind: str
    zips: int
    seat: str


def load_yaml(name: str) -> Any:
    """Read one YAML table."""
    return yaml.load((_DATA / name).read_text(encoding="utf-8"), yaml.CSafeLoader)


def load_csv(name: str) -> list[dict[str, str]]:
    """Read one CSV table with a header."""
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def towns() -> tuple[Town, ...]:
    """Return the towns, largest first."""
    return tuple(load_yaml("towns.yaml"))


@cache
def county_names() -> tuple[str, ...]:
    """Return the counties in alphabetical order, which is that of their numbers."""
    return tuple(sorted(town["seat"] for town in towns() if "seat" in town))


@cache
def nicknames() -> dict[str, list[str]]:
    """Return the short forms of formal first names."""
    rows = (_DATA / "nicknames.csv").read_text(encoding="utf-8").splitlines()
    return {name: short for name, *short in (row.split(",") for row in rows)}


@cache
def area_codes() -> tuple[str, ...]:
    """Return area codes in use; with 555-0100 to 555-0199 they give only fictional numbers."""
    return tuple((_DATA / "area_codes.txt").read_text(encoding="utf-8").split())


def texts(values: list[str] | tuple[str, ...]) -> NDArray[np.object_]:
    """Return strings as an object array: indexing it copies references, not text."""
    array = np.empty(len(values), object)
    array[:] = values
    return array
