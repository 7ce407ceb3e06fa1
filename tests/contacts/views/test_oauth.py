"""OAuth round trip of the browser."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.contacts.models import Grant, Import
from apps.demo.provider import FakeProvider
from tests.contacts.helpers import PROVIDER_NAMES, answer_consent, authorization_query

pytestmark = pytest.mark.django_db


def test_providers_without_keys_are_hidden(fake_provider: FakeProvider, nora: Client, settings: Any) -> None:
    page = nora.get(reverse("contacts:bring"))
    assert b"Ask Google" in page.content
    assert settings.CONTACT_PROVIDERS_URL in page.headers["Content-Security-Policy"]
    settings.CONTACT_PROVIDERS = {name: {"id": "", "secret": ""} for name in PROVIDER_NAMES}
    page = nora.get(reverse("contacts:bring"))
    assert b"Ask Google" not in page.content
    assert settings.CONTACT_PROVIDERS_URL not in page.headers["Content-Security-Policy"]
    for name in (*PROVIDER_NAMES, "other"):
        assert nora.post(reverse("contacts:elsewhere", args=[name])).status_code == 404
        assert nora.get(reverse("contacts:back_from", args=[name])).status_code == 404


def test_a_denied_permission_returns_to_the_upload_page(
    fake_provider: FakeProvider, nora: Client, settings: Any
) -> None:
    back = answer_consent(settings.CONTACT_PROVIDERS_URL, authorization_query(nora, "google"), "deny")
    assert "You declined at" in nora.get(back, follow=True).content.decode()
    assert not Import.objects.exists()


def test_the_callback_rejects_foreign_states_sessions_and_reuse(
    fake_provider: FakeProvider, nora: Client, other_member: User, client_of: Callable[[User], Client], settings: Any
) -> None:
    back = answer_consent(settings.CONTACT_PROVIDERS_URL, authorization_query(nora, "google"))
    sam = client_of(other_member)
    for browser, address in ((sam, back), (Client(), back), (nora, back.replace("state=", "state=x"))):
        browser.get(address)
        assert not Grant.objects.exists()
    back = answer_consent(settings.CONTACT_PROVIDERS_URL, authorization_query(nora, "google"))
    nora.get(back.replace("google", "microsoft"))
    assert not Grant.objects.exists()
    back = answer_consent(settings.CONTACT_PROVIDERS_URL, authorization_query(nora, "google"))
    nora.get(back)
    nora.get(back)
    assert Import.objects.count() == 1
