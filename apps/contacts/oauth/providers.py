"""The two providers: where they are, the one thing we ask for, how a page of theirs reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from apps.contacts.parsing.people_api import Entry, google, microsoft
from apps.contacts.parsing.types import RawContact
from apps.core.errors import JobFailed

# What a token of Microsoft names beside what was asked: who signed in, no data of theirs.
SIGN_IN_SCOPES = frozenset({"openid", "profile", "email", "offline_access", "User.Read"})
PAGE = 500


@dataclass(frozen=True)
class Page:
    """A page of an address book: its entries, and where the next one is, empty after the last."""

    entries: list[Any]
    next: str


@dataclass(frozen=True)
class Provider:
    """One provider. `next_page(data)` gives the query or path of the next page out of an answer."""

    name: str
    title: str
    scope: str
    tolerated: frozenset[str]
    authorize: str
    token: str
    revoke: str
    first_page: str
    list_key: str
    read: Callable[[int, Entry], RawContact]
    next_page: Callable[["Provider", Mapping[str, Any]], str]

    @property
    def keys(self) -> dict[str, str]:
        """Return client id and secret; both empty where the operator gave none."""
        found: dict[str, str] = settings.CONTACT_PROVIDERS[self.name]
        return found

    def at(self, url: str) -> str:
        """Return the address of an endpoint: the provider's, or the stand-in's of the demo and of tests."""
        if not settings.CONTACT_PROVIDERS_URL or not url:
            return url
        parts = urlsplit(url)
        return f"{settings.CONTACT_PROVIDERS_URL}{parts.path}{'?' if parts.query else ''}{parts.query}"

    @property
    def origins(self) -> list[str]:
        """Return the only hosts that a call about this provider may reach."""
        return [self.at(url) for url in (self.token, self.revoke, self.first_page) if url]

    def granted(self, scope: str) -> bool:
        """Return whether a token may do what we asked for, and nothing beside it."""
        if not self.tolerated:
            return scope.split() == [self.scope]
        # Microsoft writes a scope with or without the address of Graph before it.
        names = {name.rpartition("/")[2] for name in scope.split()}
        return names - self.tolerated == {self.scope.rpartition("/")[2]}


def _google_next(provider: Provider, data: Mapping[str, Any]) -> str:
    token = data.get("nextPageToken", "")
    return f"{provider.first_page}&pageToken={token}" if isinstance(token, str) and token else ""


def _graph_next(provider: Provider, data: Mapping[str, Any]) -> str:
    """Return the next link as an address of Graph itself, wherever the answer points."""
    link = data.get("@odata.nextLink", "")
    if not isinstance(link, str) or not link:
        return ""
    parts, home = urlsplit(link), urlsplit(provider.first_page)
    wanted = urlsplit(provider.at(provider.first_page))
    if (parts.scheme, parts.netloc, parts.path) != (wanted.scheme, wanted.netloc, wanted.path):
        raise JobFailed("The next page lies at another host; it is not followed.", permanent=True)
    return f"{home.scheme}://{home.netloc}{parts.path}?{parts.query}"


GOOGLE = Provider(
    name="google",
    title="Google",
    scope="https://www.googleapis.com/auth/contacts.readonly",
    tolerated=frozenset(),
    authorize="https://accounts.google.com/o/oauth2/v2/auth",
    token="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
    revoke="https://oauth2.googleapis.com/revoke",
    first_page=(
        f"https://people.googleapis.com/v1/people/me/connections?pageSize={PAGE}"
        "&personFields=names,emailAddresses,phoneNumbers,addresses,birthdays"
    ),
    list_key="connections",
    read=google,
    next_page=_google_next,
)
MICROSOFT = Provider(
    name="microsoft",
    title="Microsoft",
    scope="https://graph.microsoft.com/Contacts.Read",
    tolerated=SIGN_IN_SCOPES,
    authorize="https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
    token="https://login.microsoftonline.com/common/oauth2/v2.0/token",  # noqa: S106 - an address
    revoke="",  # Microsoft offers none for such a token; it ends by itself within the hour
    first_page=(
        f"https://graph.microsoft.com/v1.0/me/contacts?$top={PAGE}&$select=displayName,givenName,middleName,surname,"
        "generation,nickName,emailAddresses,mobilePhone,homePhones,businessPhones,homeAddress,otherAddress,"
        "businessAddress,birthday"
    ),
    list_key="value",
    read=microsoft,
    next_page=_graph_next,
)
PROVIDERS = {one.name: one for one in (GOOGLE, MICROSOFT)}


def provider(name: str) -> Provider | None:
    """Return a provider that this installation has keys for."""
    found = PROVIDERS.get(name)
    return found if found and all(found.keys.values()) else None


def switched_on() -> list[Provider]:
    """Return the providers that this installation offers."""
    return [one for name in PROVIDERS if (one := provider(name))]
