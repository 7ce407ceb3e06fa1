"""Start the processes of one machine: web, relay, scheduler, worker."""

import socket
from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command

from apps.core.commands import HouseCommand
from apps.core.errors import Refused
from project.supervisor import Supervisor, one_machine


def refuse_taken_port(host: str, port: int) -> None:
    """Say in one line that somebody else listens there, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Refused(f"Port {port} on {host} is taken. Set PORT to another one.") from error


class Command(HouseCommand):
    """Ends at Ctrl-C: each process finishes the act at hand, for at most 20 seconds."""

    help = "Run web, relay, scheduler and worker on this machine until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--web-workers", type=int, default=2)

    def run(self, **options: Any) -> None:
        """Prepare what every start needs, then supervise."""
        refuse_taken_port(options["host"], options["port"])
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        address = f"{options['host']}:{options['port']}"
        Supervisor(one_machine(address, web_workers=options["web_workers"])).run()
