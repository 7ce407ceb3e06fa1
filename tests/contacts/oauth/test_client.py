"""OAuth requests: scope and PKCE challenge, and hosts that the client may reach."""

from typing import Any

import pytest
from django.test import Client

from apps.contacts.oauth import enabled_provider
from apps.core import http_client
from apps.core.errors import JobFailed
from apps.demo.provider import FakeProvider
from tests.contacts.helpers import authorization_query

pytestmark = pytest.mark.django_db


def test_only_read_access_is_requested_with_a_pkce_challenge(fake_provider: FakeProvider, nora: Client) -> None:
    asked = authorization_query(nora, "google")
    assert asked["scope"] == "https://www.googleapis.com/auth/contacts.readonly"
    assert (asked["code_challenge_method"], asked["access_type"]) == ("S256", "online")
    assert "offline" not in str(asked)
    assert authorization_query(nora, "microsoft")["scope"] == "https://graph.microsoft.com/Contacts.Read"


def test_an_unlisted_host_is_refused(fake_provider: FakeProvider, settings: Any) -> None:
    google = enabled_provider("google")
    assert google
    for url in ("http://169.254.169.254/token", "https://oauth2.googleapis.com.evil.example/token"):
        with pytest.raises(JobFailed) as error:
            http_client.call("POST", url, origins=google.origins)
        assert error.value.permanent
        assert "169" not in str(error.value)
