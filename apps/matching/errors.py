"""Define the errors of the matching engine. Each names the cause and never contains a query's values."""


class MatchingError(Exception):
    """The base class of every error that this package raises on purpose."""


class DateError(MatchingError):
    """A birth date that cannot be used as entered.

    `key` is a stable message key for the form: `date.unreadable`, `date.impossible`, `date.future`, `date.too_old` or
    `date.century` (a year of two digits leaves the century open).
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class IndexDamaged(MatchingError):
    """A folder that is not a complete voter index. `file` is the damaged file, relative to the folder."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"voter index damaged: {file}: {reason}")
        self.file = file
        self.reason = reason


class ModelError(MatchingError):
    """A model file that this version of the engine cannot read."""


class WorkerLost(MatchingError):
    """A matching process ended before its work was done: killed, or out of memory."""

    def __init__(self) -> None:
        super().__init__("a matching process ended before its work was done")


class InputError(MatchingError):
    """A CSV of people that is rejected as a whole, before any output."""
