"""Redis with an access control list, and memcached: neither stores anything that cannot be rebuilt."""

from pathlib import Path

from .server import Server

# The application's user may change its own keys and never the server itself.
ACCESS = "user default off\nuser votekin on >{password} ~votekin:* resetchannels +@all -@admin -@dangerous +info\n"


class Redis(Server):
    """Redis for id sets. Nothing is written to disk."""

    name = "redis"
    version = "7.0"
    port_offset = 6
    packages = ("redis-server",)

    def prepare(self) -> None:
        """Write the access control list."""
        path = self.folder / "users.acl"
        path.touch(mode=0o600)
        path.write_text(ACCESS.format(password=self.place.secret("redis")))
        self.place.own(path)

    def command(self) -> list[str | Path]:
        """Return the command. When memory is full, Redis evicts the least recently used sets."""
        words = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self.folder),
            "aclfile": str(self.folder / "users.acl"),
            "save": "",
            "appendonly": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "allkeys-lru",
            "set-max-intset-entries": "4096",
            "daemonize": "no",
        }
        return ["/usr/bin/redis-server", *(part for name, value in words.items() for part in (f"--{name}", value))]

    def variables(self) -> dict[str, str]:
        """Return the address of the id sets."""
        return {"ID_SETS_URL": f"redis://votekin:{self.place.secret('redis')}@127.0.0.1:{self.port}/0"}


class Memcached(Server):
    """Memcached for the page cache."""

    name = "memcached"
    version = "1.6"
    port_offset = 7
    packages = ("memcached",)

    def command(self) -> list[str | Path]:
        """Return the command; UDP is off by default."""
        return ["/usr/bin/memcached", "-l", "127.0.0.1", "-p", str(self.port), "-m", "128", "-c", "1024"]

    def variables(self) -> dict[str, str]:
        """Return the address of the page cache."""
        return {"CACHE_URL": f"memcached://127.0.0.1:{self.port}"}
