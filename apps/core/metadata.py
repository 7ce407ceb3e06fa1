"""Metadata that logs and notices may contain: object names, ids, counts and dates, never personal names."""

import re
from collections.abc import Mapping

Facts = Mapping[str, int | str]
# No space and no @, so that no full name, email address or street passes by accident.
ID_PATTERN = re.compile(r"[A-Za-z0-9_:./~\-]{0,120}\Z")


def checked(facts: Facts | None) -> dict[str, int | str]:
    """Return the facts as a dict; raise ValueError, which names the fact, if a value is not an id."""
    facts = dict(facts or {})
    for name, value in facts.items():
        if not isinstance(value, int) and not (isinstance(value, str) and ID_PATTERN.match(value)):
            raise ValueError(f"The fact {name!r} is not an id.")
    return facts
