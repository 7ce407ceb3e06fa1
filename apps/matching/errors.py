"""Errors of the matching engine. Each names what is wrong and never holds what a person typed."""


class MatchingError(Exception):
    """The base of every error that this package raises on purpose."""


class DateError(MatchingError):
    """A birth date that cannot be used as typed.

    `key` is a stable message key for the form: `date.unreadable`, `date.impossible`, `date.future`,
    `date.too_old` or `date.century` (two digits of a year do not say which century).
    """

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class IndexDamaged(MatchingError):
    """A folder that is not a whole voter index. `file` is the file at fault, relative to the folder."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"voter index damaged: {file}: {reason}")
        self.file = file
        self.reason = reason


class ModelError(MatchingError):
    """A model file that is not what this version of the engine reads."""


class WorkerLost(MatchingError):
    """A process that answers ended before its work: killed, or out of memory."""

    def __init__(self) -> None:
        super().__init__("a process that answers ended before its work")


class InputError(MatchingError):
    """A CSV of people that is refused as a whole, before any output."""
