"""Metrics: figures of jobs, and a canary per queue."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from apps.core import metrics
from apps.jobs import canary, jobs, reconcile
from apps.jobs.models import Heartbeat, Job

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-watchers"


def figures() -> dict[str, float]:
    return {f"{name}{{{labels}}}": value for name, labels, value in metrics.samples()}


def test_every_queue_has_a_canary_and_its_age_is_a_metric(run_jobs: Callable[[], int]) -> None:
    canary.send()
    assert Job.objects.count() == len(settings.QUEUES)
    assert canary.ages() == {}
    assert run_jobs() == len(settings.QUEUES)
    assert set(canary.ages()) == set(settings.QUEUES)
    Heartbeat.objects.filter(name="canary@mail").update(at=timezone.now() - timedelta(minutes=5))
    assert 299 < figures()['canary_age_seconds{queue="mail"}'] < 310


def test_a_stopped_worker_does_not_pile_up_canaries() -> None:
    canary.send()
    Job.objects.update(key="a minute ago")
    canary.send()
    assert Job.objects.count() == len(settings.QUEUES)


def test_landed_canaries_are_swept_and_the_last_sign_of_each_stays(run_jobs: Callable[[], int]) -> None:
    canary.send()
    run_jobs()
    Job.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    Heartbeat.objects.update(at=timezone.now() - timedelta(days=2))
    reconcile.prune()
    assert not Job.objects.exists()
    assert set(canary.ages()) == set(settings.QUEUES)


def test_waiting_and_stopped_work_is_counted() -> None:
    jobs.enqueue("mail.canary", key="1", args={"queue": "mail"})
    Job.objects.update(created_at=timezone.now() - timedelta(seconds=90))
    Job.objects.create(task="mail.canary", key="2", state=Job.State.DEAD)
    told = figures()
    assert told["outbox_unsent{}"] == 1
    assert told["outbox_oldest_seconds{}"] >= 90
    assert told["deadletters{}"] == 1
    assert told['task_unfinished{task="mail.canary"}'] == 1


def test_what_the_reconciler_mends_is_added_up() -> None:
    for key in ("1", "2"):
        Job.objects.create(
            task="mail.canary", key=key, state="running", lease_until=timezone.now() - timedelta(seconds=5)
        )
        reconcile.reconcile(dry_run=True)
        reconcile.reconcile()
    assert figures()['reconciler_fixed_total{reason="lease_passed"}'] == 2


def test_metrics_need_the_token(client: Client, settings: object) -> None:
    assert client.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = TOKEN  # type: ignore[attr-defined]
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert "outbox_unsent 0\n" in answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_errors_and_times_of_answers_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    from project import request_metrics

    monkeypatch.setattr(request_metrics, "WRITE_SECONDS", 0)
    for seconds in [0.02] * 98 + [0.5, 0.5]:
        request_metrics.count(200, seconds)
    request_metrics.count(503, 0.02)
    told = figures()
    assert told["http_5xx{}"] == 1
    assert told["http_p95{}"] == 0.03
    assert told['http_answers_total{status="2xx"}'] == 100
