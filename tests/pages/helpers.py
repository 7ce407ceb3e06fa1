"""Helpers of the pages tests."""

import re
from typing import Any

from django.test import Client
from django.urls import reverse


def find_representatives(client: Client, query: str) -> str:
    """Submit an address or ZIP code; return the page."""
    response = client.post(reverse("pages:who"), {"q": query})
    assert response.status_code == 200
    return response.content.decode()


def text_of(html: str) -> str:
    """Return the text of a page without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<script.*?</script>|<[^>]+>", " ", html, flags=re.DOTALL))


def search_pages(client: Client, **data: str) -> Any:
    """Submit the site search; return the response."""
    return client.post(reverse("pages:search"), data)
