"""Slow clients, and the restarts of what stands between them and the house."""

import os
import signal
import socket

import pytest

from deploy.services.nginx import Nginx
from tests.demo_server import until
from tests.faults.fault_actions import WEB_SECONDS
from tests.faults.fault_run import held_for, ride
from tests.faults.installation import House
from tests.faults.servers import made, pid

pytestmark = [pytest.mark.faults, pytest.mark.services]
SLOW = 200
HEAD = b"POST /account/signup/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"


@pytest.mark.quick_fault
def test_f29_slow_clients_take_no_thread(house: House) -> None:
    host, port = house.url.removeprefix("http://").split(":")
    slow: list[socket.socket] = []
    times: list[float] = []

    def crawl(_house: House) -> None:
        for number in range(SLOW):
            one = socket.create_connection((host, int(port)), 5)
            one.sendall(HEAD if number % 2 else HEAD + b"\r\nemail=")
            slow.append(one)
        for _ in range(40):
            status, seconds, _text = house.ask("/account/login/")
            assert status == 200
            times.append(seconds)

    ride(house, "F29 two hundred slow clients", crawl)
    assert sorted(times)[int(len(times) * 0.95)] < 1
    assert until(lambda: all(closed(one) for one in slow), 30), "slow clients are kept for ever"
    for one in slow:
        one.close()


def closed(one: socket.socket) -> bool:
    """Return whether the other side has hung up."""
    one.setblocking(False)
    try:
        while one.recv(4096):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def test_nginx_is_reloaded_without_a_refusal(house: House) -> None:
    def reload(_house: House) -> None:
        for _ in range(3):
            os.kill(pid(made(Nginx)), signal.SIGHUP)
            held_for(1)

    ride(house, "nginx reloaded three times", reload)


def test_every_process_restarts_without_a_refusal(house: House) -> None:
    """A release: web, worker, relay and scheduler, one after the other, each a full stop and start."""

    def restart(_: House) -> None:
        for kind in ("web", "worker", "relay", "scheduler"):
            before = house.pids(kind)
            house.signal(kind, signal.SIGTERM)
            assert until(lambda: bool(house.pids(kind)) and house.pids(kind) != before, 40), kind  # noqa: B023

    ride(house, "web, worker, relay, scheduler restarted", restart, people=200, slowest=WEB_SECONDS)
