"""Faults of servers: killed, frozen, emptied and started again, as `make services` started them."""

import os
import shutil
import signal
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from deploy.services import processes
from deploy.services.caches import Memcached, Redis
from deploy.services.java import Elasticsearch, Solr
from deploy.services.nginx import Nginx
from deploy.services.others import Bugsink, Mongo
from deploy.services.place import here
from deploy.services.postgres import PgBouncer, Postgres
from deploy.services.rabbitmq import PortMapper, RabbitMQ
from deploy.services.server import Server

# Every server that a fault may stop. The port mapper serves the RabbitMQ nodes of all sets.
SERVERS = (Postgres, PgBouncer, RabbitMQ, Redis, Memcached, Nginx, Elasticsearch, Solr, Mongo, Bugsink)


def place_of_tests() -> None:
    """Point the tool at the servers whose addresses the tests have."""
    os.environ["DATA_DIR"] = str(Path(os.environ["TEST_SERVERS"]).parents[1])


def server_of(kind: type[Server]) -> Server:
    """Return a server of the tests."""
    before = os.environ["DATA_DIR"]
    place_of_tests()
    try:
        return kind(here())
    finally:
        os.environ["DATA_DIR"] = before


def pid(server: Server) -> int:
    """Return the id of a running server's process."""
    found = processes.running(server.pid_file)
    assert found, f"{server.name} does not run"
    return found


def kill(server: Server) -> None:
    """Kill a server and its children and reap it: a living child would keep its port.

    PostgreSQL takes a zombie for a living process.
    """
    number = pid(server)
    for one in family(number):
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    assert processes.wait(lambda: _buried(number), 20)


def _buried(number: int) -> bool:
    with suppress(ChildProcessError):
        os.waitpid(number, os.WNOHANG)
    return not Path(f"/proc/{number}").exists()


def restart(server: Server) -> None:
    """Kill a server and start it again with its data."""
    kill(server)
    server.start()


def start_together(servers: Sequence[Server]) -> None:
    """Start servers at the same time, in any order: each waits for those that it needs."""
    with ThreadPoolExecutor(len(servers)) as pool:
        for started in [pool.submit(server.start) for server in servers]:
            started.result()


def repair_servers() -> None:
    """Continue every frozen server and start every stopped one, whatever an earlier fault left."""
    servers = [server_of(kind) for kind in (PortMapper, *SERVERS)]
    for server in servers:
        if number := processes.running(server.pid_file):
            for one in family(number):
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGCONT)
    start_together(servers)


def wipe(server: Server) -> None:
    """Kill a server, delete its data, and start it empty."""
    kill(server)
    shutil.rmtree(server.folder)
    server.start()


def family(number: int) -> list[int]:
    """Return a process and its descendants: Elasticsearch's first process only supervises the second."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(folder.name))
    found = [number]
    for one in found:
        found += children.get(one, [])
    return found


@contextmanager
def frozen(server: Server) -> Iterator[None]:
    """Freeze a server for the duration of the block."""
    pids = family(pid(server))
    for one in pids:
        os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in reversed(pids):
            os.kill(one, signal.SIGCONT)
