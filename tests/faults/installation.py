"""Run an installation on all real servers, behind nginx, with its processes under their supervisor."""

import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from django.conf import settings

from settings.env import read_file
from tests.demo_server import RealServers, until
from tests.faults.servers import repair_servers

UNFINISHED = "SELECT count(*) FROM jobs_job WHERE state IN ('waiting', 'running') AND task NOT LIKE '%.canary'"
WORD = {"worker": b"celery", "relay": b"relay", "scheduler": b"scheduler", "web": b"gunicorn"}
LET_GO = "UPDATE jobs_job SET state = 'dead' WHERE state IN ('waiting', 'running') AND task NOT LIKE '%.canary'"
REPAIR_SECONDS = 90
SEAMS = ("VOTER_SEARCH_URL", "SITE_SEARCH_URL", "ACTIVITY_URL", "SENTRY_DSN")


class Installation:
    """The demo's installation: a generated state with its roll, in its own database."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "var"
        self.real = RealServers()
        servers = read_file(os.environ["TEST_SERVERS"])
        self.url, self.behind = servers["NGINX_URL"], servers["NGINX_WEB"]
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {
            "DATA_DIR": str(self.data),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "LOG_LEVEL": "WARNING",
            "MAIL_FROM": "Votekin <hello@example.org>",
            "SITE_URL": self.url,
            "PROXY_COUNT": "1",
            "DEMO": "1",
        }
        seams = {name: servers[name] for name in SEAMS if name in servers}
        self.env = {**keep, **self.real.env, **seams, **own}
        self.log = (folder / "log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, **env: str) -> None:
        """Start everything, with additional variables if given, and wait until it is ready to serve."""
        self.env |= env
        command = [sys.executable, "manage.py", "demo", "--port", self.behind.rpartition(":")[2]]
        self.process = subprocess.Popen(command, cwd=settings.ROOT, env=self.env, stdout=self.log, stderr=self.log)
        assert until(self.ready, 240), self.tail()

    def ready(self) -> bool:
        """Return whether all four kinds of processes send heartbeats."""
        from apps.demo.management.commands.demo import is_ready

        return is_ready(self.behind)

    def repair(self) -> None:
        """Return to the state in which each fault begins, whatever an earlier one left: all runs, and no job waits."""
        repair_servers()
        for leftover in self.data.glob("die-after-*"):
            leftover.unlink()
        for kind in WORD:
            self.signal(kind, signal.SIGCONT)
            self.signal(kind, signal.SIGCONT, children=True)
        if self.process and self.process.poll() is not None:
            self.start()
        if until(self.idle, REPAIR_SECONDS):
            return
        self.end()
        self.real.execute(LET_GO)
        self.start()
        assert until(self.idle, REPAIR_SECONDS), self.tail()

    def end(self) -> None:
        """Stop it as Ctrl-C does."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def stop(self) -> None:
        """Stop it, and drop the database."""
        self.end()
        self.log.close()
        self.real.close()

    def tail(self) -> str:
        """Return the end of the processes' output."""
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    def run(self, *words: str, **env: str) -> "subprocess.Popen[bytes]":
        """Start one more process of this installation, with Python's arguments."""
        command = [sys.executable, *words]
        return subprocess.Popen(command, cwd=settings.ROOT, env={**self.env, **env}, stdout=self.log, stderr=self.log)

    def do(self, code: str, *arguments: str) -> str:
        """Run a few lines inside the installation; return their output."""
        command = [sys.executable, "-c", f"import sys, django; django.setup()\n{code}", *arguments]
        done = subprocess.run(
            command, cwd=settings.ROOT, env=self.env, stdout=subprocess.PIPE, stderr=self.log, timeout=120, check=False
        )
        assert done.returncode == 0, self.tail()
        return done.stdout.decode().strip()

    def sign_in(self, role: str) -> tuple[str, str]:
        """Return email address and password of one of the demo's people."""
        found = re.findall(rf"^ {{4}}{role} +(\S+@\S+) +(\S+)$", (self.folder / "log").read_text(), re.MULTILINE)
        mail, password = found[-1]
        return mail, password

    def pids(self, kind: str, *, children: bool = False) -> list[int]:
        """Return the main processes of a kind, or their children."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().split(b"\0")
                ours = f"DATA_DIR={self.data}\0".encode() in (folder / "environ").read_bytes()
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if ours and WORD[kind] in words:
                found[int(folder.name)] = parent
        return [pid for pid, parent in found.items() if (parent in found) == children]

    def signal(self, kind: str, what: signal.Signals, *, children: bool = False) -> int:
        """Send a signal to all processes of a kind; return how many there were."""
        pids = self.pids(kind, children=children)
        for pid in pids:
            os.kill(pid, what)
        return len(pids)

    def count(self, sql: str) -> int:
        """Return one number from the database."""
        return self.real.count(sql)

    def idle(self) -> bool:
        """Return whether everything runs and all jobs have ended."""
        try:
            return self.ready() and self.count(UNFINISHED) == 0
        except Exception:  # noqa: BLE001 - the database is on its way back
            return False

    def ask(self, path: str, *, seconds: float = 30) -> tuple[int, float, str]:
        """Return status, seconds and text of a page, as an anonymous visitor gets it."""
        began = time.monotonic()
        try:
            with urllib.request.urlopen(self.url + path, timeout=seconds) as answer:
                status, text = answer.status, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read().decode(errors="replace")
        except (TimeoutError, urllib.error.URLError, OSError):
            status, text = 0, ""
        return status, time.monotonic() - began, text
