"""What a process of the bulk pool runs. Knows no Django: a spawned process has none."""

from collections.abc import Sequence

from apps.matching import Matcher, open_index
from apps.matching.csvjob import Counts, Row, answer_chunk

_matchers: list[Matcher] = []


def start(folders: Sequence[str]) -> None:
    """Open the indexes once per process."""
    _matchers[:] = [Matcher(open_index(folder) for folder in folders)]


def answer(kind: str, rows: Sequence[Row]) -> tuple[str, dict[str, int]]:
    """Answer one chunk with the engine that `start` opened."""
    return answer_with(_matchers[0], kind, rows)


def answer_with(matcher: Matcher, kind: str, rows: Sequence[Row]) -> tuple[str, dict[str, int]]:
    """Answer one chunk; returns its lines and its counts."""
    counts = Counts()
    return answer_chunk(matcher, kind, rows, counts), dict(counts)
