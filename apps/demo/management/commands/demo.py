"""`demo`: run the demo on this machine with a synthetic state; `make demo` calls it."""

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

from django.conf import settings
from django.core.management import call_command

from apps.core.commands import VotekinCommand
from apps.core.errors import Refused
from apps.core.types import OptionValue
from apps.demo.setup import Demo
from project.management.commands.up import listen_or_refuse
from project.supervisor import Child, Supervisor, one_machine

READY_SECONDS = 60


class Command(VotekinCommand):
    """Prepares what is missing, starts all processes, prints URL and sign-ins, runs until Ctrl-C."""

    help = "Run the demo on this machine. Needs DEMO=1, which binds it to loopback."
    requires_database = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add host and port."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def run(self, **options: OptionValue) -> None:
        """Prepare the demo and run its processes."""
        if not settings.DEMO:
            raise Refused("The demo needs DEMO=1; `make demo` sets it.")
        if options["host"] not in {"127.0.0.1", "localhost", "::1"}:
            raise Refused("The demo shows its email and skips the second factor: it runs on 127.0.0.1 only.")
        listener = listen_or_refuse(options["host"], options["port"])
        self.say("Preparing the demo. Every person and place in it is fictional.")
        # The terminal shows warnings and errors only.
        os.environ.setdefault("LOG_LEVEL", "WARNING")
        logging.getLogger().setLevel(os.environ["LOG_LEVEL"])
        accounts = Demo(self.say).prepare()
        call_command("collectstatic", verbosity=0, interactive=False)
        address = f"{options['host']}:{options['port']}"
        os.environ.setdefault("SITE_URL", f"http://{address}")
        provider = fake_provider(settings.DATA_DIR / "demo" / "contacts" / "google_new.csv")
        supervisor = Supervisor([*one_machine(listener, web_workers=2), provider])
        threading.Thread(target=self._greet, args=(address, accounts), daemon=True).start()
        supervisor.run()
        self.say("Stopped. Nothing is lost; `make demo` continues from here.")

    def say(self, text: str) -> None:
        """Print a line and flush it."""
        self.stdout.write(text)
        self.stdout.flush()

    def _greet(self, address: str, accounts: list[tuple[str, str, str]]) -> None:
        if not wait_until(lambda: is_ready(address), READY_SECONDS):
            self.say("Not every process started within a minute; the lines above say why.")
            return
        lines = [f"    {role:<8} {email:<22} {password}" for email, role, password in accounts]
        site = os.environ["SITE_URL"]  # nginx on the real servers, else the web server itself
        self.say(
            f"\n  Votekin is at {site}/\n\n  Sign in at {site}/account/login/\n"
            + "\n".join(lines)
            + "\n\n  As the member, find the registration of "
            + first_person(settings.DATA_DIR / "demo" / "demo")
            + f"\n  Email that the demo sends: {site}/demo/inbox/"
            + f"\n  Contact files to import: {settings.DATA_DIR / 'demo' / 'contacts'}"
            + "\n  Ctrl-C stops it.\n"
        )


def fake_provider(contacts: Path) -> Child:
    """Return the process that stands in for Google and Microsoft contacts, and set its URL in the environment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    keys = [f"{name}_CLIENT_{part}" for name in ("GOOGLE", "MICROSOFT") for part in ("ID", "SECRET")]
    os.environ.update(dict.fromkeys(keys, "made-up"), CONTACT_PROVIDERS_URL=f"http://127.0.0.1:{port}")
    manage = [sys.executable, str(settings.ROOT / "manage.py")]
    return Child("provider", [*manage, "fake_provider", str(contacts), "--port", port])


def first_person(folder: Path) -> str:
    """Return the details of the voter whom the demo's member can find."""
    with (folder / "people.csv").open(encoding="utf-8") as handle:
        voter = next(csv.DictReader(handle))
    born = date.fromisoformat(voter["dob"])
    return (
        f"{voter['first_name']} {voter['last_name']}, born {born:%B} {born.day}, {born.year}, "
        f"{voter['address']}, {voter['city']} {voter['zip']}"
    )


def is_ready(address: str) -> bool:
    """Return whether web, worker, relay and scheduler are all running."""
    try:
        with urllib.request.urlopen(f"http://{address}/readyz", timeout=3) as response:
            state = json.load(response)
    except (urllib.error.URLError, OSError, ValueError):
        return False
    return all(state[name] for name in ("migrated", "worker", "relay", "scheduler"))


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Return True as soon as the condition holds, or False after `seconds`."""
    pause = threading.Event()
    for _ in range(int(seconds / 0.5)):
        if condition():
            return True
        pause.wait(0.5)
    return False
