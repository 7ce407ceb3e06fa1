"""A registry of sources with the divisions only, and documents to index."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.sitesearch import registry
from apps.sitesearch.base import Document


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    """Register into a copy of the registry, beside the divisions only."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(registry, "_sources", {"divisions": registry.sources()["divisions"]})


def documents_titled(*titles: str) -> Callable[[], Iterator[Document]]:
    """Return a source of documents with these titles."""
    return lambda: (Document("page", title, title, "words", f"/{title}/") for title in titles)
