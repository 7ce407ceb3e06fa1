"""The Celery app: one for the house, with the embedded broker known to Kombu."""

import os
from contextlib import ExitStack
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_ready, worker_shutdown
from kombu import Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.dev")
TRANSPORT_ALIASES["votekin-files"] = "apps.core.broker:Transport"

app = Celery("votekin", set_as_current=True)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tasks"], related_name="load", force=False)

_while_up = ExitStack()


def queues(names: tuple[str, ...], *, real: bool) -> list[Queue]:
    """Return the queues: quorum queues with dead letters on RabbitMQ, plain ones in the embedded broker."""
    if not real:
        exchange = Exchange("tasks", type="direct")
        return [Queue(name, exchange, routing_key=name) for name in names]
    exchange = Exchange("tasks.v1", type="topic", durable=True)
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": 5,
        "x-dead-letter-exchange": "tasks.dead",
        "x-overflow": "reject-publish",
        "x-dead-letter-strategy": "at-least-once",
    }
    return [Queue(name, exchange, routing_key=name, queue_arguments=arguments) for name in names]


@setup_logging.connect
def _our_logging(**_: Any) -> None:
    """Keep Celery from setting up its own logging, whose lines quote exceptions."""


@worker_ready.connect
def _worker_is_up(**_: Any) -> None:
    from apps.core import heartbeats, reconcile

    reconcile.free_own_leases()
    _while_up.enter_context(heartbeats.beating("worker"))


@worker_shutdown.connect
def _worker_goes(**_: Any) -> None:
    _while_up.close()


def _configure_queues() -> None:
    from django.conf import settings

    app.conf.task_queues = queues(settings.QUEUES, real=not settings.BROKER_URL.startswith("files:"))


app.on_after_configure.connect(lambda **_: _configure_queues(), weak=False)
