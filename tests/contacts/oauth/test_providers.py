"""Providers: keys, scopes, next links."""

from typing import Any

import pytest

from apps.contacts.oauth.providers import GOOGLE, MICROSOFT, enabled_provider, enabled_providers
from apps.core.errors import JobFailed


def test_only_providers_with_keys_are_enabled(settings: Any) -> None:
    settings.CONTACT_PROVIDERS = {"google": {"id": "a", "secret": "b"}, "microsoft": {"id": "a", "secret": ""}}
    assert enabled_providers() == [GOOGLE]
    assert enabled_provider("microsoft") is None
    assert enabled_provider("google") is GOOGLE


def test_a_token_must_have_exactly_the_requested_scope() -> None:
    assert GOOGLE.accepts_scope(GOOGLE.scope)
    assert not GOOGLE.accepts_scope(f"{GOOGLE.scope} https://mail.google.com/")
    assert MICROSOFT.accepts_scope("openid profile Contacts.Read")
    assert not MICROSOFT.accepts_scope("openid Mail.Read Contacts.Read")


def test_the_next_page_stays_at_the_provider() -> None:
    assert GOOGLE.next_page(GOOGLE, {"nextPageToken": "abc"}).endswith("&pageToken=abc")
    assert GOOGLE.next_page(GOOGLE, {}) == MICROSOFT.next_page(MICROSOFT, {}) == ""
    link = "https://graph.microsoft.com/v1.0/me/contacts?$skip=500"
    assert MICROSOFT.next_page(MICROSOFT, {"@odata.nextLink": link}) == link
    with pytest.raises(JobFailed, match="another host"):
        MICROSOFT.next_page(MICROSOFT, {"@odata.nextLink": "https://evil.example/v1.0/me/contacts"})
