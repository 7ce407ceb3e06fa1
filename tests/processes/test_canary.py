"""Marker values in every field a person can fill: no store, log, message or error ever contains one in plain text.

The test enters each marker through the real pages of the running demo, and forces failures on the way.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo_server import Machine, until
from tests.http_client import Visitor

pytestmark = [pytest.mark.processes]

# Consist of letters, so that no normalization splits them; none is a prefix of another.
MARKS = {
    "contact_name": "Qzvonnarimark",
    "contact_mail": "qzmailoramark",
    "contact_street": "Qzstreetamark",
    "contact_note": "Qznoteramark",
    "pasted": "Qzpastedomark",
    "typed_name": "Qztypednomark",
    "typed_street": "Qzwhererimark",
    "who": "Qzwhorepamark",
    "path": "qzpathinamark",
    "query": "qzqueryimark",
    "password": "qzpasswordamark-long-enough",
    "reason": "Qzreasonimark",
}


MAIL = "canary@example.org"


@pytest.fixture(scope="module")
def running(machine: Machine) -> Iterator[Machine]:
    demo = machine.prepare().demo()
    machine.sign_ins["canary"] = (MAIL, machine.run("add_member", MAIL))
    yield machine
    machine.stop(demo)


def contact_file() -> bytes:
    rows = [
        "First Name,Last Name,E-mail Address,Home Street,Home City,Notes",
        f"Ann,{MARKS['contact_name']},{MARKS['contact_mail']}@example.org,"
        f"4 {MARKS['contact_street']} Ave,Port Ansel,{MARKS['contact_note']}",
        f'"unclosed {MARKS["contact_name"]}',
    ]
    return "\n".join(rows).encode()


def plant(machine: Machine) -> None:
    """Enter every marker somewhere."""
    stranger = Visitor(machine.url)
    stranger.get("/")
    stranger.send("/who/", {"q": f"12 {MARKS['who']} Street, Port Ansel"})
    assert MARKS["who"] in stranger.page, "the address never arrived"
    stranger.get(f"/nowhere/{MARKS['path']}/?q={MARKS['query']}")
    stranger.get(f"/divisions/{MARKS['path']}/?on={MARKS['query']}")
    stranger.post("/account/login/", {"login": "member@example.org", "password": MARKS["password"]})
    member = Visitor(machine.url)
    member.sign_in(*machine.sign_ins["canary"])
    member.post("/contacts/bring/", {}, file=(f"{MARKS['contact_note']}.csv", contact_file()))
    assert "/contacts/imports/" in member.url, member.page[:3000]
    member.send(member.url.rstrip("/") + "/confirm/", {})
    assert member.status == 200, member.page[:3000]
    member.post("/contacts/bring/paste/", {"text": f"Bo {MARKS['pasted']}, Port Ansel, 919-555-0101"})
    member.send(member.url.rstrip("/") + "/confirm/", {})
    member.post("/contacts/search/", {"name": MARKS["contact_name"]})
    for path in ("/registration/", "/registration/find/"):
        member.post(
            path,
            {
                "first_name": "Ann",
                "last_name": MARKS["typed_name"],
                "birth_0": "3",
                "birth_1": "4",
                "birth_2": "1980",
                "address": f"9 {MARKS['typed_street']} Road",
                "city": "Port Ansel",
                "zip": "00471",
                "state": "HD",
            },
        )
    member.post("/contacts/bring/", {}, file=("broken.vcf", f"BEGIN:VCARD\nN:{MARKS['contact_name']}".encode()))
    steward = Visitor(machine.url)
    steward.sign_in(*machine.sign_ins["steward"])
    steward.post("/staff/people/", {"reason": f"ticket {MARKS['reason']}", "last_name": MARKS["typed_name"]})


def traces(machine: Machine) -> dict[str, set[str]]:
    """Return where each marker appears in plain text: marker to files, file names included."""
    found: dict[str, set[str]] = {}
    files = [path for path in machine.data.rglob("*") if path.is_file()]
    for path in [*files, machine.log]:
        content = path.read_bytes().lower() + str(path).lower().encode()
        for name, mark in MARKS.items():
            if mark.lower().encode() in content:
                found.setdefault(name, set()).add(str(path.relative_to(machine.folder)))
    return found


def test_no_store_or_log_contains_personal_values(running: Machine) -> None:
    plant(running)
    unfinished = "SELECT count(*) FROM jobs_job WHERE state IN ('waiting', 'running')"
    assert until(lambda: running.count(unfinished) == 0, 30)
    planted = running.count(
        f"SELECT count(*) FROM contacts_contact WHERE owner_id = (SELECT id FROM accounts_user WHERE email = '{MAIL}')"
    )
    assert planted == 2, "the markers never arrived"
    found = traces(running)
    # The audit log stores a steward's reason by design, and the write-ahead log belongs to the database.
    found["reason"] = found.get("reason", set()) - {"var/db.sqlite3", "var/db.sqlite3-wal"}
    assert {name: files for name, files in found.items() if files} == {}


def test_the_grep_would_find_a_marker(running: Machine) -> None:
    """The detector works: it reports a marker in plain text."""
    planted = running.data / "cache" / "planted"
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"x {MARKS['who'].upper()} y")
    try:
        assert "var/cache/planted" in traces(running)["who"]
    finally:
        planted.unlink()


def test_an_export_is_the_one_place_that_shows_contacts(running: Machine) -> None:
    target = Path(running.folder) / "canary.csv"
    running.run("export_contacts", "--owner", MAIL, "--output", str(target))
    with target.open(encoding="utf-8-sig") as handle:
        names = {row["last_name"] for row in csv.DictReader(handle)}
    assert MARKS["contact_name"] in names
