"""Search of the site's public content. Apps above offer what can be found: `sitesearch.register(name, documents)`."""

from .base import Document
from .registry import register_source

__all__ = ["Document", "register_source"]
