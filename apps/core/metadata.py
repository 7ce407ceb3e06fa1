"""Facts that may be written down: ids, counts, dates, names of things of ours. Never what a person is called."""

import re
from collections.abc import Mapping

Facts = Mapping[str, int | str]
# No blank and no @: a name with its surname, a mail address or a street cannot pass by accident.
ID_PATTERN = re.compile(r"[A-Za-z0-9_:./~\-]{0,120}\Z")


def checked(facts: Facts | None) -> dict[str, int | str]:
    """Return the facts as a dict; raises ValueError naming the fact that is not an id."""
    facts = dict(facts or {})
    for name, value in facts.items():
        if not isinstance(value, int) and not (isinstance(value, str) and ID_PATTERN.match(value)):
            raise ValueError(f"The fact {name!r} is not an id.")
    return facts
