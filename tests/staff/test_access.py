"""The staff menu; access to each URL is tested in tests/contracts/urls.toml."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from apps.accounts.models import User


@pytest.mark.parametrize("who", ["steward", "organizer", "auditor", "owner"])
def test_the_menu_lists_only_permitted_pages(
    who: str, request: pytest.FixtureRequest, db: None, client_of: Callable[[User], Client]
) -> None:
    client = client_of(request.getfixturevalue(who))
    page = client.get(reverse("staff:home")).content.decode()
    for address in set(re.findall(r'href="(/staff/[^"]*)"', page)):
        assert client.get(address).status_code == 200, address


def test_the_django_admin_is_absent(owner: User, client_of: Callable[[User], Client]) -> None:
    assert client_of(owner).get("/admin/").status_code == 404
    assert get_resolver().namespace_dict.get("admin") is None
