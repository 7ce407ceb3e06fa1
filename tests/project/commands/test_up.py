"""`up`: refuses a port that is in use before it starts anything."""

import socket

import pytest
from django.core.management import CommandError, call_command

from project.management.commands import up


@pytest.mark.django_db
def test_a_port_in_use_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(up, "Supervisor", started.append)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"Port {port} on 127.0.0.1 is in use") as error:
            call_command("up", "--port", str(port))
    assert error.value.returncode == 1
    assert not started


@pytest.mark.django_db
def test_it_runs_web_relay_scheduler_and_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    class Recorder:
        def __init__(self, children: list[object]) -> None:
            ran.extend(child.name for child in children)  # type: ignore[attr-defined]

        def run(self) -> None:
            ran.append("run")

    monkeypatch.setattr(up, "Supervisor", Recorder)
    monkeypatch.setattr(up, "call_command", lambda name, **_options: ran.append(name))
    with socket.socket() as listener:
        monkeypatch.setattr(up, "listen_or_refuse", lambda _host, _port: listener)
        call_command("up")
    assert ran == ["migrate", "collectstatic", "web", "relay", "scheduler", "worker", "run"]
