"""What breaks: the house's own processes and the servers behind it. Each act ends with everything started again."""

import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass

from deploy.services import processes
from deploy.services.caches import Memcached, Redis
from deploy.services.java import Elasticsearch, Solr
from deploy.services.nginx import Nginx
from deploy.services.others import Bugsink, Mongo
from deploy.services.postgres import PgBouncer, Postgres
from deploy.services.rabbitmq import RabbitMQ
from tests.demo_server import until
from tests.faults.fault_run import REQUEST_SECONDS, held_for
from tests.faults.hooks import AFTER_COMMIT, AFTER_PUBLISH
from tests.faults.installation import House
from tests.faults.servers import frozen, kill, made, restart, wipe

SERVERS = (Postgres, PgBouncer, RabbitMQ, Redis, Memcached, Nginx, Elasticsearch, Solr, Mongo, Bugsink)


def worker_killed(house: House) -> None:
    """F1"""
    assert house.signal("worker", signal.SIGKILL)
    house.signal("worker", signal.SIGKILL, children=True)


def worker_child_killed(house: House) -> None:
    """F2"""
    assert house.signal("worker", signal.SIGKILL, children=True)


def worker_stopped_warmly(house: House) -> None:
    """F3"""
    assert house.signal("worker", signal.SIGTERM)


def worker_stopped_coldly(house: House) -> None:
    """F4"""
    assert house.signal("worker", signal.SIGQUIT)


def worker_frozen(house: House) -> None:
    """F5"""
    pids = [*house.pids("worker"), *house.pids("worker", children=True)]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    held_for(40)
    for pid in pids:
        if processes.born(pid):
            os.kill(pid, signal.SIGCONT)


def broker_killed(_: House) -> None:
    """F8"""
    restart(made(RabbitMQ))


def broker_wiped(_: House) -> None:
    """F9"""
    wipe(made(RabbitMQ))


def broker_alarm(_: House) -> None:
    """F10"""
    broker = made(RabbitMQ)
    assert isinstance(broker, RabbitMQ)
    broker.control("set_disk_free_limit", "5000GB")
    try:
        held_for(20)
    finally:
        broker.control("set_disk_free_limit", "200MB")


def broker_frozen(_: House) -> None:
    """F11"""
    with frozen(made(RabbitMQ)):
        held_for(15)


def memcached_emptied_and_frozen(_: House) -> None:
    """F12"""
    restart(made(Memcached))
    with frozen(made(Memcached)):
        held_for(4)


def redis_killed_and_frozen(_: House) -> None:
    """F13"""
    restart(made(Redis))
    with frozen(made(Redis)):
        held_for(4)


def web_dies_after_commit(house: House) -> None:
    """F16"""
    _die(house, AFTER_COMMIT)


def relay_dies_after_publish(house: House) -> None:
    """F17"""
    _die(house, AFTER_PUBLISH)


def _die(house: House, where: str) -> None:
    (house.data / where).touch()
    assert until(lambda: not (house.data / where).exists(), 30), "nobody came by"


def relay_killed(house: House) -> None:
    """F17"""
    assert house.signal("relay", signal.SIGKILL)


def database_killed(_: House) -> None:
    """F18"""
    restart(made(Postgres))


def sessions_ended(_: House) -> None:
    """F19"""
    server = made(Postgres)
    assert isinstance(server, Postgres)
    server.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'votekin_app'")


def pgbouncer_restarted(_: House) -> None:
    """F22"""
    restart(made(PgBouncer))


def search_and_feed_frozen(_: House) -> None:
    """F24, F27"""
    with frozen(made(Elasticsearch)), frozen(made(Solr)), frozen(made(Mongo)):
        held_for(8)


def errors_server_frozen(_: House) -> None:
    """F28"""
    with frozen(made(Bugsink)):
        held_for(8)


def web_worker_killed(house: House) -> None:
    """F30"""
    assert house.signal("web", signal.SIGKILL, children=True)


def web_reloaded(house: House) -> None:
    """F30: a new release takes over without a failed request."""
    assert house.signal("web", signal.SIGHUP)


def web_restarted(house: House) -> None:
    """F30: a full stop and start, while the supervisor holds the listening socket."""
    before = house.pids("web")
    assert house.signal("web", signal.SIGTERM)
    assert until(lambda: bool(house.pids("web")) and house.pids("web") != before, 30)


def everything_killed(house: House) -> None:
    """F38"""
    for kind in ("web", "relay", "scheduler", "worker"):
        house.signal(kind, signal.SIGKILL)
        house.signal(kind, signal.SIGKILL, children=True)
    servers = [made(kind) for kind in SERVERS]
    random.shuffle(servers)
    for server in servers:
        kill(server)
    for server in servers:
        server.start()


@dataclass(frozen=True)
class Fault:
    """An act, whether people may be refused meanwhile, whether every run of CI has time for it, the slowest answer."""

    act: Callable[[House], object]
    may_refuse: bool = False
    quick: bool = True
    slowest: float = REQUEST_SECONDS

    @property
    def name(self) -> str:
        """Its number and its name."""
        number = (self.act.__doc__ or "").partition(":")[0]
        return f"{number} {self.act.__name__.replace('_', ' ')}"


# Until gunicorn and its workers have loaded the house again, on a machine that is busy with the load.
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
