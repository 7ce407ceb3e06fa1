"""What the application expects of RabbitMQ: confirmed, durable, limited deliveries, and errors within seconds."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from kombu import Connection, Exchange, Queue
from kombu.exceptions import OperationalError
from kombu.pools import reset

from project.celery import DEAD, DELIVERIES, queues
from tests.contracts.conftest import real_url
from tests.demo_server import until

pytestmark = pytest.mark.services


@pytest.fixture
def connection() -> Iterator[Connection]:
    options = {"confirm_publish": True, "read_timeout": 5, "write_timeout": 5}
    with Connection(real_url("BROKER_URL"), transport_options=options, connect_timeout=3) as made:
        yield made
    reset()


@pytest.fixture
def queue(connection: Connection) -> Iterator[Any]:
    """Declare a queue as the application does, under its own name."""
    like = queues(("default",), real=True)[0]
    name = f"test.{uuid.uuid4().hex}"
    own = Queue(name, Exchange(name, "topic"), routing_key=name, queue_arguments=like.queue_arguments)
    DEAD(connection.default_channel).declare()
    bound = own(connection.default_channel)
    bound.declare()
    yield bound
    bound.delete()
    bound.exchange.delete()


def send(connection: Connection, queue: Any, number: int) -> None:
    connection.Producer().publish(
        {"n": number}, exchange=queue.exchange.name, routing_key=queue.name, delivery_mode=2, retry=False
    )


def test_every_queue_can_be_declared(connection: Connection) -> None:
    for one in queues(("import", "match", "districts", "rolls", "mail", "default"), real=True):
        one(connection.default_channel).declare()


def test_a_message_that_always_fails_is_dead_lettered(connection: Connection, queue: Any) -> None:
    dead = DEAD(connection.default_channel)
    send(connection, queue, 1)
    send(connection, queue, 2)
    poison = 0
    while poison <= DELIVERIES + 2:
        message = queue.get()
        if message is None or message.payload["n"] == 2:
            break
        poison += 1
        message.requeue()
    assert poison == DELIVERIES + 1, "the first delivery and as many again as the limit says"
    assert message is not None, "a healthy message waits behind the poison one"
    message.ack()

    found: list[dict[str, Any]] = []

    def buried() -> bool:
        letter = dead.get()
        if letter is not None:
            deaths: list[dict[str, Any]] = letter.headers["x-death"]  # type: ignore[assignment]
            found.append(deaths[0])
            letter.ack()
        return any(death["queue"] == queue.name and death["reason"] == "delivery_limit" for death in found)

    assert until(buried, 10), found


def test_what_was_taken_and_not_finished_comes_again(connection: Connection, queue: Any) -> None:
    send(connection, queue, 7)
    with Connection(real_url("BROKER_URL")) as other:
        taken = Queue(queue.name, queue.exchange, routing_key=queue.name)(other.default_channel).get()
        assert taken is not None
        assert taken.payload == {"n": 7}
    again: list[Any] = []

    def redelivered() -> bool:
        again.append(queue.get())
        return bool(again[-1])

    assert until(redelivered, 10)
    assert again[-1].delivery_info["redelivered"]
    again[-1].ack()


def test_a_broker_that_is_away_is_an_error_and_not_a_wait() -> None:
    with (
        Connection("amqp://x:x@127.0.0.1:1//", connect_timeout=1) as nobody,
        pytest.raises((OperationalError, OSError)),
    ):
        nobody.ensure_connection(max_retries=1, timeout=2)
