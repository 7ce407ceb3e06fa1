"""Views of the public pages, by subject."""
