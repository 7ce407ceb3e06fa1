"""Messages that come twice, late, broken, or that kill whoever reads them."""

import json
import time

import pytest
from kombu import Connection, Queue
from kombu.message import Message

from project.celery import DEAD, queues
from settings.celery import JOB_ATTEMPTS
from tests.demo_server import until
from tests.faults.fault_run import RECOVERY_SECONDS, held_for, ride
from tests.faults.installation import House

pytestmark = [pytest.mark.faults, pytest.mark.services]
JOBS = "SELECT count(*) FROM jobs_job WHERE task = 'mail.send_mail'"
NOISE = b"[[1]," + b" " * 5_000_000


@pytest.mark.quick_fault
def test_f6_work_that_kills_its_worker_ends_as_a_dead_letter(house: House) -> None:
    def poison(_: House) -> None:
        house.real.execute(
            "INSERT INTO jobs_job (task, key, args, priority, state, created_at, worker, token, attempts, reason) "
            f"VALUES ('default.poison', '{time.time_ns()}', '{{}}', 1, 'waiting', now(), '', '', 0, '')"
        )

    began = time.monotonic()
    ride(house, "F6 poison", poison, dead=1)
    assert time.monotonic() - began < RECOVERY_SECONDS * 2
    assert house.count("SELECT attempts FROM jobs_job WHERE task = 'default.poison'") == JOB_ATTEMPTS
    house.real.execute("DELETE FROM jobs_job WHERE task = 'default.poison'")


@pytest.mark.quick_fault
def test_f7_broken_messages_lie_in_the_dead_queue_and_block_nobody(house: House) -> None:
    worker, dead = house.pids("worker"), dead_messages(house)

    def send(_: House) -> None:
        publish(house, b"{no JSON")
        publish(house, NOISE)
        publish(house, json.dumps([[1], {}, {}]).encode(), task="mail.unheard_of")
        publish(house, json.dumps([["x", 2, 3], {}, {}]).encode())
        publish(house, b"\x80\x04.", content="application/x-python-serialize")

    ride(house, "F7 broken messages", send)
    assert house.pids("worker") == worker, "the worker was ended by a message"
    assert until(lambda: dead_messages(house) >= dead + 4, 10), dead_messages(house)


@pytest.mark.quick_fault
def test_f14_every_message_twice(house: House) -> None:
    def twice(_: House) -> None:
        newest = house.count("SELECT max(id) FROM jobs_job")
        for number in range(newest - 150, newest + 30):
            publish(house, json.dumps([[number], {}, {}]).encode())

    ride(house, "F14 every message twice", twice)


def test_f15_messages_that_come_after_their_work_was_done(house: House) -> None:
    """A thief takes messages and holds them until the house has done without; then they come back."""
    with Connection(house.env["BROKER_URL"]) as broker:
        held: list[Message] = []

        def steal(_: House) -> None:
            queue = bound(broker)
            end = time.monotonic() + 20
            while len(held) < 5 and time.monotonic() < end:
                if message := queue.get():
                    held.append(message)
            assert held, "nothing to steal"

        load = ride(house, "F15 messages held back", steal)
        before = sum(sum(mail.values()) for mail in load.mails().values())
        for message in held:
            message.requeue()
    held_for(3)
    assert until(house.idle, 30)
    assert sum(sum(mail.values()) for mail in load.mails().values()) == before


def bound(broker: Connection) -> Queue:
    """Return the queue of mail, to read from."""
    (queue,) = (queue for queue in queues(("mail",), real=True))
    return queue(broker.default_channel)


def dead_messages(house: House) -> int:
    """Return how many messages lie in the dead queue."""
    with Connection(house.env["BROKER_URL"]) as broker:
        return int(broker.default_channel.queue_declare(DEAD.name, passive=True).message_count)  # type: ignore[attr-defined]


def publish(house: House, body: bytes, *, task: str = "mail.send_mail", content: str = "application/json") -> None:
    """Send a message as it is."""
    with Connection(house.env["BROKER_URL"]) as broker:
        broker.Producer().publish(
            body,
            exchange="tasks.v1",
            routing_key="mail",
            content_type=content,
            content_encoding="utf-8" if content.endswith("json") else "binary",
            headers={"lang": "py", "task": task, "id": f"{time.time_ns():x}", "root_id": None, "parent_id": None},
        )
