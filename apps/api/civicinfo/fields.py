"""The parameter `fields`, which selects parts of a response: `offices(name,officialIndices),officials/name`."""

import re
from typing import Any

from .errors import invalid_value_error

TOKEN = re.compile(r"[A-Za-z0-9_*$.:~-]+|[(),/]")
MAX_DEPTH = 10
FieldTree = dict[str, "FieldTree"]


def parse_fields(selector: str) -> FieldTree:
    """Parse a selector into a tree; an empty tree selects everything. Raises CivicError for invalid syntax."""
    if not selector:
        return {}
    tokens = TOKEN.findall(selector)
    if "".join(tokens) != selector.replace(" ", ""):
        raise _syntax_error()
    tree = _parse_list(tokens, 0)
    if tokens:
        raise _syntax_error()
    return tree


def _syntax_error() -> Exception:
    return invalid_value_error("fields", "write names separated by commas, and a(b,c) or a/b for nested fields.")


def _parse_list(tokens: list[str], depth: int) -> FieldTree:
    """Parse one list of names, consuming tokens from the front."""
    tree: FieldTree = {}
    while True:
        name, subtree = _parse_item(tokens, depth)
        tree.setdefault(name, {}).update(subtree)
        if not tokens or tokens[0] != ",":
            return tree
        tokens.pop(0)


def _parse_item(tokens: list[str], depth: int) -> tuple[str, FieldTree]:
    if not tokens or tokens[0] in "(),/" or depth > MAX_DEPTH:
        raise _syntax_error()
    name = tokens.pop(0)
    separator = tokens.pop(0) if tokens and tokens[0] in "(/" else ""
    if separator == "/":
        inner, subtree = _parse_item(tokens, depth + 1)
        return name, {inner: subtree}
    if separator == "(":
        subtree = _parse_list(tokens, depth + 1)
        if not tokens or tokens.pop(0) != ")":
            raise _syntax_error()
        return name, subtree
    return name, {}


def select_fields(value: Any, tree: FieldTree) -> Any:
    """Return the selected parts of a value; an empty tree selects everything."""
    if not tree:
        return value
    if isinstance(value, list):
        return [select_fields(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    wildcard = tree.get("*")
    everything: FieldTree = {}
    return {
        key: select_fields(item, tree.get(key, wildcard or everything))
        for key, item in value.items()
        if key in tree or wildcard is not None
    }
