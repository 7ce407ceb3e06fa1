"""What can be found on the site: every app offers its own public documents; the index knows only this registry."""

from collections.abc import Callable, Iterable, Sequence

from .base import Document

Documents = Callable[[], Iterable[Document]]
Standing = Callable[[Sequence[str]], set[str]]

_sources: dict[str, Documents] = {}
_standing: dict[str, Standing] = {}


def register_source(name: str, documents: Documents, *, standing: Standing | None = None) -> None:
    """Offer public documents under a name of the app's own; called in AppConfig.ready.

    `documents` is called at each rebuild, daily and by `index_site`, and yields all of them. Public content only:
    whatever is yielded can be found by anybody. `standing(keys)` returns which keys may still be shown; without it
    all may, until a rebuild no longer yields them.
    """
    _sources[name] = documents
    if standing:
        _standing[name] = standing


def sources() -> dict[str, Documents]:
    """Return what the apps offer, by name."""
    return dict(_sources)


def standing_of(name: str, keys: Sequence[str]) -> set[str]:
    """Return which documents of a source may still be shown."""
    return _standing[name](keys) if name in _standing else set(keys)
