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

REASON: Final = "A call about a registration, ticket 4711"
PEOPLE_PER_DAY: Final = 50


def staff_abuse(lab: Lab) -> Iterator[Outcome]:
    """A steward searches for each target by name: the day's people, and no street on the page."""
    targets = lab.targets("staff", 200)
    with lab.house.fresh():
        browser = lab.house.staff_browser("steward")
        browser.get("/staff/people/")
        people, streets = [], []
        for row in targets:
            fields = {"reason": REASON, "first_name": row["first_name"], "last_name": row["last_name"]}
            page = browser.send("/staff/people/", fields)
            people.append(browser.status == 200 and row["zip"] in page)
            streets.append(row["address"] in page)
    # What the limit allows is no finding; each person beyond it is.
    beyond = [number >= PEOPLE_PER_DAY for number in range(sum(people))]
    note = (
        f"{sum(people)} people on one day by name, ZIP code and birth year, each logged; the limit is {PEOPLE_PER_DAY}"
    )
    yield lab.outcome("staff search: people beyond the day's limit", 1, beyond, (), note)
    yield lab.outcome("staff search: streets", 1, streets)


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
