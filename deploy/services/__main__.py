"""Start, stop or show the real servers: python -m deploy.services start [--only "postgres redis"]."""

import argparse
import shlex
import sys
import time

from . import packages, processes
from .caches import Memcached, Redis
from .java import Elasticsearch, Solr
from .nginx import Nginx
from .others import Bugsink, MailSink, Mongo
from .place import Place, ServiceError, here
from .postgres import PgBouncer, Postgres
from .rabbitmq import PortMapper, RabbitMQ
from .server import Server

# In order of start; stops in reverse.
SERVERS: tuple[type[Server], ...] = (
    Postgres,
    PgBouncer,
    PortMapper,
    RabbitMQ,
    Redis,
    Memcached,
    Nginx,
    Elasticsearch,
    Solr,
    Mongo,
    Bugsink,
    MailSink,
)


def say(text: str) -> None:
    """Print a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def chosen(place: Place, only: str, *, with_needs: bool) -> list[Server]:
    """Return the chosen servers, or all; on request those they depend on."""
    known = {kind.name: kind for kind in SERVERS}
    wanted = set(only.replace(",", " ").split()) or set(known)
    if unknown := wanted - set(known):
        raise ServiceError(f"No server is called {', '.join(sorted(unknown))}. Known: {', '.join(known)}.")
    for kind in reversed(SERVERS):
        if kind.name in wanted and with_needs:
            wanted |= set(kind.needs)
    return [kind(place) for kind in SERVERS if kind.name in wanted]


def start(place: Place, servers: list[Server]) -> None:
    """Install what is missing, start what is not running, write the env file."""
    absent = packages.missing(sorted({name for server in servers for name in server.packages}))
    if "golang-go" in absent and packages.has_go():
        absent.remove("golang-go")
    if absent:
        say(f"Installing from Debian: {' '.join(absent)}")
        packages.install_debian(absent)
    for server in servers:
        began = time.monotonic()
        server.install()
        fresh = server.start()
        took = f"started in {time.monotonic() - began:.1f} s" if fresh else "runs"
        say(f"  {server.name:<14} {server.version:<16} {took}")
    write_env(place)


def write_env(place: Place, *, show: bool = True) -> None:
    """Write the addresses of all running servers, readable by the owner only."""
    lines = []
    for kind in SERVERS:
        server = kind(place)
        if processes.running(server.pid_file):
            lines += [f"{name}={shlex.quote(value)}" for name, value in server.variables().items()]
    target = place.root / "env"
    draft = place.root / ".env.part"
    draft.touch(mode=0o600)
    draft.write_text("\n".join(lines) + "\n")
    draft.replace(target)
    for line in lines if show else ():
        name, _, value = line.partition("=")
        secret = "@" in value or name.endswith("TOKEN")
        say(f"  {name}={'… @' + value.rpartition('@')[2] if secret and '@' in value else '…' if secret else value}")
    if show:
        say(f"Addresses, with passwords: {target}")


def stop(place: Place, servers: list[Server]) -> None:
    """Stop running servers in reverse order."""
    for server in reversed(servers):
        if processes.running(server.pid_file):
            server.stop()
            say(f"  {server.name} stopped")
    write_env(place, show=False)


def main() -> int:
    """Run the command line; return 2 for wrong arguments or if a server could not start."""
    parser = argparse.ArgumentParser(prog="python -m deploy.services", description=__doc__)
    parser.add_argument("action", choices=["start", "stop", "status"])
    parser.add_argument("--only", default="", help="names, with spaces between; default: all")
    asked = parser.parse_args()
    try:
        place = here()
        servers = chosen(place, asked.only, with_needs=asked.action == "start")
        if asked.action == "start":
            start(place, servers)
        elif asked.action == "stop":
            stop(place, servers)
        else:
            for server in servers:
                state = "runs" if processes.running(server.pid_file) else "does not run"
                say(f"  {server.name:<14} {state}")
    except ServiceError as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
