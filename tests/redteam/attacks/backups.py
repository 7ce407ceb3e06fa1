"""Attacks from inside: a steward who searches for targets, a copy of a backup, cookies taken from a copy."""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from ..browser import Browser
from ..installation import ROOT
from ..lab import Lab
from ..outcomes import Outcome
from ..world import Row

REASON: Final = "A call about a registration, ticket 4711"
PEOPLE_PER_DAY: Final = 50
WINDOWS: Final = 4
HIT: Final = 'action="/staff/people/street/"'


def staff_abuse(lab: Lab) -> Iterator[Outcome]:
    """A steward searches for surnames in several windows at once, until the day's people are used up."""
    targets = lab.targets("staff", 200)
    with lab.house.fresh():
        windows = [lab.house.staff_browser("steward") for _window in range(WINDOWS)]
        shares = [targets[at::WINDOWS] for at in range(WINDOWS)]
        pages = lab.house.each(
            lambda pair: [_search(pair[0], row) for row in pair[1]], zip(windows, shares, strict=True)
        )
        found = [
            (row, page)
            for share, seen in zip(shares, pages, strict=True)
            for row, page in zip(share, seen, strict=True)
        ]
    people = sum(page.count(HIT) for _row, page in found)
    streets = [row["address"] in page for row, page in found]
    # What the limit allows is no finding; each person beyond it is.
    beyond = [number >= PEOPLE_PER_DAY for number in range(max(people, len(targets)))]
    beyond = [one and number < people for number, one in enumerate(beyond)]
    note = f"{people} people on one day by surname in {WINDOWS} windows, each logged; the limit is {PEOPLE_PER_DAY}"
    yield lab.outcome("staff search: people beyond the day's limit", 1, beyond, (), note)
    yield lab.outcome("staff search: streets", 1, streets)


def _search(browser: Browser, row: Row) -> str:
    browser.get("/staff/people/")
    return browser.send("/staff/people/", {"reason": REASON, "last_name": row["last_name"]})


def leaked_backup(lab: Lab) -> Iterator[Outcome]:
    """Read the files of a backup, without the identity that opens it, for what members stored."""
    targets = lab.targets("backup")
    header = ("first_name", "last_name", "address", "city", "zip")
    with lab.house.fresh(), tempfile.TemporaryDirectory(prefix="redteam-backup-") as folder:
        browser = lab.house.accounts(1)[0]
        browser.upload([{name: row[name] for name in header} for row in targets], header)
        content = _backup(Path(folder))
    yield lab.outcome("leaked backup", 0, [row["address"].encode() in content for row in targets])


def _backup(folder: Path) -> bytes:
    import pyrage

    recipient = str(pyrage.x25519.Identity.generate().to_public())
    command = ["env", f"BACKUP_RECIPIENTS={recipient}", sys.executable, "manage.py", "backup", str(folder / "backup")]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return b"".join(path.read_bytes() for path in sorted((folder / "backup").rglob("*")) if path.is_file())


def replayed_cookies(lab: Lab) -> Iterator[Outcome]:
    """Use what the database stores of sessions as cookies."""
    from django.conf import settings
    from django.contrib.sessions.models import Session

    stored = list(Session.objects.values_list("session_key", flat=True).order_by("expire_date")[:300])
    signed_in = []
    for key in stored:
        browser = Browser(lab.house.url, 7)
        browser.cookie = f"{settings.SESSION_COOKIE_NAME}={key}"
        browser.get("/contacts/")
        signed_in.append("/login/" not in browser.url)
    yield lab.outcome("replayed cookies of a copy", 0, signed_in)
