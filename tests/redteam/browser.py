"""An attacker's browser: signs in from a network of its own, and does what the pages offer."""

import csv
import io
import re
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from tests.http_client import TOKEN, Visitor

Row = dict[str, str]
COLUMNS: Final = {"first_name": "First Name", "last_name": "Last Name", "address": "Street", "city": "City",
                  "state": "State", "zip": "ZIP", "birth_year": "Birth Year"}  # fmt: skip
# What differs between two pages without meaning: tokens, ids, times and how long ago they are.
VOLATILE: Final = re.compile(
    r'csrfmiddlewaretoken" value="[^"]+"|nonce-?[=\'"A-Za-z0-9+/_-]+|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{12}|'
    r"\d+|[ap]\.m\.|minutes?|hours?|noon|midnight|\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\b"
)
PATIENCE: Final = 300.0


class Browser(Visitor):
    """One account's browser behind the proxy, in the network that a number names."""

    def __init__(self, base: str, network: int) -> None:
        super().__init__(base)
        self._client = f"10.{network // 200 % 200}.{network % 200}.7"
        self._token = ""
        self.cookie = ""

    def sign_in(self, mail: str, password: str) -> None:
        """Sign in; the token of the sign-in page is worth nothing afterwards."""
        super().sign_in(mail, password)
        self._token, self.page = "", ""
        self.get("/registration/find/")

    def send(self, path: str, fields: Row, *, file: tuple[str, bytes] | None = None) -> str:
        """Send a form with the last token seen."""
        if not TOKEN.search(self.page) and self._token:
            self.page = f'name="csrfmiddlewaretoken" value="{self._token}"'
        return super().send(path, fields, file=file)

    def _open(self, request: urllib.request.Request) -> str:
        request.add_header("X-Forwarded-For", self._client)
        if self.cookie:
            request.add_header("Cookie", self.cookie)
        page = super()._open(request)
        if token := TOKEN.search(page):
            self._token = token[1]
        return page

    def look_up(self, row: Row) -> str:
        """Start a lookup; return the path of its answer, or an empty string where none is left today."""
        born = row["born"].split("-")
        fields = {name: row[name] for name in ("first_name", "last_name", "address", "city", "zip")}
        fields |= dict(zip(("dob_year", "dob_month", "dob_day"), born, strict=False))
        if not self._token:
            self.get("/registration/find/")
        self.send("/registration/find/", fields)
        if self.status in {400, 403}:
            raise AssertionError(f"The form was refused: {self.page[:3000]}")
        return self.url if "/looks/" in self.url else ""

    def answer(self, url: str) -> bool:
        """Wait for the answer of a lookup; return whether it is "registered", or asks for one more detail."""
        self.until(lambda: "/slip/" not in self.get(url))
        return self.url.endswith("/registration/") or "/detail/" in self.page

    def upload(self, rows: Iterable[Row], header: Sequence[str]) -> None:
        """Import contacts from a file and wait until all are matched."""
        text = io.StringIO()
        writer = csv.DictWriter(text, header, restval="", extrasaction="ignore")
        writer.writerow({name: COLUMNS[name] for name in header})
        writer.writerows(rows)
        self.post("/contacts/bring/", {}, file=("book.csv", text.getvalue().encode()))
        if "/contacts/imports/" not in self.url:
            raise AssertionError(f"The upload was refused: {self.page[:2000]}")
        draft = self.url
        self.until(lambda: "confirm/" in self.get(draft))
        self.send(f"{draft.rstrip('/')}/confirm/", {})
        self.until(lambda: "/slip/" not in self.get(draft))

    def recheck(self) -> None:
        """Re-check all contacts, and wait until the export stops changing."""
        self.get("/contacts/")
        self.send("/contacts/re-check/", {})

    def contacts(self) -> list[Row]:
        """Return the export of all contacts."""
        return list(csv.DictReader(io.StringIO(self.get("/contacts/download/").lstrip("\ufeff"))))

    def lines(self, path: str) -> list[str]:
        """Return the lines of a page without what differs at every request."""
        return [line for text in self.get(path).splitlines() if (line := VOLATILE.sub("", text).strip())]

    def until(self, condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Repeat a request until it says what is waited for."""
        pause, end = threading.Event(), time.monotonic() + seconds
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f"Nothing came within {seconds:.0f} s; status {self.status}: {self.page[:2000]}")
            pause.wait(0.2)
