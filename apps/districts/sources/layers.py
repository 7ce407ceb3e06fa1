"""Layer definitions: how the columns of a public file become Open Civic Data ids. Data, in ../layers/*.yaml.

A definition names, for each fact, the columns that may hold it (patterns, the first that matches), and rules:
the first rule whose tests match the row gives its id, or the reason why it has none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from apps.core.errors import BadInput

FOLDER = Path(__file__).parent.parent / "layers"
COUNTRY = "ocd-division/country:us"
ORDINALS = [
    *("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth"),
    *("nineteenth", "twentieth"),
]
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}


class Fact(str):
    """A column's value that knows the forms in which ids use it: `{name:slug}`, `{code:number}` and so on."""

    def __format__(self, form: str) -> str:
        return _FORMS[form](str(self))


@dataclass(frozen=True)
class LayerDefinition:
    """One layer: its title for people, the columns of its facts, its rules, and its columns of names."""

    layer: str
    title: str
    columns: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    rules: list[dict[str, str]] = field(default_factory=list)
    doubled: str = ""

    def facts_in(self, columns: list[str]) -> dict[str, str] | None:
        """Which column holds each fact; None when one is missing, so that this definition does not fit."""
        found = {fact: _first_match(patterns, columns) for fact, patterns in self.columns.items()}
        return None if not found or None in found.values() else {fact: str(name) for fact, name in found.items()}

    def name_column(self, columns: list[str]) -> str | None:
        """The column that names the divisions."""
        return _first_match(self.names, columns)

    def id_of(self, facts: dict[str, Any]) -> tuple[str | None, str]:
        """The id of one row, or None and why it has none."""
        values = {key: Fact("" if value is None else str(value).strip()) for key, value in facts.items()}
        place = state_prefix(values.get("state", ""), values.get("postal", ""))
        for rule in self.rules:
            tests = (key for key in rule if key in values)
            if all(re.fullmatch(rule[key], values[key], re.IGNORECASE) for key in tests):
                if "skip" in rule:
                    return None, rule["skip"]
                if "{place}" in rule["id"] and not place:
                    return None, "unknown state code"
                return rule["id"].format(place=place, **values), ""
        return None, "no rule fits"


def _first_match(patterns: list[str], columns: list[str]) -> str | None:
    return next((name for pattern in patterns for name in columns if re.fullmatch(pattern, name, re.I)), None)


@cache
def layer_definition(layer: str) -> LayerDefinition:
    """The definition of a layer; one without rules when Votekin has none for that name."""
    path = FOLDER / f"{layer}.yaml"
    if not path.is_file():
        return LayerDefinition(layer, layer.replace("_", " ").capitalize())
    return LayerDefinition(layer=layer, **yaml.safe_load(path.read_text()))


@cache
def _states() -> dict[str, str]:
    loaded: dict[str, str] = yaml.safe_load((FOLDER / "states" / "prefixes.yaml").read_text())
    return loaded


def state_prefixes() -> list[str]:
    """`state:al`, `district:dc`, `territory:pr` and so on: every part that an id may have after the country."""
    return list(_states().values())


def state_prefix(fips: str, postal: str = "") -> str:
    """The OCD id of a state, district or territory from its FIPS code, else from its postal code; '' if
    neither.

    A postal code that is not in the list (a made-up state) is taken at its word.
    """
    known = _states()
    if fips.zfill(2) in known and fips:
        return f"{COUNTRY}/{known[fips.zfill(2)]}"
    if re.fullmatch(r"[A-Za-z]{2}", postal):
        match = (prefix for prefix in known.values() if prefix.endswith(f":{postal.lower()}"))
        return f"{COUNTRY}/{next(match, f'state:{postal.lower()}')}"
    return ""


def number(code: str) -> str:
    """'007' is '7', '01A' is '1a', 'A' is 'a'."""
    return code.lower().lstrip("0") or "0"


def slug(name: str) -> str:
    """A name as OCD writes it: lower case, `_` for spaces, `~` for apostrophes, accents and hyphens kept."""
    name = name.lower().replace("&", "and").replace("'", "~").replace("’", "~")
    return re.sub(r"\s+", "_", re.sub(r"[.,()/]", " ", name).strip()).replace("._", "_")


def district_slug(name: str) -> str:
    """A named district: 'Twenty-First Middlesex District' is '21st_middlesex', 'Addison-1' stays 'addison-1'."""
    name = re.sub(
        r"\b(State )?(House|Senate|Senatorial|Legislative|Representative)?\s*Districts?\b", " ", name, flags=re.I
    )
    name = re.sub(r"\bCounty\b|\bNo\.", " ", name, flags=re.I).strip()
    words = name.lower().split()
    if words and (value := _ordinal(words[0])):
        words[0] = f"{value}{_suffix(value)}"
    return slug(" ".join(words))


def _ordinal(word: str) -> int:
    tens, _, unit = word.partition("-")
    if unit and tens in TENS and unit in ORDINALS[:10]:
        return TENS[tens] + ORDINALS.index(unit)
    tens_only = word.replace("ieth", "y")
    return TENS.get(tens_only, 0) or (ORDINALS.index(word) if word in ORDINALS else 0)


def _suffix(value: int) -> str:
    return "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


_FORMS: dict[str, Callable[[str], str]] = {"": str, "number": number, "slug": slug, "district": district_slug}


def check_layer_name(layer: str) -> str:
    """Returns the name when it is one; raises BadInput otherwise."""
    if not re.fullmatch(r"[a-z_]{1,40}", layer):
        raise BadInput(f"--layer {layer!r}: a layer's name has the letters a to z and _ only, at most 40.")
    return layer
