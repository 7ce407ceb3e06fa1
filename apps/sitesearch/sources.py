"""What can be found on the site: every app offers its own public documents; the index knows only this registry."""

from collections.abc import Callable, Iterable

from .base import Document

_sources: dict[str, Callable[[], Iterable[Document]]] = {}


def register(name: str, documents: Callable[[], Iterable[Document]]) -> None:
    """Offer public documents under a name of the app's own; called in AppConfig.ready.

    `documents` is called at each rebuild, daily and by `index_site`, and yields all of them. Public content only:
    whatever is yielded can be found by anybody.
    """
    _sources[name] = documents


def sources() -> dict[str, Callable[[], Iterable[Document]]]:
    """Return what the apps offer, by name."""
    return dict(_sources)
