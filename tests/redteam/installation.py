"""The installation under attack: the demo's processes with a made-up state, over real HTTP, with a simulated clock."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Final, TypeVar

from .browser import Browser
from .world import World, without_days

S = TypeVar("S")
T = TypeVar("T")
PASSWORD: Final = "a long password of the red team"
ROOT: Final = Path(__file__).resolve().parents[2]
SEED: Final = 16
THREADS: Final = 6
SIGN_IN: Final = re.compile(r"^ {4}(\w+) +(\S+@\S+) +(\S+)$")


def configure(folder: Path, port: int) -> None:
    """Point this process, which judges, and those that it starts at one DATA_DIR. Call before Django starts."""
    os.environ |= {
        "DATA_DIR": str(folder / "var"),
        "DJANGO_SETTINGS_MODULE": "tests.redteam.settings",
        "DEMO": "1",
        "PROXY_COUNT": "1",
        "LOG_LEVEL": "ERROR",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "LOOKUPS_PER_DAY": "1000000",
    }


class Installation:
    """A running installation with the roll of a made-up state. `folder` and Django are those of `configure`."""

    def __init__(self, folder: Path, port: int, *, voters: int, full_dates: bool) -> None:
        self.folder, self.url = folder, f"http://127.0.0.1:{port}"
        self.staff: dict[str, tuple[str, str]] = {}
        self._browsers: dict[str, Browser] = {}
        self._port, self._networks = port, count()
        self._log = (folder / "log").open("ab")
        self._prepare(voters, full_dates=full_dates)
        self.world = World.read(self.state / "roll" / "generic.csv", SEED)
        self._process = self._start()

    @property
    def state(self) -> Path:
        """Return the folder of the made-up state."""
        return self.folder / "var" / "demo"

    def _prepare(self, voters: int, *, full_dates: bool) -> None:
        from apps.demo import setup

        class State(setup.Demo):
            """The demo with a roll of another size, and with years only."""

            def _make_state(self) -> None:
                super()._make_state()
                for name in () if full_dates else ("generic", "generic_next"):
                    without_days(self.folder / "roll" / f"{name}.csv")

        setup.VOTERS = voters
        State(lambda _line: None).prepare()

    def _start(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "manage.py", "demo", "--port", str(self._port)]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self._log, text=True)
        assert process.stdout
        for line in process.stdout:
            if found := SIGN_IN.match(line.rstrip()):
                self.staff[found[1]] = (found[2], found[3])
            if "Ctrl-C stops it" in line:
                threading.Thread(target=process.stdout.read, daemon=True).start()
                return process
        raise AssertionError(f"The installation ended: {(self.folder / 'log').read_text()[-3000:]}")

    def stop(self) -> None:
        """End the processes."""
        self._process.send_signal(signal.SIGINT)
        self._process.wait(60)
        self._log.close()

    def run(self, *command: str) -> None:
        """Run a management command of the installation to its end."""
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, stdout=self._log, stderr=self._log, check=True
        )

    def accounts(self, number: int, *, one_network: bool = False, invited: bool = False) -> list[Browser]:
        """Return the browsers of new accounts, signed in, each in a network of its own, or with an invitation."""
        from apps.accounts import consents
        from apps.accounts.services import add_member

        network = next(self._networks)
        numbers = [network if one_network else next(self._networks) for _ in range(number)]
        emails = [f"r{time.time_ns()}{at}@example.org" for at in range(number)]
        for email in emails:
            consents.record(add_member(email=email, password=PASSWORD)[0])
        invitation = self._invitation() if invited else ""
        return self.each(
            lambda one: self._signed_in(one[0], one[1], invitation), list(zip(emails, numbers, strict=True))
        )

    def _invitation(self) -> str:
        """Return the link of an organizer's invitation, created on the page of a campaign."""
        browser = self.staff_browser("owner")
        campaign = re.search(r"/ask/staff/\d+/", browser.get("/ask/staff/"))
        assert campaign, browser.page[:2000]
        link = re.search(r"/ask/come/[^\"/]+/", browser.send(f"{campaign[0]}invitation/", {}))
        assert link, browser.page[:2000]
        return link[0]

    def _signed_in(self, email: str, network: int, invitation: str) -> Browser:
        browser = Browser(self.url, network)
        if invitation:
            browser.get(invitation)
        browser.sign_in(email, PASSWORD)
        return browser

    def staff_browser(self, role: str) -> Browser:
        """Return the browser of one of the demo's staff, signed in."""
        browser = Browser(self.url, next(self._networks))
        browser.sign_in(*self.staff[role])
        return browser

    def api_key(self) -> str:
        """Return a new key of a partner with the scope `lists`."""
        from apps.api.services import create_key

        return create_key(name="Red team", scopes=["lists"], daily_budget=10_000_000)[1]

    def approve(self, role: str, list_id: str) -> None:
        """Approve a partner's list as one of the staff, who types the password again."""
        if role not in self._browsers:
            self._browsers[role] = self.staff_browser(role)
        browser = self._browsers[role]
        decision = {"list_id": list_id, "reason": "contract of the red team", "approve": "1"}
        browser.get("/staff/")
        browser.send("/account/reauthenticate/", {"password": self.staff[role][1]})
        browser.send("/staff/lists/decide/", decision)
        assert browser.status == 200, browser.page[:2000]

    def load_roll(self, name: str) -> None:
        """Load another roll of the made-up state as the live one."""
        file = str(self.state / "roll" / f"{name}.csv")
        self.run("load_roll", file, "--layout", "generic", "--state", "HD", "--accept", "the red team")

    def each(self, work: Callable[[S], T], things: Iterable[S]) -> list[T]:
        """Do something with each of many things, some at a time; return the results in order."""
        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(work, things))

    def pass_days(self, days: int) -> None:
        """Let days pass, and wait for what was due."""
        from .clock import pass_days

        self.wait()
        pass_days(days)

    def wait(self, seconds: float = 300) -> None:
        """Wait until no job is due."""
        from apps.jobs.models import Job

        pause, end = threading.Event(), time.monotonic() + seconds
        while (
            Job.objects.due().exclude(task__endswith=".canary").exists() or Job.objects.filter(state="running").exists()
        ):
            assert time.monotonic() < end, "Jobs are not done."
            pause.wait(0.1)

    @contextmanager
    def fresh(self) -> Iterator[None]:
        """Run an attack on unused counters and without earlier suppressions."""
        from apps.contacts.models import Contact
        from apps.core.models import QuotaUse
        from apps.verification.models import SuppressionRequest
        from apps.voters.models import Suppression

        for model in (QuotaUse, Suppression, SuppressionRequest, Contact):
            model.objects.all().delete()
        yield
