"""Labels of activity kinds. Apps above register theirs in AppConfig.ready."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise

_labels: dict[str, "str | StrPromise"] = {}


def register_labels(kind: str, label: "str | StrPromise") -> None:
    """Register the translated label of a kind."""
    _labels[kind] = label


def activity_label(kind: str) -> str:
    """Return the label of a kind; an unregistered kind's own words."""
    return str(_labels.get(kind) or kind.replace(".", " ").replace("_", " ").capitalize())
