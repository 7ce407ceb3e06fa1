"""The Celery app, its queues, and the registration of the embedded broker with Kombu."""

import os
from contextlib import ExitStack, suppress
from logging import getLogger
from typing import Any

from celery import Celery, bootsteps
from celery.signals import setup_logging, worker_ready, worker_shutdown
from celery.worker.consumer import Consumer as WorkerConsumer
from kombu import Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

from apps.core.log import get_logger
from apps.core.types import PassedThrough

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.dev")
TRANSPORT_ALIASES["votekin-files"] = "apps.core.file_broker:Transport"

app = Celery("votekin", set_as_current=True)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["tasks"], related_name="load", force=False)

_while_up = ExitStack()

# RabbitMQ delivers a message this often before it dead-letters it. Job rows count attempts independently.
DELIVERIES = 5
DEAD = Queue(
    "dead",
    Exchange("tasks.dead", type="fanout", durable=True),
    queue_arguments={
        "x-queue-type": "quorum",
        "x-message-ttl": 7 * 24 * 3600 * 1000,  # the job row is the record; the message is only a trace
        "x-max-length": 100_000,
        "x-overflow": "drop-head",
    },
)


def queues(names: tuple[str, ...], *, real: bool) -> list[Queue]:
    """Return the queues: quorum queues with dead-lettering on RabbitMQ, plain queues in the embedded broker."""
    if not real:
        exchange = Exchange("tasks", type="direct")
        return [Queue(name, exchange, routing_key=name) for name in names]
    exchange = Exchange("tasks.v1", type="topic", durable=True)
    arguments = {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERIES,
        "x-dead-letter-exchange": "tasks.dead",
        # A full queue refuses new messages instead of dropping old ones.
        "x-overflow": "reject-publish",
        "x-dead-letter-strategy": "at-least-once",
    }
    return [Queue(name, exchange, routing_key=name, queue_arguments=arguments) for name in names]


class DeadQueue(bootsteps.StartStopStep):
    """Declares the dead-letter queue at each connection; it receives messages that a worker rejects."""

    requires = ("celery.worker.consumer.connection:Connection",)

    def start(self, parent: Any) -> None:
        """Declare the queue."""
        if not parent.app.conf.broker_url.startswith("votekin-files"):
            with parent.connection.clone() as connection:
                DEAD(connection.default_channel).declare()


app.steps["consumer"].add(DeadQueue)


class Consumer(WorkerConsumer):
    """A consumer that dead-letters unreadable messages instead of discarding them."""

    def on_decode_error(self, message: Any, exc: Exception) -> None:
        """Reject the message without logging its body."""
        get_logger(__name__).error("message.unreadable", error_type=type(exc).__name__)
        message.reject_log_error(getLogger(__name__), self.connection_errors)  # type: ignore[attr-defined]


@setup_logging.connect
def _keep_logging_config(**_: PassedThrough) -> None:
    """Keep Celery from configuring its own logging, which would include exception texts."""


@worker_ready.connect
def _on_worker_ready(**_: PassedThrough) -> None:
    from django.db import DatabaseError

    from apps.jobs import heartbeats, reconcile

    with suppress(DatabaseError):  # during an outage the leases expire by themselves
        reconcile.release_own_jobs()
    _while_up.enter_context(heartbeats.beating("worker"))


@worker_shutdown.connect
def _on_worker_shutdown(**_: PassedThrough) -> None:
    _while_up.close()


def _configure_queues() -> None:
    from django.conf import settings

    app.conf.task_queues = queues(settings.QUEUES, real=not settings.BROKER_URL.startswith("files:"))


app.on_after_configure.connect(lambda **_: _configure_queues(), weak=False)
