"""What each kind of act is called; apps above offer the words for theirs in AppConfig.ready."""

from typing import Any

_words: dict[str, Any] = {}


def register_labels(kind: str, sentence: Any) -> None:
    """Name a kind of act with a lazy sentence."""
    _words[kind] = sentence


def sentence_of(kind: str) -> str:
    """Return the sentence of a kind; of one that nobody named its own words."""
    return str(_words.get(kind) or kind.replace(".", " ").replace("_", " ").capitalize())
