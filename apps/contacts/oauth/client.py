"""The calls of OAuth: the address to ask at, a code for a token, a page for a token, a token taken back.

The code is bound to this browser by `state` and to this installation by PKCE (S256); the token is asked for one use,
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

from .providers import Page, Provider


class Denied(JobFailed):
    """The provider says no for good; `reason` is a word of ours."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The provider refused ({reason}).", permanent=True)
        self.reason = reason


class Wait(JobFailed):
    """The provider asks us to come back later, in so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__("The provider asks us to wait.")
        self.seconds = seconds


@dataclass(frozen=True)
class Token:
    """An access token and how many seconds it lives."""

    value: str
    seconds: int


def new_verifier() -> str:
    """Return a PKCE verifier of 64 signs."""
    return secrets.token_urlsafe(48)


def redirect_uri(provider: Provider) -> str:
    """Return the exact address that the provider sends the browser back to."""
    return settings.SITE_URL + reverse("contacts:back_from", args=[provider.name])


def address(provider: Provider, *, state: str, verifier: str) -> str:
    """Return where the browser goes to ask the member."""
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
    return f"{provider.at(provider.authorize)}?{urlencode(query)}"


def exchange(provider: Provider, *, code: str, verifier: str) -> Token:
    """Return the token for a code; Denied where it is refused or may do more or less than was asked."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": redirect_uri(provider),
        "client_id": provider.keys["id"],
        "client_secret": provider.keys["secret"],
    }
    data = _called(provider, "POST", provider.token, form=form)
    value, seconds = data.get("access_token"), data.get("expires_in", 3600)
    if not isinstance(value, str) or not value or not isinstance(seconds, int):
        raise Denied("odd")
    if not provider.granted(str(data.get("scope", ""))):
        revoke(provider, value)
        raise Denied("scope")
    return Token(value, seconds)


def page(provider: Provider, *, token: str, where: str) -> Page:
    """Return one page of the address book; `where` is empty for the first."""
    headers = {"Authorization": f"Bearer {token}"}
    data = _called(provider, "GET", where or provider.first_page, headers=headers)
    entries = data.get(provider.list_key, [])
    if not isinstance(entries, list):
        raise Denied("odd")
    return Page(entries, provider.next_page(provider, data))


def revoke(provider: Provider, token: str) -> None:
    """Take a token back at the provider; one that is unknown there is as good as taken back."""
    if not provider.revoke:
        return
    try:
        answer = http_client.call("POST", provider.at(provider.revoke), origins=provider.origins, form={"token": token})
    except JobFailed as error:
        # Nobody waits for it, so it is tried for as long as the provider is away.
        raise error if error.permanent else BackendUnavailable("The provider did not take the token back.") from error
    if answer.status >= 500 or answer.status == 429:
        raise BackendUnavailable("The provider did not take the token back.")


def _called(provider: Provider, method: str, url: str, **call: Any) -> dict[str, Any]:
    answer = http_client.call(method, provider.at(url), origins=provider.origins, **call)
    if answer.status == 200:
        return answer.data()
    if answer.status == 429 or (answer.status == 403 and b"rateLimitExceeded" in answer.body):
        raise Wait(_seconds(answer))
    if answer.status >= 500:
        raise JobFailed(f"The provider is in trouble ({answer.status}).")
    raise Denied({400: "code", 401: "expired", 403: "scope"}.get(answer.status, "odd"))


def _seconds(answer: http_client.HttpResult) -> int:
    text = next((value for name, value in answer.headers.items() if name.lower() == "retry-after"), "")
    return min(int(text), 3600) if text.isascii() and text.isdigit() else 30
