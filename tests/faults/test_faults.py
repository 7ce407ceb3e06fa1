"""Each fault comes while people sign up. Whoever was told to be in has one account and one mail, and nothing waits.

A refused sign-up is allowed where the database itself was away, and nowhere else; so is the same mail twice under one
Message-ID, after a worker was killed between the mail server's answer and its own mark.
"""

import signal
import time
from collections.abc import Callable

import pytest

from deploy.services import processes
from deploy.services.caches import Memcached, Redis
from deploy.services.postgres import PgBouncer, Postgres
from deploy.services.rabbitmq import RabbitMQ
from tests.faults.conftest import ROWS, Row
from tests.faults.house import UNFINISHED, House, Load
from tests.faults.servers import frozen, kill, made, restart, wipe
from tests.machine import until

pytestmark = [pytest.mark.faults, pytest.mark.services]

PEOPLE = 120
RECOVERY_SECONDS = 60
# What a request may take while one server is away, its own work included.
REQUEST_SECONDS = 3.0
Fault = Callable[[House], None]


def held_for(seconds: float) -> None:
    """Let a fault last."""
    end = time.monotonic() + seconds
    until(lambda: time.monotonic() > end, seconds + 1)


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
    assert house.signal("worker", signal.SIGSTOP)
    house.signal("worker", signal.SIGSTOP, children=True)
    held_for(12)
    for pid in pids:
        if processes.born(pid):
            house.signal("worker", signal.SIGCONT)
            house.signal("worker", signal.SIGCONT, children=True)


def relay_killed(house: House) -> None:
    """F17"""
    assert house.signal("relay", signal.SIGKILL)


def broker_killed(_: House) -> None:
    """F8"""
    restart(made(RabbitMQ))


def broker_wiped(_: House) -> None:
    """F9"""
    wipe(made(RabbitMQ))


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


def web_worker_killed(house: House) -> None:
    """F30"""
    pids = house.pids("web", children=True)
    assert pids
    house.signal("web", signal.SIGKILL, children=True)


def web_reloaded(house: House) -> None:
    """F30: a new release takes over without a failed request."""
    assert house.signal("web", signal.SIGHUP)


def everything_killed(house: House) -> None:
    """F38"""
    for kind in ("web", "relay", "scheduler", "worker"):
        house.signal(kind, signal.SIGKILL)
        house.signal(kind, signal.SIGKILL, children=True)
    servers = [made(kind) for kind in (Memcached, RabbitMQ, Redis, PgBouncer, Postgres)]
    for server in servers:
        kill(server)
    for server in servers:
        server.start()


# fault, may sign-ups be refused meanwhile
FAULTS: list[tuple[Fault, bool]] = [
    (worker_killed, False),
    (worker_child_killed, False),
    (worker_stopped_warmly, False),
    (worker_stopped_coldly, False),
    (worker_frozen, False),
    (relay_killed, False),
    (broker_killed, False),
    (broker_frozen, False),
    (broker_wiped, False),
    (memcached_emptied_and_frozen, False),
    (redis_killed_and_frozen, False),
    (sessions_ended, True),
    (database_killed, True),
    (pgbouncer_restarted, True),
    (web_worker_killed, True),
    (web_reloaded, False),
    (everything_killed, True),
]


@pytest.mark.parametrize(("fault", "may_refuse"), FAULTS, ids=[fault.__name__ for fault, _ in FAULTS])
def test_nothing_is_lost_and_nothing_doubled(house: House, fault: Fault, may_refuse: bool) -> None:
    load = Load(house, PEOPLE)
    assert load.began.wait(60), (load.refused, house.tail())
    fault(house)
    over = time.monotonic()
    load.wait()
    finished = until(lambda: _done(house), RECOVERY_SECONDS + 30)
    recovery = time.monotonic() - over
    lost, doubled = load.lost(), load.doubled()
    refused = sum(load.refused.values())
    ROWS.append(
        Row(
            f"{fault.__doc__} {fault.__name__.replace('_', ' ')}",
            PEOPLE, refused, recovery, load.slowest, len(lost), len(doubled), load.again(),
        )
    )  # fmt: skip
    assert finished, house.tail()
    assert lost == []
    assert doubled == []
    assert house.count("SELECT count(*) FROM core_job WHERE state = 'dead'") == 0
    assert recovery < RECOVERY_SECONDS
    if not may_refuse:
        assert not load.refused
        assert load.slowest < REQUEST_SECONDS


def _done(house: House) -> bool:
    try:
        return house.ready() and house.count(UNFINISHED) == 0
    except Exception:  # noqa: BLE001 - the database is on its way back
        return False
