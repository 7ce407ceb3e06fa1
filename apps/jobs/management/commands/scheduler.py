"""Run the scheduler until SIGTERM or SIGINT."""

import signal
import threading

from apps.core.commands import VotekinCommand
from apps.core.types import OptionValue
from apps.jobs import schedule


class Command(VotekinCommand):
    """Finishes the current task before it stops."""

    help = "Run the scheduler, which runs periodic tasks. One is enough; two do no harm."

    def run(self, **_options: OptionValue) -> None:
        """Run periodic tasks until a signal arrives."""
        stopped = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stopped.set())
        schedule.run(stopped)
