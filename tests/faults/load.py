"""Sign people up, a few at a time, and record which sign-ups were confirmed."""

import re
import threading
import time
import urllib.error
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from http.client import HTTPException

from tests.demo_server import until
from tests.faults.installation import Installation
from tests.http_client import Visitor


class Load:
    """A number of sign-ups by a number of threads."""

    def __init__(self, installation: Installation, people: int, *, threads: int = 4, url: str = "") -> None:
        self.installation, self.people, self.threads, self.url = installation, people, threads, url or installation.url
        self.confirmed: list[str] = []
        self.refused: Counter[str] = Counter()
        self.slowest = 0.0
        self.ended = 0.0
        self._since = time.time_ns()
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(threads)
        stamp = f"{self._since:x}"
        self._coming = [self._pool.submit(self._person, f"p{number}-{stamp}@example.org") for number in range(people)]
        self.like = f"p%-{stamp}@example.org"

    def _person(self, mail: str) -> None:
        visitor, began = Visitor(self.url), time.monotonic()
        try:
            visitor.get("/account/signup/")
            began = time.monotonic()
            form = {"email": mail, "password1": "quiet-harbor-lantern-77", "agreed": "on"}
            visitor.send(visitor.url, form)
            outcome = "confirmed" if "confirm-email" in visitor.url else str(visitor.status)
        except (urllib.error.URLError, OSError, HTTPException) as error:
            outcome = type(error).__name__
        with self._lock:
            self.ended = time.monotonic()
            self.slowest = max(self.slowest, self.ended - began)
            if outcome == "confirmed":
                self.confirmed.append(mail)
            else:
                self.refused[outcome] += 1

    @property
    def responses(self) -> int:
        """Return how many sign-ups have a response so far."""
        return len(self.confirmed) + sum(self.refused.values())

    def wait_for(self, share: float) -> None:
        """Wait until this share of the sign-ups has a response."""
        assert until(lambda: self.responses >= self.people * share, 120), (self.refused, self.installation.tail())

    def wait(self) -> None:
        """Wait until every sign-up has a response."""
        for one in self._coming:
            one.result(timeout=240)
        self._pool.shutdown()

    def mails(self) -> dict[str, Counter[str]]:
        """Return, for each address, how often each email (by its Message-ID) arrived since the load began."""
        found: dict[str, Counter[str]] = {}
        for path in (self.installation.data / "mail").glob("[0-9]*.eml"):
            if path.stat().st_mtime_ns >= self._since:  # its name contains the sender's clock
                message = message_from_bytes(path.read_bytes())
                found.setdefault(str(message["To"]), Counter())[str(message["Message-ID"])] += 1
        return found

    def lost(self) -> list[str]:
        """Return the confirmed sign-ups without an account or without their email."""
        mails = self.mails()
        known = self.installation.count(f"SELECT count(*) FROM accounts_user WHERE email IN ({self._listed()})")
        without = [mail for mail in self.confirmed if mail not in mails]
        return without or (["an account"] if known != len(self.confirmed) else [])

    def duplicated(self) -> list[str]:
        """Return the people who got two different emails for one sign-up."""
        mails = self.mails()
        return [mail for mail in self.confirmed if len(mails.get(mail, ())) > 1]

    def again(self) -> int:
        """Return how many emails were sent twice under one Message-ID: all that SMTP allows after a kill."""
        mails = self.mails()
        return sum(sum(mails[mail].values()) - len(mails[mail]) for mail in self.confirmed if mail in mails)

    def half_done(self) -> int:
        """Return how many accounts have no email, confirmed or not: rows are committed with their jobs."""
        mails = self.mails()
        accounts = self.installation.count(f"SELECT count(*) FROM accounts_user WHERE email LIKE '{self.like}'")
        return accounts - len([mail for mail in mails if mail.endswith(self.like.partition("-")[2])])

    def _listed(self) -> str:
        assert all(re.fullmatch(r"[\w@.-]+", mail) for mail in self.confirmed)
        return ", ".join(f"'{mail}'" for mail in self.confirmed) or "''"
