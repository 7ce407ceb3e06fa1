"""What the staff menu names; who may open which address stands in tests/contracts/urls.toml."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User


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
