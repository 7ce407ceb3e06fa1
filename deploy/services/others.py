"""A MongoDB-protocol server, a Sentry-protocol server and an email sink. None of them is part of Votekin."""

import json
import sys
from pathlib import Path

from .packages import go, made_once, uv
from .postgres import Postgres
from .processes import run
from .server import Server

HERE = Path(__file__).resolve().parent


class Mongo(Server):
    """FerretDB 1 on the same PostgreSQL, because MongoDB is not in any registry. Never measure speed on it."""

    name = "mongo"
    version = "ferretdb-1.24.2"
    port_offset = 13
    packages = ("golang-go",)
    needs = ("postgres",)

    @property
    def binary(self) -> Path:
        """Return where this version is built."""
        return self.place.cache / self.version / "server"

    def install(self) -> None:
        """Build it once: about two minutes."""
        with made_once(self.binary.parent) as draft:
            if draft is not None:
                tool, env = go()
                run([tool, "build", "-o", draft / "server", "."], cwd=HERE / "mongo", env=env)

    def prepare(self) -> None:
        """Create the database that stores the documents."""
        postgres = Postgres(self.place)
        if not postgres.sql("SELECT 1 FROM pg_database WHERE datname = 'mongo'").strip():
            postgres.sql("CREATE DATABASE mongo OWNER votekin_owner")

    def command(self) -> list[str | Path]:
        """Return the command."""
        return [self.binary, "-listen", f"127.0.0.1:{self.port}", "-folder", self.folder]

    def environment(self) -> dict[str, str]:
        """Return the database's address: it contains a password, so it is not an argument."""
        return {"POSTGRESQL_URL": Postgres(self.place).url("owner", database="mongo")}

    def variables(self) -> dict[str, str]:
        """Return the address of the activity documents."""
        return {"ACTIVITY_URL": f"mongodb://127.0.0.1:{self.port}/votekin"}


class Bugsink(Server):
    """Accepts errors like Sentry and lets tests read them. Its license allows it only as a test tool."""

    name = "bugsink"
    version = "2.6.2"
    port_offset = 14
    packages = ()
    as_service_user = False

    @property
    def venv(self) -> Path:
        """Return the environment of this version."""
        return self.place.cache / f"bugsink-{self.version}"

    @property
    def notes(self) -> Path:
        """Return the file of its address and token."""
        return self.folder / "made.json"

    def install(self) -> None:
        """Create its environment once. Its pin of certifi is years older than the system's."""
        with made_once(self.venv) as draft:
            if draft is None:
                return
            override = draft / "override.txt"
            override.write_text("certifi>=2026.10.18\n")
            run([uv(), "venv", "-q", "--python", sys.executable, "--relocatable", draft / "env"])
            python: list[str | Path] = ["--python", draft / "env", "--override", override, "--system-certs"]
            run([uv(), "pip", "install", "-q", *python, f"bugsink=={self.version}"])

    def environment(self) -> dict[str, str]:
        """Return what conf.py reads."""
        return {
            "FOLDER": str(self.folder),
            "PORT": str(self.port),
            "SECRET_KEY": self.place.secret("bugsink") * 3,
            "DJANGO_SETTINGS_MODULE": "conf",
            "PYTHONPATH": str(HERE / "errors"),
        }

    def prepare(self) -> None:
        """Create its tables, a project and a token at the first start."""
        for name in ("ingestion", "wakeup"):
            (self.folder / name).mkdir(exist_ok=True, mode=0o700)
        if not self.notes.exists():
            made = run([self.venv / "env/bin/python", HERE / "errors" / "first_start.py"], env=self.environment())
            self.notes.touch(mode=0o600)
            self.notes.write_text(made.strip().splitlines()[-1])

    def command(self) -> list[str | Path]:
        """Return the command."""
        web = ["-m", "gunicorn", "bugsink.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "4"]
        return [self.venv / "env/bin/python", *web, "--no-control-socket"]

    def variables(self) -> dict[str, str]:
        """Return the address for events, and the one to read them back."""
        made = json.loads(self.notes.read_text())
        return {
            "SENTRY_DSN": made["dsn"],
            "ERRORS_URL": f"http://127.0.0.1:{self.port}",
            "ERRORS_TOKEN": made["token"],
            "ERRORS_PROJECT": str(made["project"]),
        }


class MailSink(Server):
    """Stores every email as a file."""

    name = "mail"
    version = "aiosmtpd"
    port_offset = 15
    as_service_user = False

    def command(self) -> list[str | Path]:
        """Return the command."""
        return [sys.executable, HERE / "smtp_sink.py", str(self.port), self.folder / "kept"]

    def variables(self) -> dict[str, str]:
        """Return the SMTP address, and the folder of the stored emails."""
        return {"EMAIL_URL": f"smtp://127.0.0.1:{self.port}", "MAIL_KEPT": str(self.folder / "kept")}
