"""What apps above want to know of rolls. They register in AppConfig.ready; this app knows only the registry."""

from collections.abc import Callable, Sequence

OnLive = Callable[[str, int], object]
OnSuppressed = Callable[[Sequence[tuple[str, str]]], object]

_on_live: list[OnLive] = []
_on_suppressed: list[OnSuppressed] = []


def on_live(callback: OnLive) -> None:
    """Have `callback(state, snapshot_id)` called after a roll went live, in the worker.

    It has to be safe to call twice: it enqueues work under a key.
    """
    if callback not in _on_live:
        _on_live.append(callback)


def on_suppressed(callback: OnSuppressed) -> None:
    """Have `callback([(state, voter_id), …])` called in the transaction that protects voters."""
    if callback not in _on_suppressed:
        _on_suppressed.append(callback)


def notify_live(state: str, snapshot_id: int) -> None:
    """Call everybody who asked to know that a roll is live."""
    for callback in _on_live:
        callback(state, snapshot_id)


def notify_suppressed(voters: Sequence[tuple[str, str]]) -> None:
    """Call everybody who asked to know that voters are protected now."""
    for callback in _on_suppressed:
        callback(voters)
