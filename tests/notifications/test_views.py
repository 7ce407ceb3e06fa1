"""The inbox page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.notifications import services as notifications
from apps.notifications.models import Notice


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Register a kind for these tests only."""
    monkeypatch.setattr(notifications, "_kinds", dict(notifications._kinds))
    notifications.register_notice("test_quiet", title="A <new> roll", body_template="mail/base.txt", mail=False)


def _notify(member: Any, key: str = "1") -> Notice:
    notice = notifications.notify(member=member, kind="test_quiet", key=key)
    assert notice
    return notice


def test_a_visitor_is_sent_to_sign_in(db: None) -> None:
    assert Client().get(reverse("notifications:inbox")).status_code == 302


def test_an_empty_inbox_says_what_will_be_here(member: Any, client_of: Callable[..., Client]) -> None:
    page = client_of(member).get(reverse("notifications:inbox"))
    assert b"Nothing yet" in page.content


def test_a_notice_is_new_until_it_is_opened(member: Any, client_of: Callable[..., Client]) -> None:
    client = client_of(member)
    notice = _notify(member)
    assert b">New<" in client.get(reverse("notifications:inbox")).content
    page = client.get(reverse("notifications:notice", args=[notice.pk]))
    assert b"A &lt;new&gt; roll" in page.content
    assert b">New<" not in client.get(reverse("notifications:inbox")).content


def test_all_can_be_marked_as_read(member: Any, client_of: Callable[..., Client]) -> None:
    _notify(member, "1"), _notify(member, "2")
    client_of(member).post(reverse("notifications:read_all"))
    assert not Notice.objects.of(member).unread().exists()


def test_another_members_notice_does_not_exist(
    member: Any, other_member: Any, client_of: Callable[..., Client]
) -> None:
    notice = _notify(member)
    assert client_of(other_member).get(reverse("notifications:notice", args=[notice.pk])).status_code == 404
    client_of(other_member).post(reverse("notifications:read_all"))
    assert Notice.objects.of(member).unread().count() == 1


def test_the_inbox_is_never_cached(member: Any, client_of: Callable[..., Client]) -> None:
    assert "no-store" in client_of(member).get(reverse("notifications:inbox"))["Cache-Control"]


def test_a_long_inbox_has_pages(member: Any, client_of: Callable[..., Client]) -> None:
    for number in range(30):
        _notify(member, str(number))
    page = client_of(member).get(reverse("notifications:inbox"), {"page": 2})
    assert page.content.count(b"A &lt;new&gt; roll") == 5
