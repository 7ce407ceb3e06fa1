"""Run the real demo of one machine: its processes, in a scratch folder, with its own port and DATA_DIR."""

import fcntl
import os
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg2
from django.conf import settings
from kombu import Connection

from project.celery import queues
from settings.env import read_file

PREPARE = """
import django; django.setup()
from apps.demo.setup import Demo
Demo(lambda _line: None).prepare()
"""
SIGN_IN = re.compile(r"^ {4}(\w+) +(\S+@\S+) +(\S+)$")


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Check fifty times a second; return whether the condition became true in time."""
    pause = threading.Event()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        pause.wait(0.02)
    return False


class RealServers:
    """An installation's share of the real servers: its own database, empty queues, and the shared caches."""

    def __init__(self) -> None:
        servers = read_file(os.environ["TEST_SERVERS"])
        self.name = f"votekin_test_{secrets.token_hex(4)}"
        self._servers = servers["DATABASE_OWNER_URL"]
        self._owner = self._servers.rpartition("/")[0] + f"/{self.name}"
        self._execute(self._servers, f"CREATE DATABASE {self.name}")
        self._execute(
            self._owner,
            "ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO votekin_app",
            "ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO votekin_app",
        )
        self.env = {name: servers[name] for name in ("BROKER_URL", "CACHE_URL", "ID_SETS_URL")}
        self.env["DATABASE_URL"] = servers["DATABASE_URL"].rpartition("/")[0] + f"/{self.name}"
        self.env["DATABASE_OWNER_URL"] = self._owner
        self.empty_queues()

    def empty_queues(self) -> None:
        """Drop the messages of earlier installations."""
        with Connection(self.env["BROKER_URL"]) as broker:
            for queue in queues(settings.QUEUES, real=True):
                bound = queue(broker.default_channel)
                bound.declare()
                bound.purge()

    def count(self, sql: str) -> int:
        """Return one number."""
        with closing(psycopg2.connect(self._owner)) as database, database.cursor() as cursor:
            cursor.execute(sql)
            return int(cursor.fetchone()[0])

    def execute(self, *statements: str) -> None:
        """Run statements as the owner of the tables."""
        self._execute(self._owner, *statements)

    def close(self) -> None:
        """Drop the database, even with open connections."""
        self._execute(self._servers, f"DROP DATABASE {self.name} WITH (FORCE)")

    @staticmethod
    def _execute(url: str, *statements: str) -> None:
        with closing(psycopg2.connect(url)) as database, database.cursor() as cursor:
            database.autocommit = True
            for statement in statements:
                cursor.execute(statement)


class Machine:
    """A scratch installation of the demo."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "var"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        dropped = ("DJANGO", "VOTEKIN", "CACHE_URL")
        keep = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
        self.env = {**keep, "DATA_DIR": str(self.data), "DJANGO_SETTINGS_MODULE": "settings.dev", "DEMO": "1"}
        self.real = RealServers() if os.environ.get("TEST_SERVERS") else None
        if self.real:
            self.env |= self.real.env
        self.log = folder / "errors.log"
        self._errors = self.log.open("a")
        self._started: list[subprocess.Popen[str]] = []
        self.sign_ins: dict[str, tuple[str, str]] = {}

    def start(self, *command: str) -> "subprocess.Popen[str]":
        """Start a management command."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=settings.ROOT,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
        )
        self._started.append(process)
        return process

    def run(self, *command: str) -> str:
        """Run a command to its end; return its last line."""
        process = self.start(*command)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, (command, out, self.tail())
        return out.strip().splitlines()[-1] if out.strip() else ""

    def prepare(self) -> "Machine":
        """Copy what a demo's first start generates, generated once for all tests; with real servers each generates
        its own.
        """
        if self.real:
            self._make(self.data)
        elif not self.data.exists():
            shutil.copytree(self._made(), self.data)
        return self

    def _made(self) -> Path:
        """Return the DATA_DIR of a demo that was never started; the first process generates it, the others wait."""
        made = Path(os.environ["VOTEKIN_TEST_DIR"]) / "demo"
        with made.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                draft = made.with_suffix(".part")
                self._make(draft)
                draft.rename(made)
        return made

    def _make(self, folder: Path) -> None:
        env = {**self.env, "DATA_DIR": str(folder)}
        subprocess.run([sys.executable, "-c", PREPARE], cwd=settings.ROOT, env=env, stderr=self._errors, check=True)

    def demo(self) -> "subprocess.Popen[str]":
        """Start the demo and wait for its greeting; record the sign-ins that it prints."""
        process = self.start("demo", "--port", str(self.port))
        assert process.stdout
        for line in process.stdout:
            if found := SIGN_IN.match(line.rstrip()):
                self.sign_ins[found[1]] = (found[2], found[3])
            if "Ctrl-C stops it" in line:
                return process
        raise AssertionError(f"the demo ended before it was ready: {self.tail()}")

    def stop(self, process: "subprocess.Popen[str]", how: signal.Signals = signal.SIGINT) -> int:
        """Stop the demo as Ctrl-C does; return its exit status."""
        process.send_signal(how)
        return process.wait(timeout=60)

    def close(self) -> None:
        """Stop all remaining processes."""
        for process in self._started:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=60)
            if process.stdout:
                process.stdout.close()
        self._errors.close()
        if self.real:
            self.real.close()

    def tail(self) -> str:
        """Return the end of the processes' output."""
        return self.log.read_text()[-3000:]

    def count(self, sql: str) -> int:
        """Return one number from the database, as any other process would read it."""
        if self.real:
            return self.real.count(sql)
        with sqlite3.connect(f"file:{self.data}/db.sqlite3?mode=ro", uri=True, timeout=10) as database:
            return int(database.execute(sql).fetchone()[0])

    def workers(self) -> list[int]:
        """Return the worker's main process: the celery process that no other celery process started."""
        found: dict[int, int] = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().split(b"\0")
                environ = (folder / "environ").read_bytes()
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if b"celery" in command and f"DATA_DIR={self.data}".encode() in environ:
                found[int(folder.name)] = parent
        return [pid for pid, parent in found.items() if parent not in found]
