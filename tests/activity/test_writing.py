"""Acts reach the feed whatever becomes of its server, and none outlives its member."""

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
    """A feed on a server, which may be away; it keeps its acts as the embedded one does."""

    away = False
    kept = SqlActivity("sql:")

    def _append(self, *, actor_id: int, kind: str, facts: dict[str, int | str], key: str) -> bool:
        if self.away:
            raise BackendUnavailable("The feed does not answer.")
        return self.kept.append(actor_id=actor_id, kind=kind, facts=facts, key=key)

    def _feed(self, member_id: int, *, limit: int, before: str | None) -> list[ActivityEntry]:
        return self.kept.feed(member_id, limit=limit, before=before)

    def erase(self, member_id: int) -> int:
        """Drop everything of a member."""
        return self.kept.erase(member_id)

    def purge(self, before: datetime) -> int:
        """Drop what is older."""
        return self.kept.purge(before)


@pytest.fixture
def server(settings: Any) -> Iterator[type[Server]]:
    """Put the feed on a server."""
    settings.BACKENDS = {**settings.BACKENDS, "ACTIVITY_URL": {"made": f"{__name__}.Server"}}
    settings.ACTIVITY_URL = "made:"
    yield Server
    Server.away = False
    get_backend.cache_clear()


def note(member: User, number: int = 1) -> None:
    services.note(actor_id=member.pk, kind="contacts.imported", key=f"import:{number}", facts={"import_id": number})


def test_in_the_same_database_an_act_is_there_at_once(member: User) -> None:
    note(member)
    note(member)
    assert [entry.facts for entry in activity().feed(member.pk)] == [{"import_id": 1}]
    assert not Job.objects.exists()


def test_a_server_that_is_away_loses_nothing_and_doubles_nothing(
    server: type[Server], member: User, run_jobs: Callable[[], int]
) -> None:
    server.away = True
    for number in (1, 2, 2):
        note(member, number)
    run_jobs()
    assert activity().feed(member.pk) == []
    server.away = False
    for _ in range(2):
        Job.objects.update(not_before=None)
        run_jobs()
    assert sorted(entry.facts["import_id"] for entry in activity().feed(member.pk)) == [1, 2]
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_who_is_erased_gets_no_act_from_a_job_that_waited(
    server: type[Server], member: User, run_jobs: Callable[[], int]
) -> None:
    note(member)
    number = member.pk
    member.delete()
    run_jobs()
    assert activity().feed(number) == []


def test_what_is_no_id_never_becomes_a_job(server: type[Server], member: User) -> None:
    with pytest.raises(ValueError, match="name"):
        services.note(actor_id=member.pk, kind="a.kind", key="k", facts={"name": "Nora Vale"})
    assert not Job.objects.exists()


def test_a_campaign_is_no_member_and_keeps_its_feed(server: type[Server], run_jobs: Callable[[], int]) -> None:
    services.note(actor_id=-3, kind="campaign.opened", key="open", facts={})
    run_jobs()
    assert [entry.kind for entry in activity().feed(-3)] == ["campaign.opened"]
