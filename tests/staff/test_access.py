"""Who reaches which staff page: a role its own, an owner all, and to a member none exists."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User
from apps.staff.urls import urlpatterns

ARGUMENTS = {"kind": "any", "case_id": 1, "name": "components", "number": 1, "layout": "generic"}
OPEN_TO = {
    "home": {"steward", "organiser", "auditor", "owner"},
    "rolls": {"steward", "organiser", "auditor", "owner"},
    "people": {"steward", "owner"},
    "roll_sources": {"steward", "owner"},
    "work": {"owner"},
    "flags": {"owner"},
    "flag": {"owner"},
    "members": {"owner"},
    "audit": {"auditor", "owner"},
}


def _addresses() -> list[str]:
    found = []
    for pattern in urlpatterns:
        names = pattern.pattern.converters
        found.append(reverse(f"staff:{pattern.name}", kwargs={name: ARGUMENTS[name] for name in names}))
    return found


@pytest.mark.parametrize("address", _addresses())
@pytest.mark.parametrize("method", ["get", "post"])
def test_to_a_member_no_staff_page_exists(
    address: str, method: str, member: User, client_of: Callable[[User], Client]
) -> None:
    assert getattr(client_of(member), method)(address).status_code == 404


@pytest.mark.parametrize("address", _addresses())
def test_a_stranger_is_asked_to_sign_in(address: str, db: None) -> None:
    assert Client().get(address).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", sorted(OPEN_TO))
@pytest.mark.parametrize("who", ["steward", "organiser", "auditor", "owner"])
def test_each_role_reaches_its_pages_and_no_other(
    name: str, who: str, request: pytest.FixtureRequest, db: None, client_of: Callable[[User], Client]
) -> None:
    address = reverse(f"staff:{name}", kwargs={"name": "components"} if name == "flag" else {})
    answer = client_of(request.getfixturevalue(who)).get(address)
    assert answer.status_code == (200 if who in OPEN_TO[name] else 404)


@pytest.mark.parametrize("who", ["steward", "organiser", "auditor", "owner"])
def test_the_menu_names_only_what_the_role_may_open(
    who: str, request: pytest.FixtureRequest, db: None, client_of: Callable[[User], Client]
) -> None:
    client = client_of(request.getfixturevalue(who))
    page = client.get(reverse("staff:home")).content.decode()
    for address in set(re.findall(r'href="(/staff/[^"]*)"', page)):
        assert client.get(address).status_code == 200, address


def test_there_is_no_admin(owner: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(owner).get("/admin/").status_code == 404
    assert get_resolver().namespace_dict.get("admin") is None
