"""Activities reach the feed although its server was down, and none outlives its member."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest

from apps.accounts.models import User
from apps.activity import services
from apps.activity.base import Activity, ActivityEntry, activity
from apps.activity.sql import SqlActivity
from apps.core.backends import get_backend
from apps.core.errors import BackendUnavailable
from apps.jobs.models import Job

pytestmark = pytest.mark.django_db


class Server(Activity):
    """A feed on a server that may be down; stores activities as the embedded backend does."""

    is_down = False
    backend = SqlActivity("sql:")

    def _append(self, *, actor_id: int, kind: str, facts: dict[str, int | str], key: str) -> bool:
        if self.is_down:
            raise BackendUnavailable("The feed does not respond.")
        return self.backend.append(actor_id=actor_id, kind=kind, facts=facts, key=key)

    def _feed(self, member_id: int, *, limit: int, before: str | None) -> list[ActivityEntry]:
        return self.backend.feed(member_id, limit=limit, before=before)

    def erase(self, member_id: int) -> int:
        """Delete all activities of a member."""
        return self.backend.erase(member_id)

    def purge(self, before: datetime) -> int:
        """Delete activities before a time."""
        return self.backend.purge(before)


@pytest.fixture
def server(settings: Any) -> Iterator[type[Server]]:
    """Use a server as the backend."""
    settings.BACKENDS = {**settings.BACKENDS, "ACTIVITY_URL": {"made": f"{__name__}.Server"}}
    settings.ACTIVITY_URL = "made:"
    yield Server
    Server.is_down = False
    get_backend.cache_clear()


def record(member: User, number: int = 1) -> None:
    facts = {"import_id": number}
    services.record_activity(actor_id=member.pk, kind="contacts.imported", key=f"import:{number}", facts=facts)


def test_an_activity_in_the_same_database_is_stored_at_once(member: User) -> None:
    record(member)
    record(member)
    assert [entry.facts for entry in activity().feed(member.pk)] == [{"import_id": 1}]
    assert not Job.objects.exists()


def test_activities_of_a_server_that_was_down_are_stored_once(
    server: type[Server], member: User, run_jobs: Callable[[], int]
) -> None:
    server.is_down = True
    for number in (1, 2, 2):
        record(member, number)
    run_jobs()
    assert activity().feed(member.pk) == []
    server.is_down = False
    for _ in range(2):
        Job.objects.update(not_before=None)
        run_jobs()
    assert sorted(entry.facts["import_id"] for entry in activity().feed(member.pk)) == [1, 2]
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_an_erased_member_gets_no_activity_from_a_waiting_job(
    server: type[Server], member: User, run_jobs: Callable[[], int]
) -> None:
    record(member)
    number = member.pk
    member.delete()
    run_jobs()
    assert activity().feed(number) == []


def test_a_fact_that_is_not_an_id_is_never_queued(server: type[Server], member: User) -> None:
    with pytest.raises(ValueError, match="name"):
        services.record_activity(actor_id=member.pk, kind="a.kind", key="k", facts={"name": "Nora Vale"})
    assert not Job.objects.exists()


def test_a_campaign_has_a_feed_although_it_is_not_a_member(server: type[Server], run_jobs: Callable[[], int]) -> None:
    services.record_activity(actor_id=-3, kind="campaign.opened", key="open", facts={})
    run_jobs()
    assert [entry.kind for entry in activity().feed(-3)] == ["campaign.opened"]
