"""Define what every server has: packages, an installation by version, its own folder and port, a readiness check."""

import os
import signal
from pathlib import Path
from typing import ClassVar

from . import processes
from .place import Place, ServiceError

FREE_SECONDS = 5


class Server:
    """One server. Subclasses define its packages, its command and its readiness check."""

    name = ""
    version = ""
    port_offset = 0
    packages: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    stops_with = signal.SIGTERM
    as_service_user = True
    ready_seconds = 60.0
    kinds: ClassVar[dict[str, type["Server"]]] = {}

    def __init_subclass__(cls) -> None:
        """Register the class by its name, so that others can name it in `needs`."""
        Server.kinds[cls.name] = cls

    def __init__(self, place: Place) -> None:
        self.place = place
        self.port = place.first_port + self.port_offset
        self.pid_file = place.root / f"{self.name}.pid"
        self.log = place.root / f"{self.name}.log"

    @property
    def folder(self) -> Path:
        """Return the folder of its data."""
        return self.place.folder(self.name, mine=not self.as_service_user)

    def install(self) -> None:
        """Fetch and build what no Debian package contains, into the cache."""

    def prepare(self) -> None:
        """Write its configuration; create its data at the first start."""

    def command(self) -> list[str | Path]:
        """Return the command that runs it in the foreground."""
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        """Return its environment variables."""
        return {}

    def is_ready(self) -> bool:
        """Return whether it responds."""
        return processes.answers(self.port)

    def after_start(self) -> None:
        """Create users, databases and the like in the running server; idempotent."""

    def variables(self) -> dict[str, str]:
        """Return the variables with which Votekin connects to it."""
        return {}

    def start(self) -> bool:
        """Start it unless it runs; return whether it had to be started."""
        if processes.running(self.pid_file):
            return False
        # A server killed a moment ago may still occupy its port.
        if not processes.wait(lambda: not processes.answers(self.port), FREE_SECONDS):
            raise ServiceError(f"Port {self.port} is taken. Set SERVICES_PORT to the first of 20 free ports.")
        self.wait_for_needs()
        self.prepare()
        self.launch()
        self.after_start()
        return True

    def wait_for_needs(self) -> None:
        """Wait until the servers that this one needs respond; raise ServiceError if one does not."""
        for name in self.needs:
            needed = Server.kinds[name](self.place)
            if not processes.wait(needed.is_ready, needed.ready_seconds):
                raise ServiceError(f'{self.name} needs {name}, which does not respond: make services ONLY="{name}"')

    def launch(self) -> None:
        """Start the process and wait until it is ready."""
        processes.start(
            self.command(),
            pid_file=self.pid_file,
            log=self.log,
            env={"HOME": str(self.folder), "DATA_DIR": os.environ.get("DATA_DIR", ""), **self.environment()},
            as_service_user=self.as_service_user,
        )
        fine = processes.wait(lambda: not processes.running(self.pid_file) or self.is_ready(), self.ready_seconds)
        if not fine or not processes.running(self.pid_file):
            last = self.log.read_text(errors="replace").splitlines()[-8:]
            raise ServiceError(f"{self.name} did not come up; the end of {self.log}:\n    " + "\n    ".join(last))

    def stop(self) -> None:
        """Stop it."""
        processes.stop(self.pid_file, self.stops_with)
