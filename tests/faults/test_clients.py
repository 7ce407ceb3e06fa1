"""Slow clients, and restarts of the processes between them and the application."""

import os
import signal
import socket

import pytest

from deploy.services.nginx import Nginx
from tests.demo_server import until
from tests.faults.fault_actions import WEB_SECONDS
from tests.faults.fault_run import hold, run_fault
from tests.faults.installation import Installation
from tests.faults.servers import pid, server_of

pytestmark = [pytest.mark.faults, pytest.mark.services]
SLOW = 200
HEAD = b"POST /account/signup/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"


@pytest.mark.quick_fault
def test_f29_slow_clients_take_no_thread(installation: Installation) -> None:
    host, port = installation.url.removeprefix("http://").split(":")
    slow: list[socket.socket] = []
    times: list[float] = []

    def crawl(_house: Installation) -> None:
        for number in range(SLOW):
            one = socket.create_connection((host, int(port)), 5)
            one.sendall(HEAD if number % 2 else HEAD + b"\r\nemail=")
            slow.append(one)
        for _ in range(40):
            status, seconds, _text = installation.ask("/account/login/")
            assert status == 200
            times.append(seconds)

    run_fault(installation, "F29 two hundred slow clients", crawl)
    assert sorted(times)[int(len(times) * 0.95)] < 1
    assert until(lambda: all(closed(one) for one in slow), 30), "slow clients are kept for ever"
    for one in slow:
        one.close()


def closed(one: socket.socket) -> bool:
    """Return whether the other side has closed the connection."""
    one.setblocking(False)
    try:
        while one.recv(4096):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def test_nginx_is_reloaded_without_a_refusal(installation: Installation) -> None:
    def reload(_house: Installation) -> None:
        for _ in range(3):
            os.kill(pid(server_of(Nginx)), signal.SIGHUP)
            hold(1)

    run_fault(installation, "nginx reloaded three times", reload)


def test_every_process_restarts_without_a_refusal(installation: Installation) -> None:
    """A release restarts web, worker, relay and scheduler, one after the other, each with a full stop and start."""

    def restart(_: Installation) -> None:
        for kind in ("web", "worker", "relay", "scheduler"):
            before = installation.pids(kind)
            installation.signal(kind, signal.SIGTERM)
            assert until(lambda: bool(installation.pids(kind)) and installation.pids(kind) != before, 40), kind  # noqa: B023

    run_fault(installation, "web, worker, relay, scheduler restarted", restart, people=200, slowest=WEB_SECONDS)
