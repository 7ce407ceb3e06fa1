"""Layer definitions, in ../layers/*.yaml: how to derive Open Civic Data ids from the columns of a public file.

A definition lists, for each fact, patterns of its column (the first match is used), and rules: the first rule whose
tests match a row supplies its id, or the reason why it has none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from apps.core.errors import BadInput
from apps.core.yaml_files import load_yaml

LAYERS_FOLDER = Path(__file__).parent.parent / "layers"
COUNTRY = "ocd-division/country:us"
ORDINALS = [
    *("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
    *("eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth"),
    *("nineteenth", "twentieth"),
]
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}


class Fact(str):
    """A column's value with the format codes of id templates: `{name:slug}`, `{code:number}` and so on."""

    def __format__(self, form: str) -> str:
        return _FORMATS[form](str(self))


@dataclass(frozen=True)
class LayerDefinition:
    """One layer: its title, the column patterns of its facts and names, and its rules."""

    layer: str
    title: str
    columns: dict[str, list[str]] = field(default_factory=dict)
    names: list[str] = field(default_factory=list)
    rules: list[dict[str, str]] = field(default_factory=list)
    doubled: str = ""

    def facts_in(self, columns: list[str]) -> dict[str, str] | None:
        """Return the column of each fact; None if one is missing, so that the definition does not apply."""
        found = {fact: _first_match(patterns, columns) for fact, patterns in self.columns.items()}
        return None if not found or None in found.values() else {fact: str(name) for fact, name in found.items()}

    def name_column(self, columns: list[str]) -> str | None:
        """Return the column of the divisions' names, or None."""
        return _first_match(self.names, columns)

    def id_of(self, facts: dict[str, Any]) -> tuple[str | None, str]:
        """Return the id of one row, or None and the reason."""
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
        return None, "no rule matches"


def _first_match(patterns: list[str], columns: list[str]) -> str | None:
    return next((name for pattern in patterns for name in columns if re.fullmatch(pattern, name, re.I)), None)


@cache
def layer_definition(layer: str) -> LayerDefinition:
    """Return the definition of a layer; one without rules for an unknown layer."""
    path = LAYERS_FOLDER / f"{layer}.yaml"
    if not path.is_file():
        return LayerDefinition(layer, layer.replace("_", " ").capitalize())
    return LayerDefinition(layer=layer, **load_yaml(path.read_text()))


@cache
def _states() -> dict[str, str]:
    loaded: dict[str, str] = load_yaml((LAYERS_FOLDER / "states" / "prefixes.yaml").read_text())
    return loaded


def state_prefixes() -> list[str]:
    """Return every prefix after the country in an id: `state:al`, `district:dc`, `territory:pr` and so on."""
    return list(_states().values())


def state_prefix(fips: str, postal: str = "") -> str:
    """Return the OCD id of a state, district or territory from its FIPS code, or else its postal code; else ''.

    An unknown postal code is accepted, for made-up states.
    """
    known = _states()
    if fips.zfill(2) in known and fips:
        return f"{COUNTRY}/{known[fips.zfill(2)]}"
    if re.fullmatch(r"[A-Za-z]{2}", postal):
        match = (prefix for prefix in known.values() if prefix.endswith(f":{postal.lower()}"))
        return f"{COUNTRY}/{next(match, f'state:{postal.lower()}')}"
    return ""


def code_number(code: str) -> str:
    """Return a district code as in ids: '007' becomes '7', '01A' becomes '1a', 'A' becomes 'a'."""
    return code.lower().lstrip("0") or "0"


def ocd_slug(name: str) -> str:
    """Return a name as in OCD ids: lower case, `_` for spaces, `~` for apostrophes; keeps accents and hyphens."""
    name = name.lower().replace("&", "and").replace("'", "~").replace("’", "~")
    return re.sub(r"\s+", "_", re.sub(r"[.,()/]", " ", name).strip()).replace("._", "_")


def district_slug(name: str) -> str:
    """Return a district name as in ids: 'Twenty-First Middlesex District' becomes '21st_middlesex'."""
    name = re.sub(
        r"\b(State )?(House|Senate|Senatorial|Legislative|Representative)?\s*Districts?\b", " ", name, flags=re.I
    )
    name = re.sub(r"\bCounty\b|\bNo\.", " ", name, flags=re.I).strip()
    words = name.lower().split()
    if words and (value := _ordinal(words[0])):
        words[0] = f"{value}{_suffix(value)}"
    return ocd_slug(" ".join(words))


def _ordinal(word: str) -> int:
    tens, _, unit = word.partition("-")
    if unit and tens in TENS and unit in ORDINALS[:10]:
        return TENS[tens] + ORDINALS.index(unit)
    tens_only = word.replace("ieth", "y")
    return TENS.get(tens_only, 0) or (ORDINALS.index(word) if word in ORDINALS else 0)


def _suffix(value: int) -> str:
    return "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")


_FORMATS: dict[str, Callable[[str], str]] = {
    "": str,
    "number": code_number,
    "slug": ocd_slug,
    "district": district_slug,
}


def check_layer_name(layer: str) -> str:
    """Return a valid layer name; raise BadInput otherwise."""
    if not re.fullmatch(r"[a-z_]{1,40}", layer):
        raise BadInput(f"--layer {layer!r}: a layer's name has the letters a to z and _ only, at most 40.")
    return layer
