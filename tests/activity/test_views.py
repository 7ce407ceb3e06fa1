"""The page of a member's own feed: labels, pages, and a backend that is down."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.activity import labels, services, views
from apps.activity.base import Activity
from apps.core.errors import BackendUnavailable


@pytest.fixture
def signed_in(client: Client, member: User) -> Client:
    """Return a client in which the member is signed in."""
    client.force_login(member)
    return client


def record(member: User, number: int) -> None:
    services.record_activity(actor_id=member.pk, kind="ballot.mailed", key=f"ballot:{number}")


def test_activities_are_shown_by_their_label_to_their_member_only(
    signed_in: Client, member: User, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(labels, "_labels", {"ballot.mailed": "You mailed your ballot"})
    record(member, 1)
    services.record_activity(actor_id=owner.pk, kind="ballot.counted", key="ballot:2")
    page = signed_in.get("/activity/").content.decode()
    assert "You mailed your ballot" in page
    assert "Ballot counted" not in page


def test_older_pages_follow_the_cursor_and_an_invalid_one_shows_the_newest(
    signed_in: Client, member: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    for number in range(3):
        record(member, number)
    first = signed_in.get("/activity/")
    assert len(first.context["acts"]) == 2
    older = signed_in.get("/activity/", {"before": first.context["next"]})
    assert (len(older.context["acts"]), older.context["next"]) == (1, "")
    invalid = signed_in.get("/activity/", {"before": "' OR 1=1"})
    assert len(invalid.context["acts"]) == 2


def test_a_backend_that_is_down_is_reported(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_: object, **__: object) -> None:
        raise BackendUnavailable("The feed does not respond.")

    monkeypatch.setattr(Activity, "feed", down)
    response = signed_in.get("/activity/")
    assert response.status_code == 503
    assert response.context["away"]


def test_visitors_are_sent_to_sign_in(client: Client) -> None:
    assert client.get("/activity/").status_code == 302
