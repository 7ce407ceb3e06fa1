"""The embedded broker loses no message and never shows a partial one."""

import contextlib
import multiprocessing
import os
from pathlib import Path
from typing import Any

from kombu import Connection, Exchange, Queue

import project.celery  # noqa: F401 - registers the transport


def options(folder: Path) -> dict[str, object]:
    return {
        "data_folder_in": str(folder / "messages"),
        "data_folder_out": str(folder / "messages"),
        "control_folder": str(folder / "control"),
        "processed_folder": str(folder / "taken"),
        "store_processed": True,
        "polling_interval": 0.01,
    }


def queue(name: str) -> Queue:
    return Queue(name, Exchange("tasks", type="direct"), routing_key=name)


def publish(folder: Path, name: str, numbers: range) -> None:
    with Connection("votekin-files://", transport_options=options(folder)) as connection:
        producer = connection.Producer(serializer="json")
        for number in numbers:
            producer.publish({"n": number}, exchange="tasks", routing_key=name, declare=[queue(name)])


def consume(folder: Path, name: str, wanted: int) -> None:
    """Write one file per message, named by its number and this process, until `wanted` numbers have been seen."""
    seen = folder / "seen"

    def take(body: dict[str, int], message: Any) -> None:
        (seen / f"{body['n']}.{os.getpid()}").touch()
        message.ack()

    with (
        Connection("votekin-files://", transport_options=options(folder)) as connection,
        connection.Consumer([queue(name)], callbacks=[take]),
    ):
        while len(list(seen.iterdir())) < wanted:
            with contextlib.suppress(TimeoutError):
                connection.drain_events(timeout=0.1)


def together(*calls: tuple[Any, ...]) -> None:
    """Run calls in separate processes, like web, relay and worker, and check that each succeeds."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=function, args=args, daemon=True) for function, *args in calls]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    assert [process.exitcode for process in processes] == [0] * len(processes)


def test_publishers_and_consumers_at_once_deliver_each_message_once(tmp_path: Path) -> None:
    (tmp_path / "seen").mkdir()
    together(
        (consume, tmp_path, "a", 300),
        (consume, tmp_path, "a", 300),
        (publish, tmp_path, "a", range(150)),
        (publish, tmp_path, "a", range(150, 300)),
    )
    assert sorted(int(path.stem) for path in (tmp_path / "seen").iterdir()) == list(range(300))


def test_processes_that_bind_at_once_keep_every_binding(tmp_path: Path) -> None:
    names = [f"q{number}" for number in range(4)]
    together(*[(publish, tmp_path, name, range(5)) for name in names])
    for name in names:
        assert len(list((tmp_path / "messages" / name).iterdir())) == 5


def test_nothing_is_readable_by_others(tmp_path: Path) -> None:
    publish(tmp_path, "a", range(1))
    for path in tmp_path.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
