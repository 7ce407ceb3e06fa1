"""Access control: every URL of the project is in urls.toml, and responds as its row says."""

import tomllib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from django.urls.exceptions import NoReverseMatch

from apps.accounts.models import User
from apps.core.roles import STAFF, Role

TABLE = tomllib.loads((Path(__file__).parent / "urls.toml").read_text())
ACCESS = {name: access for access, names in TABLE.items() for name in names}
MAY: dict[str, set[str]] = {
    "staff": set(STAFF),
    **{role: {role, Role.OWNER} for role in (Role.STEWARD, Role.ORGANIZER, Role.AUDITOR)},
    "owner": {Role.OWNER},
}
# Values for every kind of URL parameter; none of them exists.
VALUES = (0, uuid.UUID(int=0), "x", "x/y")


def patterns(resolver: Any, space: str, keys: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the name of every URL of the project, with its parameters."""
    for one in resolver.url_patterns:
        own = keys | set(one.pattern.converters) | set(one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            yield from patterns(one, one.namespace or space, own)
        else:
            yield f"{space}:{one.name}" if space else str(one.name), own


KEYS = dict(patterns(get_resolver(), "", frozenset()))


def address(name: str) -> str:
    """Return the URL of a name, with values that do not exist."""
    for value in VALUES:
        try:
            return reverse(name, kwargs=dict.fromkeys(KEYS[name], value))
        except NoReverseMatch:
            continue
    raise AssertionError(f"No value fits {name}.")


def asks_to_sign_in(answer: Any) -> bool:
    """Return whether a response sends an anonymous visitor to the sign-in page."""
    return bool(answer.status_code == 302 and "/login/" in answer["Location"])


def test_every_address_has_a_row() -> None:
    assert sorted(KEYS) == sorted(ACCESS), "write each new address into tests/contracts/urls.toml, under who may"


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, access in ACCESS.items() if access == "open"))
def test_public_pages_need_no_sign_in(name: str) -> None:
    assert not asks_to_sign_in(Client().get(address(name)))


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, access in ACCESS.items() if access == "key"))
def test_the_api_asks_for_a_key(name: str) -> None:
    # Google's API, whose responses those below /civicinfo/ reproduce, returns 403 without a key.
    assert Client().get(address(name)).status_code in {403 if name.startswith("civicinfo:") else 401, 405}


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(name for name, access in ACCESS.items() if access in {"member", *MAY}))
def test_anonymous_visitors_are_sent_to_sign_in(name: str) -> None:
    for method in ("get", "post"):
        answer = getattr(Client(), method)(address(name))
        assert asks_to_sign_in(answer) or answer.status_code == 405, (method, answer.status_code)


@pytest.mark.parametrize("name", sorted(name for name, access in ACCESS.items() if access == "member"))
def test_members_are_let_in(name: str, member: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(member).get(address(name)).status_code != 403


@pytest.mark.parametrize("role", sorted(Role.values))
def test_staff_pages_exist_only_for_their_roles(
    role: str, make_member: Callable[..., User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(make_member(f"{role}@example.org", role))
    wrong = []
    for name, access in ACCESS.items():
        if access not in MAY:
            continue
        status = client.get(address(name)).status_code
        if role not in MAY[access]:
            if {status, client.post(address(name)).status_code} != {404}:
                wrong.append((name, status))
        elif not KEYS[name] and status in {302, 403, 404}:
            wrong.append((name, status))
    assert not wrong


def test_staff_without_a_second_factor_open_nothing_of_staff(
    make_member: Callable[..., User], client_of: Callable[[User], Client]
) -> None:
    client = client_of(make_member("owner@example.org", Role.OWNER, second_factor=False))
    for name, access in ACCESS.items():
        if access in MAY:
            answer = client.get(address(name))
            assert "/2fa/" in answer.get("Location", ""), name
