"""`fields`: the part of an answer that a call wants, such as `offices(name,officialIndices),officials/name`."""

import re
from typing import Any

from .errors import wrong_value

TOKEN = re.compile(r"[A-Za-z0-9_*$.:~-]+|[(),/]")
DEEPEST = 10
Wanted = dict[str, "Wanted"]


def selected(selector: str) -> Wanted:
    """Read a selector; an empty one wants everything. Raises CivicError for one that cannot be read."""
    if not selector:
        return {}
    tokens = TOKEN.findall(selector)
    if "".join(tokens) != selector.replace(" ", ""):
        raise _unreadable()
    wanted = _list(tokens, 0)
    if tokens:
        raise _unreadable()
    return wanted


def _unreadable() -> Exception:
    return wrong_value("fields", "write names with commas between, a(b,c) or a/b for what lies inside.")


def _list(tokens: list[str], depth: int) -> Wanted:
    """One list of names; what it reads it takes off the front."""
    wanted: Wanted = {}
    while True:
        name, inside = _item(tokens, depth)
        wanted.setdefault(name, {}).update(inside)
        if not tokens or tokens[0] != ",":
            return wanted
        tokens.pop(0)


def _item(tokens: list[str], depth: int) -> tuple[str, Wanted]:
    if not tokens or tokens[0] in "(),/" or depth > DEEPEST:
        raise _unreadable()
    name = tokens.pop(0)
    follows = tokens.pop(0) if tokens and tokens[0] in "(/" else ""
    if follows == "/":
        inner, inside = _item(tokens, depth + 1)
        return name, {inner: inside}
    if follows == "(":
        listed = _list(tokens, depth + 1)
        if not tokens or tokens.pop(0) != ")":
            raise _unreadable()
        return name, listed
    return name, {}


def taken(value: Any, wanted: Wanted) -> Any:
    """Return of an answer what is wanted."""
    if not wanted:
        return value
    if isinstance(value, list):
        return [taken(each, wanted) for each in value]
    if not isinstance(value, dict):
        return value
    rest = wanted.get("*")
    return {
        key: taken(each, wanted.get(key, rest or {}))
        for key, each in value.items()
        if key in wanted or rest is not None
    }
