"""Run the scheduler until it is told to stop."""

import signal
import threading
from typing import Any

from apps.core.commands import VotekinCommand
from apps.jobs import schedule


class Command(VotekinCommand):
    """Ends at SIGTERM or SIGINT after the act at hand."""

    help = "Run the scheduler; one is enough, two do no harm."

    def run(self, **_options: Any) -> None:
        """Loop."""
        stopped = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stopped.set())
        schedule.run(stopped)
