"""Messages that arrive twice, late or broken, or that kill their reader."""

import json
import time

import pytest
from kombu import Connection, Queue
from kombu.message import Message

from project.celery import DEAD, queues
from settings.celery import JOB_ATTEMPTS
from tests.demo_server import until
from tests.faults.fault_run import RECOVERY_SECONDS, hold, run_fault
from tests.faults.installation import Installation

pytestmark = [pytest.mark.faults, pytest.mark.services]
JOBS = "SELECT count(*) FROM jobs_job WHERE task = 'mail.send_mail'"
NOISE = b"[[1]," + b" " * 5_000_000


@pytest.mark.quick_fault
def test_f6_work_that_kills_its_worker_ends_as_a_dead_letter(installation: Installation) -> None:
    def poison(_: Installation) -> None:
        installation.real.execute(
            "INSERT INTO jobs_job (task, key, args, priority, state, created_at, worker, token, attempts, reason) "
            f"VALUES ('default.poison', '{time.time_ns()}', '{{}}', 1, 'waiting', now(), '', '', 0, '')"
        )

    began = time.monotonic()
    run_fault(installation, "F6 poison", poison, dead=1)
    assert time.monotonic() - began < RECOVERY_SECONDS * 2
    assert installation.count("SELECT attempts FROM jobs_job WHERE task = 'default.poison'") == JOB_ATTEMPTS
    installation.real.execute("DELETE FROM jobs_job WHERE task = 'default.poison'")


@pytest.mark.quick_fault
def test_f7_broken_messages_are_dead_lettered_and_do_not_block(installation: Installation) -> None:
    worker, dead = installation.pids("worker"), dead_messages(installation)

    def send(_: Installation) -> None:
        publish(installation, b"{no JSON")
        publish(installation, NOISE)
        publish(installation, json.dumps([[1], {}, {}]).encode(), task="mail.unheard_of")
        publish(installation, json.dumps([["x", 2, 3], {}, {}]).encode())
        publish(installation, b"\x80\x04.", content="application/x-python-serialize")

    run_fault(installation, "F7 broken messages", send)
    assert installation.pids("worker") == worker, "the worker was ended by a message"
    assert until(lambda: dead_messages(installation) >= dead + 4, 10), dead_messages(installation)


@pytest.mark.quick_fault
def test_f14_every_message_twice(installation: Installation) -> None:
    def twice(_: Installation) -> None:
        newest = installation.count("SELECT max(id) FROM jobs_job")
        for number in range(newest - 150, newest + 30):
            publish(installation, json.dumps([[number], {}, {}]).encode())

    run_fault(installation, "F14 every message twice", twice)


def test_f15_messages_that_come_after_their_work_was_done(installation: Installation) -> None:
    """A consumer takes messages and keeps them until the application has finished without them; then they return."""
    with Connection(installation.env["BROKER_URL"]) as broker:
        held: list[Message] = []

        def steal(_: Installation) -> None:
            queue = bound(broker)
            end = time.monotonic() + 20
            while len(held) < 5 and time.monotonic() < end:
                if message := queue.get():
                    held.append(message)
            assert held, "nothing to steal"

        load = run_fault(installation, "F15 messages held back", steal)
        before = sum(sum(mail.values()) for mail in load.mails().values())
        for message in held:
            message.requeue()
    hold(3)
    assert until(installation.idle, 30)
    assert sum(sum(mail.values()) for mail in load.mails().values()) == before


def bound(broker: Connection) -> Queue:
    """Return the queue of emails, to read from."""
    (queue,) = (queue for queue in queues(("mail",), real=True))
    return queue(broker.default_channel)


def dead_messages(installation: Installation) -> int:
    """Return how many messages are in the dead-letter queue."""
    with Connection(installation.env["BROKER_URL"]) as broker:
        return int(broker.default_channel.queue_declare(DEAD.name, passive=True).message_count)  # type: ignore[attr-defined]


def publish(
    installation: Installation, body: bytes, *, task: str = "mail.send_mail", content: str = "application/json"
) -> None:
    """Publish a message unchanged."""
    with Connection(installation.env["BROKER_URL"]) as broker:
        broker.Producer().publish(
            body,
            exchange="tasks.v1",
            routing_key="mail",
            content_type=content,
            content_encoding="utf-8" if content.endswith("json") else "binary",
            headers={"lang": "py", "task": task, "id": f"{time.time_ns():x}", "root_id": None, "parent_id": None},
        )
