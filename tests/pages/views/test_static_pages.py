"""Static pages, robots.txt, language switch."""

from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
TEXTS = ("help", "privacy", "terms", "accessibility", "sources")


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_static_page_has_one_title(client: Client, name: str, language: str) -> None:
    client.cookies["django_language"] = language
    response = client.get(reverse(f"pages:{name}"))
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1") == 1
    assert f'<html lang="{language}">' in html


@pytest.mark.parametrize("name", TEXTS[:4])
def test_a_static_page_is_public_without_a_csrf_token(client: Client, name: str) -> None:
    response = client.get(reverse(f"pages:{name}"))
    assert response.headers["Cache-Control"] == "no-cache"  # a reader may sign in meanwhile
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize("name", ["help", "terms", "sources"])
def test_pages_state_that_they_are_not_official(client: Client, name: str) -> None:
    html = client.get(reverse(f"pages:{name}")).content.decode()
    assert "This is not an official site, and nothing here is proof of registration." in html


def test_the_language_switch_requires_only_a_post() -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.get(reverse("pages:language")).status_code == 405
    response = client.post(reverse("pages:language"), {"language": "es", "next": "/help/"})
    assert (response.status_code, response.headers["Location"]) == (302, "/help/")
    assert 'lang="es"' in client.get("/help/").content.decode()


def test_the_language_switch_redirects_only_within_the_site(client: Client) -> None:
    response = client.post(reverse("pages:language"), {"language": "es", "next": "https://example.com/"})
    assert response.headers["Location"] == "/"


def test_robots_may_crawl_public_pages_only(client: Client, settings: Any) -> None:
    assert "Disallow: /registration/" in client.get("/robots.txt").content.decode()
    settings.DEMO = True
    assert "Disallow: /\n" in client.get("/robots.txt").content.decode()


def test_languages_are_offered_in_their_own_name(client: Client) -> None:
    assert "Español" in client.get("/help/").content.decode()
    client.cookies["django_language"] = "es"
    assert "English" in client.get("/help/").content.decode()


@pytest.mark.parametrize("url", ["", "https://geocoder.example.org/x"])
def test_privacy_names_the_online_geocoder_if_configured(url: str, client: Client, settings: Any) -> None:
    caches["pages"].clear()
    settings.GEOCODER_URL = url
    assert (b"looked up at geocoder.example.org" in client.get("/privacy/").content) is bool(url)
