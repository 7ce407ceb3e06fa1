"""Search of the site's public content. Apps above register their documents through `register_source`."""

from .base import Document
from .registry import register_source

__all__ = ["Document", "register_source"]
