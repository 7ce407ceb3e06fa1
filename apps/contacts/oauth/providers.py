"""The two address book providers: endpoints, requested scope, and how to read a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from apps.contacts.parsing.people_api import Entry, read_google, read_microsoft
from apps.contacts.parsing.types import RawContact
from apps.core.errors import JobFailed

# Scopes that Microsoft adds to a token: sign-in only, no further data.
SIGN_IN_SCOPES = frozenset({"openid", "profile", "email", "offline_access", "User.Read"})
PAGE_SIZE = 500


@dataclass(frozen=True)
class AddressBookPage:
    """Hold the entries of a page and the URL of the next one, empty after the last."""

    entries: list[Any]
    next: str


@dataclass(frozen=True)
class Provider:
    """Describe a provider. `next_page(provider, data)` returns the URL of the next page from a response."""

    name: str
    title: str
    scope: str
    extra_scopes: frozenset[str]
    authorize_url: str
    token_url: str
    revoke_url: str
    first_page_url: str
    list_key: str
    read_entry: Callable[[int, Entry], RawContact]
    next_page: Callable[["Provider", Mapping[str, Any]], str]

    @property
    def keys(self) -> dict[str, str]:
        """Return client id and secret; both empty if the operator set none."""
        keys: dict[str, str] = settings.CONTACT_PROVIDERS[self.name]
        return keys

    def endpoint_url(self, url: str) -> str:
        """Return the URL of an endpoint, at the stand-in of demo and tests if `CONTACT_PROVIDERS_URL` is set."""
        if not settings.CONTACT_PROVIDERS_URL or not url:
            return url
        parts = urlsplit(url)
        return f"{settings.CONTACT_PROVIDERS_URL}{parts.path}{'?' if parts.query else ''}{parts.query}"

    @property
    def origins(self) -> list[str]:
        """Return the only origins that calls to this provider may reach."""
        return [self.endpoint_url(url) for url in (self.token_url, self.revoke_url, self.first_page_url) if url]

    def accepts_scope(self, scope: str) -> bool:
        """Return whether a token grants exactly the requested scope."""
        if not self.extra_scopes:
            return scope.split() == [self.scope]
        # Microsoft writes a scope with or without the URL of Graph before it.
        names = {name.rpartition("/")[2] for name in scope.split()}
        return names - self.extra_scopes == {self.scope.rpartition("/")[2]}


def _google_next(provider: Provider, data: Mapping[str, Any]) -> str:
    token = data.get("nextPageToken", "")
    return f"{provider.first_page_url}&pageToken={token}" if isinstance(token, str) and token else ""


def _graph_next(provider: Provider, data: Mapping[str, Any]) -> str:
    """Return the next link at Graph; raise JobFailed if the response points to another host."""
    link = data.get("@odata.nextLink", "")
    if not isinstance(link, str) or not link:
        return ""
    parts, home = urlsplit(link), urlsplit(provider.first_page_url)
    expected = urlsplit(provider.endpoint_url(provider.first_page_url))
    if (parts.scheme, parts.netloc, parts.path) != (expected.scheme, expected.netloc, expected.path):
        raise JobFailed("The next page is at another host; it is not followed.", permanent=True)
    return f"{home.scheme}://{home.netloc}{parts.path}?{parts.query}"


GOOGLE = Provider(
    name="google",
    title="Google",
    scope="https://www.googleapis.com/auth/contacts.readonly",
    extra_scopes=frozenset(),
    authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
    token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
    revoke_url="https://oauth2.googleapis.com/revoke",
    first_page_url=(
        f"https://people.googleapis.com/v1/people/me/connections?pageSize={PAGE_SIZE}"
        "&personFields=names,emailAddresses,phoneNumbers,addresses,birthdays"
    ),
    list_key="connections",
    read_entry=read_google,
    next_page=_google_next,
)
MICROSOFT = Provider(
    name="microsoft",
    title="Microsoft",
    scope="https://graph.microsoft.com/Contacts.Read",
    extra_scopes=SIGN_IN_SCOPES,
    authorize_url="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    token_url="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106 - an address
    revoke_url="",  # Microsoft cannot revoke such a token; it expires within the hour
    first_page_url=(
        f"https://graph.microsoft.com/v1.0/me/contacts?$top={PAGE_SIZE}&$select=displayName,givenName,middleName,surname,"
        "generation,nickName,emailAddresses,mobilePhone,homePhones,businessPhones,homeAddress,otherAddress,"
        "businessAddress,birthday"
    ),
    list_key="value",
    read_entry=read_microsoft,
    next_page=_graph_next,
)
PROVIDERS = {provider.name: provider for provider in (GOOGLE, MICROSOFT)}


def enabled_provider(name: str) -> Provider | None:
    """Return the provider of this name if the installation has its keys, else None."""
    candidate = PROVIDERS.get(name)
    return candidate if candidate and all(candidate.keys.values()) else None


def enabled_providers() -> list[Provider]:
    """Return the providers that this installation offers."""
    return [candidate for name in PROVIDERS if (candidate := enabled_provider(name))]
