"""The registry of sources: every app registers its own public documents."""

from collections.abc import Callable, Iterable, Sequence

from .base import Document

Documents = Callable[[], Iterable[Document]]
ExistingKeys = Callable[[Sequence[str]], set[str]]

_sources: dict[str, Documents] = {}
_existing: dict[str, ExistingKeys] = {}


def register_source(name: str, documents: Documents, *, existing: ExistingKeys | None = None) -> None:
    """Register a source of public documents; called in AppConfig.ready.

    Each rebuild calls `documents`, which yields all of them. Everything it yields becomes public. `existing(keys)`
    returns which keys still exist; without it, documents are shown until a rebuild no longer yields them.
    """
    _sources[name] = documents
    if existing:
        _existing[name] = existing


def sources() -> dict[str, Documents]:
    """Return the registered sources by name."""
    return dict(_sources)


def existing_keys(name: str, keys: Sequence[str]) -> set[str]:
    """Return which of these keys a source still has."""
    return _existing[name](keys) if name in _existing else set(keys)
