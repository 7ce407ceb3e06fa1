"""The demo: everything on this machine, with a made-up state. Started by `make demo`."""

import csv
import json
import logging
import os
import socket
import sys
import threading
import urllib.error
import urllib.request
from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from apps.demo.setup import Demo
from project.management.commands.up import listen_or_refuse
from project.supervisor import Child, Supervisor, one_machine

READY_SECONDS = 60


class Command(VotekinCommand):
    """Prepares what is missing, starts all, prints the address and the sign-ins, runs until Ctrl-C."""

    help = "Run the demo on this machine. Needs DEMO=1, which binds it to loopback."
    requires_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the address."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def run(self, **options: Any) -> None:
        """Prepare and start."""
        if not settings.DEMO:
            raise Refused("The demo needs DEMO=1; `make demo` sets it.")
        if options["host"] not in {"127.0.0.1", "localhost", "::1"}:
            raise Refused("The demo shows its mail and waives the second factor: it runs on 127.0.0.1 only.")
        held = listen_or_refuse(options["host"], options["port"])
        self.say("Preparing the demo. Every person and place in it is made up.")
        # Whoever tries the demo reads its terminal: trouble is told there, work and requests are not.
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        logging.getLogger().setLevel(os.environ["LOG_LEVEL"])
        people = Demo(self.say).prepare()
        call_command("collectstatic", verbosity=0, interactive=False)
        address = f"{options['host']}:{options['port']}"
        os.environ.setdefault("SITE_URL", f"http://{address}")
        stand_in = made_up_provider(settings.DATA_DIR / "demo" / "contacts" / "google_new.csv")
        supervisor = Supervisor([*one_machine(held, web_workers=2), stand_in])
        threading.Thread(target=self._greet, args=(address, people), daemon=True).start()
        supervisor.run()
        self.say("Stopped. Nothing is lost; `make demo` goes on where this ended.")

    def say(self, text: str) -> None:
        """Print a line at once."""
        self.stdout.write(text)
        self.stdout.flush()

    def _greet(self, address: str, people: list[tuple[str, str, str]]) -> None:
        if not wait_until(lambda: is_ready(address), READY_SECONDS):
            self.say("Not every process came up within a minute; the lines above say why.")
            return
        lines = [f"    {role:<8} {mail:<22} {password}" for mail, role, password in people]
        self.say(
            f"\n  Votekin is at http://{address}/\n\n  Sign in at http://{address}/account/login/\n"
            + "\n".join(lines)
            + "\n\n  As the member, find the registration of "
            + first_person(settings.DATA_DIR / "demo" / "demo")
            + f"\n  Mail the demo sends: http://{address}/demo/inbox/"
            + f"\n  Contact files to bring in: {settings.DATA_DIR / 'demo' / 'contacts'}"
            + "\n  Ctrl-C stops it.\n"
        )


def made_up_provider(book: Path) -> Child:
    """Return the stand-in for Google and Microsoft contacts, and point the children at it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    keys = [f"{name}_CLIENT_{part}" for name in ("GOOGLE", "MICROSOFT") for part in ("ID", "SECRET")]
    os.environ.update(dict.fromkeys(keys, "made-up"), CONTACT_PROVIDERS_URL=f"http://127.0.0.1:{port}")
    manage = [sys.executable, str(settings.ROOT / "manage.py")]
    return Child("provider", [*manage, "fake_provider", str(book), "--port", port])


def first_person(folder: Path) -> str:
    """Return what the demo's member types to be found."""
    with (folder / "people.csv").open(encoding="utf-8") as handle:
        who = next(csv.DictReader(handle))
    born = date.fromisoformat(who["dob"])
    return (
        f"{who['first_name']} {who['last_name']}, born {born:%B} {born.day}, {born.year}, "
        f"{who['address']}, {who['city']} {who['zip']}"
    )


def is_ready(address: str) -> bool:
    """Return whether web, worker, relay and scheduler all give signs of life."""
    try:
        with urllib.request.urlopen(f"http://{address}/readyz", timeout=3) as answer:
            facts = json.load(answer)
    except (urllib.error.URLError, OSError, ValueError):
        return False
    return all(facts[name] for name in ("migrated", "worker", "relay", "scheduler"))


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return True as soon as the condition holds, False after `seconds`."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.5)):
        if condition():
            return True
        pause.wait(0.5)
    return False
