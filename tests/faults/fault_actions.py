"""Faults of the application's processes and of its servers. Each action ends with everything started again."""

import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass

from deploy.services import processes
from deploy.services.caches import Memcached, Redis
from deploy.services.java import Elasticsearch, Solr
from deploy.services.others import Bugsink, Mongo
from deploy.services.postgres import PgBouncer, Postgres
from deploy.services.rabbitmq import RabbitMQ
from tests.demo_server import until
from tests.faults.fault_run import REQUEST_SECONDS, hold
from tests.faults.hooks import AFTER_COMMIT, AFTER_PUBLISH
from tests.faults.installation import Installation
from tests.faults.servers import SERVERS, frozen, kill, restart, server_of, start_together, wipe


def worker_killed(installation: Installation) -> None:
    """F1"""
    assert installation.signal("worker", signal.SIGKILL)
    installation.signal("worker", signal.SIGKILL, children=True)


def worker_child_killed(installation: Installation) -> None:
    """F2"""
    assert installation.signal("worker", signal.SIGKILL, children=True)


def worker_stopped_warmly(installation: Installation) -> None:
    """F3"""
    assert installation.signal("worker", signal.SIGTERM)


def worker_stopped_coldly(installation: Installation) -> None:
    """F4"""
    assert installation.signal("worker", signal.SIGQUIT)


def worker_frozen(installation: Installation) -> None:
    """F5"""
    pids = [*installation.pids("worker"), *installation.pids("worker", children=True)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    hold(40)
    for pid in pids:
        if processes.born(pid):
            os.kill(pid, signal.SIGCONT)


def broker_killed(_: Installation) -> None:
    """F8"""
    restart(server_of(RabbitMQ))


def broker_wiped(_: Installation) -> None:
    """F9"""
    wipe(server_of(RabbitMQ))


def broker_alarm(_: Installation) -> None:
    """F10"""
    broker = server_of(RabbitMQ)
    assert isinstance(broker, RabbitMQ)
    broker.control("set_disk_free_limit", "5000GB")
    try:
        hold(20)
    finally:
        broker.control("set_disk_free_limit", "200MB")


def broker_frozen(_: Installation) -> None:
    """F11"""
    with frozen(server_of(RabbitMQ)):
        hold(15)


def memcached_emptied_and_frozen(_: Installation) -> None:
    """F12"""
    restart(server_of(Memcached))
    with frozen(server_of(Memcached)):
        hold(4)


def redis_killed_and_frozen(_: Installation) -> None:
    """F13"""
    restart(server_of(Redis))
    with frozen(server_of(Redis)):
        hold(4)


def web_dies_after_commit(installation: Installation) -> None:
    """F16"""
    _die(installation, AFTER_COMMIT)


def relay_dies_after_publish(installation: Installation) -> None:
    """F17"""
    _die(installation, AFTER_PUBLISH)


def _die(installation: Installation, where: str) -> None:
    (installation.data / where).touch()
    assert until(lambda: not (installation.data / where).exists(), 30), "nobody came by"


def relay_killed(installation: Installation) -> None:
    """F17"""
    assert installation.signal("relay", signal.SIGKILL)


def database_killed(_: Installation) -> None:
    """F18"""
    restart(server_of(Postgres))


def sessions_ended(_: Installation) -> None:
    """F19"""
    server = server_of(Postgres)
    assert isinstance(server, Postgres)
    server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'votekin_app'")


def pgbouncer_restarted(_: Installation) -> None:
    """F22"""
    restart(server_of(PgBouncer))


def search_and_feed_frozen(_: Installation) -> None:
    """F24, F27"""
    with frozen(server_of(Elasticsearch)), frozen(server_of(Solr)), frozen(server_of(Mongo)):
        hold(8)


def errors_server_frozen(_: Installation) -> None:
    """F28"""
    with frozen(server_of(Bugsink)):
        hold(8)


def web_worker_killed(installation: Installation) -> None:
    """F30"""
    assert installation.signal("web", signal.SIGKILL, children=True)


def web_reloaded(installation: Installation) -> None:
    """F30: a new release takes over without a failed request."""
    assert installation.signal("web", signal.SIGHUP)


def web_restarted(installation: Installation) -> None:
    """F30: a full stop and start, while the supervisor keeps the listening socket open."""
    before = installation.pids("web")
    assert installation.signal("web", signal.SIGTERM)
    assert until(lambda: bool(installation.pids("web")) and installation.pids("web") != before, 30)


def everything_killed(installation: Installation) -> None:
    """F38"""
    for kind in ("web", "relay", "scheduler", "worker"):
        installation.signal(kind, signal.SIGKILL)
        installation.signal(kind, signal.SIGKILL, children=True)
    servers = [server_of(kind) for kind in SERVERS]
    random.shuffle(servers)
    for server in servers:
        kill(server)
    start_together(servers)


@dataclass(frozen=True)
class Fault:
    """An action, whether sign-ups may be refused meanwhile, whether every CI run includes it, and the slowest
    response.
    """

    act: Callable[[Installation], object]
    may_refuse: bool = False
    quick: bool = True
    slowest: float = REQUEST_SECONDS

    @property
    def name(self) -> str:
        """Return its number and its name."""
        number = (self.act.__doc__ or "").partition(":")[0]
        return f"{number} {self.act.__name__.replace('_', ' ')}"


# The time gunicorn and its workers take to load the application again, on a machine busy with the load.
WEB_SECONDS = 30.0

FAULTS = [
    Fault(worker_killed),
    Fault(worker_child_killed),
    Fault(worker_stopped_warmly, quick=False),
    Fault(worker_stopped_coldly, quick=False),
    Fault(worker_frozen, quick=False),
    Fault(broker_killed),
    Fault(broker_wiped, quick=False),
    Fault(broker_alarm, quick=False),
    Fault(broker_frozen),
    Fault(memcached_emptied_and_frozen),
    Fault(redis_killed_and_frozen),
    Fault(web_dies_after_commit, may_refuse=True, slowest=WEB_SECONDS),
    Fault(relay_dies_after_publish),
    Fault(relay_killed, quick=False),
    Fault(sessions_ended, may_refuse=True, quick=False),
    Fault(database_killed, may_refuse=True),
    Fault(pgbouncer_restarted, may_refuse=True),
    Fault(search_and_feed_frozen, quick=False),
    Fault(errors_server_frozen, quick=False),
    Fault(web_worker_killed, may_refuse=True, quick=False, slowest=WEB_SECONDS),
    Fault(web_reloaded, slowest=WEB_SECONDS),
    Fault(web_restarted, slowest=WEB_SECONDS),
    Fault(everything_killed, may_refuse=True, quick=False, slowest=60),
]
