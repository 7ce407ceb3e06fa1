"""OAuth calls: authorization URL, code exchange, address book pages, revocation.

`state` binds the code to this browser and PKCE (S256) binds it to this installation; the token serves one run and comes
without a refresh token.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from apps.core import http_client
from apps.core.errors import BackendUnavailable, JobFailed

from .providers import AddressBookPage, Provider


class OAuthDenied(JobFailed):
    """Signal that the provider refused for good; `reason` is a key of the import page's messages."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The provider refused ({reason}).", permanent=True)
        self.reason = reason


class OAuthThrottled(JobFailed):
    """Signal that the provider asks to wait for `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__("The provider throttles requests.")
        self.seconds = seconds


@dataclass(frozen=True)
class Token:
    """Hold an access token and its lifetime in seconds."""

    value: str
    seconds: int


def new_verifier() -> str:
    """Return a PKCE verifier of 64 characters."""
    return secrets.token_urlsafe(48)


def redirect_uri(provider: Provider) -> str:
    """Return the URL to which the provider sends the browser back."""
    return settings.SITE_URL + reverse("contacts:back_from", args=[provider.name])


def authorization_url(provider: Provider, *, state: str, verifier: str) -> str:
    """Return the URL at which the provider asks the member for permission."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "client_id": provider.keys["id"],
        "redirect_uri": redirect_uri(provider),
        "response_type": "code",
        "scope": provider.scope,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        "prompt": "select_account",
    }
    if provider.name == "google":
        query |= {"access_type": "online", "include_granted_scopes": "false"}
    return f"{provider.endpoint_url(provider.authorize_url)}?{urlencode(query)}"


def exchange_code(provider: Provider, *, code: str, verifier: str) -> Token:
    """Return the token for a code; raise OAuthDenied if it is refused or its scope is not the requested one."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": redirect_uri(provider),
        "client_id": provider.keys["id"],
        "client_secret": provider.keys["secret"],
    }
    data = _call_provider(provider, "POST", provider.token_url, form=form)
    value, seconds = data.get("access_token"), data.get("expires_in", 3600)
    if not isinstance(value, str) or not value or not isinstance(seconds, int):
        raise OAuthDenied("odd")
    if not provider.accepts_scope(str(data.get("scope", ""))):
        revoke_token(provider, value)
        raise OAuthDenied("scope")
    return Token(value, seconds)


def fetch_page(provider: Provider, *, token: str, url: str) -> AddressBookPage:
    """Return one page of the address book; `url` is empty for the first page."""
    headers = {"Authorization": f"Bearer {token}"}
    data = _call_provider(provider, "GET", url or provider.first_page_url, headers=headers)
    entries = data.get(provider.list_key, [])
    if not isinstance(entries, list):
        raise OAuthDenied("odd")
    return AddressBookPage(entries, provider.next_page(provider, data))


def revoke_token(provider: Provider, token: str) -> None:
    """Revoke a token; one that the provider does not know counts as revoked.

    Raises BackendUnavailable while the provider is unavailable, so that the job is retried.
    """
    if not provider.revoke_url:
        return
    try:
        result = http_client.call(
            "POST", provider.endpoint_url(provider.revoke_url), origins=provider.origins, form={"token": token}
        )
    except JobFailed as error:
        # Nothing waits for a revocation, so the job is retried as long as the provider is unavailable.
        raise error if error.permanent else BackendUnavailable("The provider did not revoke the token.") from error
    if result.status >= 500 or result.status == 429:
        raise BackendUnavailable("The provider did not revoke the token.")


def _call_provider(provider: Provider, method: str, url: str, **call: Any) -> dict[str, Any]:
    result = http_client.call(method, provider.endpoint_url(url), origins=provider.origins, **call)
    if result.status == 200:
        return result.data()
    if result.status == 429 or (result.status == 403 and b"rateLimitExceeded" in result.body):
        raise OAuthThrottled(_retry_after_seconds(result))
    if result.status >= 500:
        raise JobFailed(f"The provider returned a server error ({result.status}).")
    raise OAuthDenied({400: "code", 401: "expired", 403: "scope"}.get(result.status, "odd"))


def _retry_after_seconds(result: http_client.HttpResult) -> int:
    text = next((value for name, value in result.headers.items() if name.lower() == "retry-after"), "")
    return min(int(text), 3600) if text.isascii() and text.isdigit() else 30
