"""A house under load: its processes under their supervisor, its share of the real servers, and people who sign up."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from pathlib import Path

from django.conf import settings

from tests.machine import Real, until
from tests.visitor import Visitor

UNFINISHED = "SELECT count(*) FROM core_job WHERE state IN ('waiting', 'running') AND task NOT LIKE '%.canary'"
WORD = {
    "worker": b"celery",
    "relay": b"relay",
    "scheduler": b"scheduler",
    "web": b"gunicorn",
}


class House:
    """One installation on the real servers, started once and broken many times."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data = folder, folder / "var"
        self.real = Real()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"DATA_DIR": str(self.data), "DJANGO_SETTINGS_MODULE": "tests.faults.settings", "LOG_LEVEL": "WARNING"}
        self.env = {**keep, **self.real.env, **own, "MAIL_FROM": "Votekin <hello@example.org>"}
        self.log = (folder / "log").open("ab")
        self.process: subprocess.Popen[bytes] | None = None
        self._number = 0

    def start(self) -> None:
        """Start everything and wait until it is ready to serve."""
        command = [sys.executable, "manage.py", "up", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=settings.ROOT, env=self.env, stdout=self.log, stderr=self.log)
        assert until(self.ready, 90), self.tail()

    def ready(self) -> bool:
        """Return whether all four kinds of processes give signs of life."""
        from project.management.commands.demo import is_ready

        return is_ready(f"127.0.0.1:{self.port}")

    def stop(self) -> None:
        """End it as Ctrl-C does, and give the database back."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
        self.log.close()
        self.real.close()

    def tail(self) -> str:
        """Return the end of what the processes said."""
        return (self.folder / "log").read_text(errors="replace")[-3000:]

    def pids(self, kind: str, *, children: bool = False) -> list[int]:
        """Return the main processes of a kind, or the ones that they started."""
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
        """Send a signal to all processes of a kind; returns how many there were."""
        pids = self.pids(kind, children=children)
        for pid in pids:
            os.kill(pid, what)
        return len(pids)

    def count(self, sql: str) -> int:
        """Return one number from the database."""
        return self.real.count(sql)


class Load:
    """People who sign up, a few at a time; it remembers whom the house told that they are in."""

    def __init__(self, house: House, people: int, *, hands: int = 4) -> None:
        self.house, self.people, self.hands = house, people, hands
        self.told: list[str] = []
        self.refused: Counter[str] = Counter()
        self.slowest = 0.0
        self.began = threading.Event()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(hands)
        stamp = f"{time.time_ns():x}"
        self._coming = [self._pool.submit(self._person, f"p{number}-{stamp}@example.org") for number in range(people)]

    def _person(self, mail: str) -> None:
        visitor, began = Visitor(self.house.url), time.monotonic()
        try:
            visitor.get("/account/signup/")
            began = time.monotonic()
            form = {"email": mail, "password1": "quiet-harbor-lantern-77", "agreed": "on"}
            visitor.send(visitor.url, form)
            outcome = "told" if "confirm-email" in visitor.url else str(visitor.status)
        except (urllib.error.URLError, OSError) as error:
            outcome = type(error).__name__
        with self._lock:
            self.slowest = max(self.slowest, time.monotonic() - began)
            if outcome == "told":
                self.told.append(mail)
            else:
                self.refused[outcome] += 1
            if len(self.told) + sum(self.refused.values()) >= self.people // 4:
                self.began.set()

    def wait(self) -> None:
        """Wait until everybody has been answered."""
        for one in self._coming:
            one.result(timeout=180)
        self._pool.shutdown()

    def mails(self) -> dict[str, Counter[str]]:
        """Return, for each address, how often each mail (by its Message-ID) arrived."""
        found: dict[str, Counter[str]] = {}
        for path in (self.house.data / "mail").glob("*.eml"):
            message = message_from_bytes(path.read_bytes())
            found.setdefault(str(message["To"]), Counter())[str(message["Message-ID"])] += 1
        return found

    def lost(self) -> list[str]:
        """Return who was told to be in and has no account, or never got the mail that was promised."""
        mails = self.mails()
        known = self.house.count(f"SELECT count(*) FROM accounts_user WHERE email IN ({self._listed()})")
        without = [mail for mail in self.told if mail not in mails]
        return without or (["an account"] if known != len(self.told) else [])

    def doubled(self) -> list[str]:
        """Return who got two different mails for one sign-up."""
        mails = self.mails()
        return [mail for mail in self.told if len(mails.get(mail, ())) > 1]

    def again(self) -> int:
        """Return how many mails left twice under one Message-ID: all that SMTP allows after a kill."""
        mails = self.mails()
        return sum(sum(mails[mail].values()) - len(mails[mail]) for mail in self.told if mail in mails)

    def _listed(self) -> str:
        assert all(re.fullmatch(r"[\w@.-]+", mail) for mail in self.told)
        return ", ".join(f"'{mail}'" for mail in self.told) or "''"
