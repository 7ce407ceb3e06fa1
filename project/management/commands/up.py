"""Start the processes of one machine: web, relay, scheduler, worker."""

import socket
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command

from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from project.supervisor import Supervisor, listening, one_machine


def listen_or_refuse(host: str, port: int) -> socket.socket:
    """Listen, or say in one line that somebody else does, before anything is started."""
    try:
        return listening(host, port)
    except OSError as error:
        raise Refused(f"Port {port} on {host} is taken. Set PORT to another one.") from error


class Command(VotekinCommand):
    """Ends at Ctrl-C: each process finishes the act at hand, for at most 20 seconds."""

    help = "Run web, relay, scheduler and worker on this machine until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--web-workers", type=int, default=2)

    def run(self, **options: Any) -> None:
        """Prepare what every start needs, then supervise."""
        held = listen_or_refuse(options["host"], options["port"])
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        Supervisor(one_machine(held, web_workers=options["web_workers"])).run()
