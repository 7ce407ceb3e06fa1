"""Start the processes of one machine: web, relay, scheduler, worker."""

import socket
from argparse import ArgumentParser

from django.core.management import call_command

from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from apps.core.types import OptionValue
from project.supervisor import Supervisor, listening, one_machine


def listen_or_refuse(host: str, port: int) -> socket.socket:
    """Return a listening socket; raise Refused if the port is in use."""
    try:
        return listening(host, port)
    except OSError as error:
        raise Refused(f"Port {port} on {host} is in use. Set PORT to another one.") from error


class Command(VotekinCommand):
    """Stops at Ctrl-C; each process has 20 seconds to finish its current task."""

    help = "Run web, relay, scheduler and worker on this machine until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the address and the number of web workers."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--web-workers", type=int, default=2)

    def run(self, **options: OptionValue) -> None:
        """Migrate, collect static files, then run the processes."""
        listener = listen_or_refuse(options["host"], options["port"])
        call_command("migrate", verbosity=0, interactive=False)
        call_command("collectstatic", verbosity=0, interactive=False)
        Supervisor(one_machine(listener, web_workers=options["web_workers"])).run()
