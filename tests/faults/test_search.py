"""The search servers, the activity feed and the error server, down, empty or stale. Lookups wait; nothing else
notices.
"""

import json
import time
import urllib.request

import pytest

from deploy.services.java import Elasticsearch, Solr
from deploy.services.others import Mongo
from tests.demo_server import until
from tests.faults.installation import Installation
from tests.faults.results import ROWS, FaultResult
from tests.faults.servers import frozen, server_of

pytestmark = [pytest.mark.faults, pytest.mark.services]
PEOPLE = 40
# Members who look up voters of the generated roll, from the line `first` on.
LOOK_UP = """
import csv, itertools
from pathlib import Path
from django.conf import settings
from apps.accounts.models import User
from apps.verification import services
from apps.verification.query import VoterQuery
from apps.verification.quotas import Origin
first, many = int(sys.argv[1]), int(sys.argv[2])
with (settings.DATA_DIR / "demo" / "roll" / "generic.csv").open(encoding="utf-8") as file:
    rows = [*itertools.islice(csv.DictReader(file), first, first + many)]
for number, row in enumerate(rows, first):
    member = User.objects.create_user(f"v{number}@example.org", None)
    fields = ("first_name", "middle_name", "last_name", "dob", "address", "city", "zip")
    query = VoterQuery(**{f: row[f] for f in fields})
    services.look_up(member=member, query=query, origin=Origin(f"10.0.{number % 250}.0/24"))
"""
# One of them requested suppression, and the search server does not know it yet.
PROTECT = """
import csv, itertools
from django.conf import settings
from django.db import transaction
from apps.core.models import Job
from apps.voters import suppression
with (settings.DATA_DIR / "demo" / "roll" / "generic.csv").open(encoding="utf-8") as file:
    row = next(itertools.islice(csv.DictReader(file), int(sys.argv[1]), None))
with transaction.atomic():
    suppression.suppress_many(voters=[("HD", row["voter_id"])], by="operator")
    print(Job.objects.filter(task="rolls.purge_index", state="waiting").delete()[0])
"""
ATTEMPT = "SELECT count(*) FROM verification_attempt a JOIN accounts_user u ON u.id = a.member_id WHERE "


def count_query(first: int, condition: str) -> str:
    """Return the SQL that counts this test's lookups in a state."""
    names = ", ".join(f"'v{number}@example.org'" for number in range(first, first + PEOPLE))
    return f"{ATTEMPT} u.email IN ({names}) AND {condition}"


def look_up(installation: Installation, name: str, first: int) -> None:
    """Start lookups for `PEOPLE` people and wait until each has one result."""
    began = time.monotonic()
    assert until(lambda: installation.count(count_query(first, "a.state = 'waiting'")) == 0, 60), installation.tail()
    answered = installation.count(count_query(first, "a.state <> 'waiting'"))
    decisions = installation.count(
        "SELECT count(*) FROM verification_decision d JOIN verification_attempt a ON a.id = d.attempt_id "
        "JOIN accounts_user u ON u.id = a.member_id "
        f"WHERE u.email >= 'v' AND {count_query(first, 'true').partition('WHERE')[2]}"
    )
    ROWS.append(FaultResult(name, PEOPLE, 0, time.monotonic() - began, 0.0, PEOPLE - answered, decisions - answered, 0))
    assert (answered, decisions) == (PEOPLE, PEOPLE)
    assert installation.count(count_query(first, "a.state = 'matched'")) > PEOPLE * 0.8
    assert until(installation.idle, 60)


@pytest.mark.quick_fault
def test_f24_look_ups_wait_for_a_frozen_search_server(installation: Installation) -> None:
    server = server_of(Elasticsearch)
    with frozen(server):
        installation.do(LOOK_UP, "100", str(PEOPLE))
        assert installation.count(count_query(100, "a.state = 'waiting'")) == PEOPLE
        for path in ("/", "/readyz", "/account/login/"):
            status, seconds, _ = installation.ask(path)
            assert status == 200
            assert seconds < 1
    look_up(installation, "F24 voter search frozen", 100)


def test_f24_look_ups_wait_for_a_dead_search_server(installation: Installation) -> None:
    server = server_of(Elasticsearch)
    server.stop()
    try:
        installation.do(LOOK_UP, "200", str(PEOPLE))
        assert installation.count(count_query(200, "a.state = 'waiting'")) == PEOPLE
    finally:
        server.start()
    look_up(installation, "F24 voter search stopped and started", 200)


def test_f25_a_lost_index_is_made_again_by_itself(installation: Installation) -> None:
    base = installation.env["VOTER_SEARCH_URL"].replace("elasticsearch://", "http://")
    names = [*json.load(urllib.request.urlopen(f"{base}/votekin-voters-*", timeout=10))]
    assert names
    for name in names:
        urllib.request.urlopen(urllib.request.Request(f"{base}/{name}", method="DELETE"), timeout=10)
    installation.do(LOOK_UP, "300", str(PEOPLE))
    look_up(installation, "F25 voter index lost", 300)
    count = json.load(urllib.request.urlopen(f"{base}/votekin-live-*/_count", timeout=10))["count"]
    assert count == installation.count("SELECT (counts->>'loaded')::int FROM voters_snapshot WHERE status = 'live'")


def test_f26_a_protected_voter_is_not_found_though_the_index_still_has_them(installation: Installation) -> None:
    installation.do(PROTECT, "400")
    installation.do(LOOK_UP, "400", "1")
    assert until(installation.idle, 60)
    assert installation.count(count_query(400, "a.state = 'not_found'")) == 1
    ROWS.append(FaultResult("F26 a protected voter still in the index", 1, 0, 0.0, 0.0, 0, 0, 0))


def test_f27_only_the_search_of_pages_says_that_it_is_away(installation: Installation) -> None:
    slowest = 0.0
    with frozen(server_of(Solr)), frozen(server_of(Mongo)):
        for path in ("/search/?q=election", "/", "/readyz", "/account/signup/"):
            status, seconds, _text = installation.ask(path)
            slowest = max(slowest, seconds)
            assert status in ({200, 503} if "search" in path else {200}), (path, status)
            assert seconds < 3
    assert until(lambda: installation.ask("/search/?q=election")[0] == 200, 20)
    ROWS.append(FaultResult("F27 site search and feed frozen", 4, 0, 0.0, slowest, 0, 0, 0))
