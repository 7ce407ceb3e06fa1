"""A server of `make services` waits for those that it needs."""

import re
import socket
import sys
from pathlib import Path

import pytest

from deploy.services import processes
from deploy.services.place import Place, ServiceError
from deploy.services.server import Server

LISTEN = "import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return Place(tmp_path, tmp_path, probe.getsockname()[1])


class Needed(Server):
    name = "needed-by-a-test"
    as_service_user = False
    ready_seconds = 5

    def command(self) -> list[str | Path]:
        return [sys.executable, "-c", LISTEN.format(port=self.port)]


class Needing(Needed):
    name = "needing-of-a-test"
    port_offset = 1
    needs = (Needed.name,)


def test_it_starts_after_what_it_needs(place: Place) -> None:
    Needed(place).start()
    try:
        assert Needing(place).start()
        assert processes.answers(Needing(place).port)
    finally:
        Needing(place).stop()
        Needed(place).stop()


def test_what_is_missing_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Needed, "ready_seconds", 0.2)
    with pytest.raises(ServiceError, match=re.escape('make services ONLY="needed-by-a-test"')):
        Needing(place).start()
    assert not processes.running(Needing(place).pid_file)
