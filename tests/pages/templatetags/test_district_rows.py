"""Rows of the district list outside of transactions, where they are cached."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.officials.cache import clear_cache
from apps.officials.models import Official
from apps.pages.templatetags import district_rows
from tests.pages.conftest import HOME

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("halden")]


def shown(client: Client, language: str = "en") -> str:
    response = client.post(reverse("pages:who"), {"q": HOME}, headers={"accept-language": language})
    return response.content.decode()


def test_a_cached_row_follows_the_language_and_the_officials(client: Client) -> None:
    district_rows._cached_html.cache_clear()
    first = shown(client)
    assert "More on this district" in first
    assert "More on this district" not in shown(client, "es")
    hits = district_rows._cached_html.cache_info().hits
    assert shown(client) == first
    assert district_rows._cached_html.cache_info().hits > hits
    official = Official.objects.filter(name__in=[name for name in names() if name in first]).first()
    assert official is not None
    Official.objects.filter(pk=official.pk).update(name="Zelda Newcomer")
    clear_cache()
    assert "Zelda Newcomer" in shown(client)


def names() -> list[str]:
    return list(Official.objects.values_list("name", flat=True))
