"""PostgreSQL with PostGIS, and PgBouncer in front of it in transaction mode."""

import signal
from pathlib import Path

from .place import CHECKOUT
from .processes import run
from .server import Server

BIN = Path("/usr/lib/postgresql/15/bin")
ROLES = CHECKOUT / "deploy" / "postgres" / "roles.sql"
DATABASE = "votekin"


class Postgres(Server):
    """A separate cluster; `postgres` connects by its socket only, the roles of roles.sql by password."""

    name = "postgres"
    version = "15"
    port_offset = 1
    packages = ("postgresql-15", "postgresql-15-postgis-3")
    stops_with = signal.SIGINT  # fast shutdown: disconnects clients and writes a checkpoint

    @property
    def data(self) -> Path:
        """Return the cluster's folder."""
        return self.folder / "data"

    def prepare(self) -> None:
        """Create the cluster once; write its settings at each start."""
        if not (self.data / "PG_VERSION").exists():
            how = ["-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
            run([BIN / "initdb", "-D", self.data, *how], as_service_user=True)
        hba = "local all postgres trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
        self.place.own(self.data / "pg_hba.conf").write_text(hba)

    def command(self) -> list[str | Path]:
        """Return the server's command, in the foreground."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "unix_socket_permissions": "0700",
            "max_connections": "120",
            "shared_buffers": "256MB",
            "max_wal_size": "2GB",
            "log_min_messages": "warning",
            "log_parameter_max_length_on_error": "0",  # keep values that people entered out of the log
            "log_min_error_statement": "panic",
        }
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return [BIN / "postgres", "-D", self.data, *words]

    def is_ready(self) -> bool:
        """Return whether the superuser can connect."""
        try:
            return self.sql("SELECT 1").strip() == "1"
        except Exception:  # noqa: BLE001 - not yet
            return False

    def sql(self, text: str, *, database: str = "postgres") -> str:
        """Run statements as the superuser, through the socket."""
        who: list[str | Path] = ["-h", self.folder, "-p", str(self.port), "-U", "postgres", "-d", database]
        strict = ["-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1"]
        return run([BIN / "psql", *who, *strict, "-f", "-"], stdin=text, as_service_user=True)

    def after_start(self) -> None:
        """Create the roles and databases; template1 gets the extensions, so that a test database also has them."""
        for extension in ("postgis", "pg_trgm"):
            self.sql(f"CREATE EXTENSION IF NOT EXISTS {extension}", database="template1")
        given = {"app_password": self.place.secret("app"), "owner_password": self.place.secret("owner")}
        words = [f"\\set {name} '{value}'" for name, value in {**given, "database": DATABASE}.items()]
        self.sql("\n".join([*words, ROLES.read_text()]))
        # For test databases: created and dropped at will.
        self.sql("ALTER ROLE votekin_owner CREATEDB; GRANT votekin_app TO votekin_owner")

    def url(self, role: str, database: str = DATABASE, port: int | None = None) -> str:
        """Return the address for a role: owner or app."""
        return f"postgres://votekin_{role}:{self.place.secret(role)}@127.0.0.1:{port or self.port}/{database}"

    def variables(self) -> dict[str, str]:
        """Return the direct address of the owner, for migrations and for the databases of tests."""
        return {"DATABASE_OWNER_URL": self.url("owner")}


class PgBouncer(Server):
    """Shares few server sessions among many clients, one transaction each."""

    name = "pgbouncer"
    version = "1.18"
    port_offset = 2
    packages = ("pgbouncer",)
    needs = ("postgres",)
    stops_with = signal.SIGINT

    def prepare(self) -> None:
        """Write its configuration and users."""
        users = self.place.own(self._written("users.txt", f'"votekin_app" "{self.place.secret("app")}"\n'))
        direct = Postgres(self.place)
        text = (CHECKOUT / "deploy" / "postgres" / "pgbouncer.ini").read_text()
        for name, value in {
            "@HOST@": "127.0.0.1",
            "@DATABASE_PORT@": str(direct.port),
            "@PORT@": str(self.port),
            "@LISTEN@": "127.0.0.1",
            "@USERS@": str(users),
        }.items():
            text = text.replace(name, value)
        # Tests create their own databases.
        text = text.replace("[pgbouncer]", f"* = host=127.0.0.1 port={direct.port}\n\n[pgbouncer]")
        self.place.own(self._written("pgbouncer.ini", text))

    def _written(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.touch(mode=0o600)
        path.write_text(text)
        return path

    def command(self) -> list[str | Path]:
        """Return the command."""
        return ["/usr/sbin/pgbouncer", self.folder / "pgbouncer.ini"]

    def variables(self) -> dict[str, str]:
        """Return the address that web and workers use."""
        return {"DATABASE_URL": Postgres(self.place).url("app", port=self.port)}
