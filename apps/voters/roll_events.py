"""Callbacks for apps above voters. They register in AppConfig.ready; this module imports no subscriber."""

from collections.abc import Callable, Sequence

OnLive = Callable[[str, int], object]
OnSuppressed = Callable[[Sequence[tuple[str, str]]], object]

_on_live: list[OnLive] = []
_on_suppressed: list[OnSuppressed] = []


def on_live(callback: OnLive) -> None:
    """Register `callback(state, snapshot_id)`, which the worker calls after a roll went live.

    It must be safe to call twice.
    """
    if callback not in _on_live:
        _on_live.append(callback)


def on_suppressed(callback: OnSuppressed) -> None:
    """Register `callback([(state, voter_id), …])`, called in the transaction that suppresses voters."""
    if callback not in _on_suppressed:
        _on_suppressed.append(callback)


def notify_live(state: str, snapshot_id: int) -> None:
    """Call the callbacks of a roll that went live."""
    for callback in _on_live:
        callback(state, snapshot_id)


def notify_suppressed(voters: Sequence[tuple[str, str]]) -> None:
    """Call the callbacks of suppressed voters."""
    for callback in _on_suppressed:
        callback(voters)
