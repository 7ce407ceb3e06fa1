"""Prepare the demo: a fictional state with boundaries, addresses, officials, elections and a roll, and three accounts.

Each finished step is recorded, so that an interrupted start continues.
"""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from apps.accounts import consents
from apps.accounts.models import User
from apps.accounts.services import add_member, random_password
from apps.core.errors import Refused
from apps.core.types import PassedThrough
from apps.officials.models import Election
from apps.outreach import message_templates
from apps.outreach.services import campaigns

VOTERS = 20_000
# Increment when a demo of the previous version is no longer usable.
FORMAT = 2
# Folders of DATA_DIR without demo data, or in use by this process.
KEEP = {"keys", "services", "uploads"}
SEED = 7
ACCOUNTS = (
    ("member@example.org", "member"),
    ("steward@example.org", "steward"),
    ("owner@example.org", "owner"),
)
Say = Callable[[str], None]


class Demo:
    """The demo under one DATA_DIR."""

    def __init__(self, say: Say) -> None:
        self.say = say
        self.notes = settings.DATA_DIR / "demo.json"
        self.folder = settings.DATA_DIR / "demo"
        self.done: list[str] = json.loads(self.notes.read_text())["done"] if self.notes.exists() else []

    def prepare(self) -> list[tuple[str, str, str]]:
        """Run the missing steps; return (email, role, password) of each example account, with new passwords."""
        self._remove_older_demo()
        call_command("migrate", verbosity=0, interactive=False)
        if not self.notes.exists() and User.objects.exists():
            raise Refused(
                f"DATA_DIR ({settings.DATA_DIR}) holds an installation that is not the demo. "
                "Set DATA_DIR to another folder."
            )
        for name, step in self._steps():
            self._once(name, step)
        return [self._account(email, role) for email, role in ACCOUNTS]

    def _remove_older_demo(self) -> None:
        """Delete a demo that an older version created: its database cannot be migrated."""
        if not self.notes.exists() or json.loads(self.notes.read_text()).get("format") == FORMAT:
            return
        if connection.vendor != "sqlite":
            raise Refused(
                f"An older version created the demo in {settings.DATA_DIR}. Run `make services-stop`, delete the "
                "folder, and start the demo again."
            )
        self.say("An older version created this demo. It is deleted and created again.")
        connection.close()
        for path in settings.DATA_DIR.iterdir():
            if path.name in KEEP:
                continue
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        self.done = []

    def _steps(self) -> list[tuple[str, Callable[[], None]]]:
        return [
            ("Creating the state of Halden", self._make_state),
            ("Loading its boundaries", self._load_boundaries),
            ("Loading its addresses", lambda: self._load("load_addresses", "addresses/addrfeat.parquet")),
            ("Loading its officials", self._load_officials),
            ("Loading its elections", lambda: self._load("load_elections", "officials/elections.csv")),
            ("Indexing its pages", self._index_site),
            (f"Loading its roll of {VOTERS:,} voters", self._load_roll),
            ("Opening a campaign", self._open_campaign),
        ]

    def _once(self, name: str, step: Callable[[], None]) -> None:
        if name in self.done:
            return
        started = time.monotonic()
        step()
        self.done.append(name)
        self.notes.write_text(json.dumps({"format": FORMAT, "done": self.done}))
        self.say(f"  {name} … {time.monotonic() - started:.0f} s")

    def _make_state(self) -> None:
        call_command("make_state", out=self.folder, voters=VOTERS, seed=SEED, stdout=_Silent())

    def _load(self, command: str, file: str, **options: PassedThrough) -> None:
        call_command(command, str(self.folder / file), stdout=_Silent(), **options)

    def _load_boundaries(self) -> None:
        entries = json.loads((self.folder / "boundaries" / "boundaries.json").read_text())
        for entry in (entry for entry in entries if not entry["copy_of"]):
            options = {key: entry[key] for key in ("layer", "vintage", "valid_from", "valid_to") if entry.get(key)}
            self._load("load_boundaries", f"boundaries/{Path(entry['file']).name}", **options)

    def _load_officials(self) -> None:
        for name in ("people.jsonl.gz", "legislators.jsonl.gz"):
            self._load("load_officials", f"officials/{name}")

    def _index_site(self) -> None:
        call_command("index_site", stdout=_Silent())

    def _load_roll(self) -> None:
        self._load("load_roll", "roll/generic.csv", layout="generic", state="HD")

    def _open_campaign(self) -> None:
        """Create a campaign for the next election with one ask, as an organizer would."""
        coming = Election.objects.from_day(timezone.localdate())
        election = min(coming, key=lambda one: (one.division.count("/"), one.date), default=None)
        if election is None:
            return
        text = "Friends ask friends. Nobody is told whom to vote for."
        made = campaigns.write_campaign(actor=None, name="Halden votes", text=text, election=election)
        today, title = timezone.localdate(), "Ask a friend about their plan"
        wanted = campaigns.AskDraft(title, [], [], today, election.date, message_templates.DEFAULT_MESSAGES)
        campaigns.write_ask(actor=None, campaign=made, draft=wanted)
        campaigns.set_state(actor=None, campaign=made, state="live")

    def _account(self, email: str, role: str) -> tuple[str, str, str]:
        password = random_password()
        user = User.objects.filter(email=email).first()
        if user is None:
            user, _ = add_member(email=email, role=role, password=password)
            consents.record(user)
        else:
            user.set_password(password)
            user.save(update_fields=["password"])
        return email, role, password


class _Silent:
    """Discards a command's output; the demo prints one line per step itself."""

    def write(self, text: str) -> int:
        """Discard the text."""
        return len(text)

    def flush(self) -> None:
        """Do nothing."""
