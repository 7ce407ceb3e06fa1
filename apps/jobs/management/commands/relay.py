"""Run the relay until SIGTERM or SIGINT."""

import signal
import threading

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from apps.jobs import relay


class Command(VotekinCommand):
    """Finishes the current batch before it stops."""

    help = "Run the relay, which publishes jobs. One is enough; two do no harm."

    def run(self, **_options: OptionValue) -> None:
        """Publish until a signal arrives."""
        stopped = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stopped.set())
        relay.run(stopped)
