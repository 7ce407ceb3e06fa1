"""Measure contacts as members see them: the preview, an import through relay, broker and worker, pages of a big book.

    python -m bench.contacts [--voters 1000000] [--crowd 100] [--work DIR]

Everything runs in a scratch folder with the embedded stores; prints a table, writes bench/out/contacts-*.json.
"""

import argparse
import csv
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

from bench.table import private_mb

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "bench" / "out"
TARGETS = {
    "preview of 10,000 rows": 2.0,
    "import of 1,000 contacts": 2.0,
    "page p95, 10,000 contacts": 0.1,
    "set algebra, two sets of 1,000,000": 0.5,
    "the largest worker process, MB": 300,
}
WORKER = ("-A", "project", "worker", "-Q", "import,match", "--loglevel", "ERROR", "--concurrency", "2")


def manage(*args: str) -> None:
    """Run a management command in its own process."""
    subprocess.run([sys.executable, "manage.py", *args], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run a relay and a worker as an installation does; stop them gracefully at the end."""
    commands = ([sys.executable, "manage.py", "relay"], [sys.executable, "-m", "celery", "-q", *WORKER])
    running = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) for command in commands]
    try:
        yield running
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(timeout=30)


def until(true: Callable[[], bool], seconds: float = 120) -> float:
    """Wait for a condition; return the seconds it took."""
    began = time.perf_counter()
    while not true():
        if time.perf_counter() - began > seconds:
            raise TimeoutError
        time.sleep(0.02)
    return time.perf_counter() - began


def table(path: Path, count: int) -> bytes:
    """Return the first rows of a contact file."""
    out = io.StringIO()
    writer = csv.writer(out)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for number, row in enumerate(csv.reader(file)):
            if number > count:
                break
            writer.writerow(row)
    return out.getvalue().encode()


def largest_mb(pid: int) -> int:
    """Return the peak memory that a process and its children have for themselves alone, in MB."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return int(max(private_mb(int(one)) for one in (pid, *children)))


def processor_seconds(pid: int) -> float:
    """Return the processor time of a process and its children so far: other load distorts it least."""
    children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    fields = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in (str(pid), *children)]
    return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")


def measure(state: Path, crowd: int) -> dict[str, Any]:
    """Return the figures."""
    from apps.accounts.models import User
    from apps.contacts.imports import previews
    from apps.contacts.models import Import
    from apps.jobs import heartbeats

    file = state / "contacts" / "google_new.csv"
    figures: dict[str, Any] = {}

    def draft(owner: Any, data: bytes) -> Import:
        return previews.start_file(owner=owner, stream=io.BytesIO(data), file_name="contacts.csv")

    def ended(one: Import) -> bool:
        return not Import.objects.filter(pk=one.pk).live().exists()

    people = [User.objects.create_user(f"bench{n}@example.org", None) for n in range(8)]
    ten, one = table(file, 10_000), table(file, 1_000)
    draft(people[0], one)  # load lazily imported modules before measuring
    began, used = time.perf_counter(), time.process_time()
    big = draft(people[1], ten)
    figures["preview of 10,000 rows"] = time.perf_counter() - began
    figures["preview of 10,000 rows, processor of this process"] = time.process_time() - used

    with processes() as (_relay, worker):
        until(lambda: heartbeats.is_alive("worker") and heartbeats.is_alive("relay"))
        warm = previews.confirm(draft=draft(people[2], table(file, 30)))
        until(lambda: ended(warm))
        times, used = [], processor_seconds(worker.pid)
        for owner in people[3:6]:
            thousand = draft(owner, one)
            previews.confirm(draft=thousand)
            times.append(until(lambda one=thousand: ended(one)))  # type: ignore[misc]
        figures["import of 1,000 contacts"] = min(times)
        figures["import of 1,000 contacts, processor of the worker"] = (processor_seconds(worker.pid) - used) / 3
        figures["import of 1,000 contacts, all runs"] = times
        previews.confirm(draft=big)
        until(lambda: Import.objects.get(pk=big.pk).next_part > 3)
        small = previews.confirm(draft=draft(people[6], table(file, 50)))
        figures["50 contacts started behind 10,000"] = until(lambda: ended(small))
        figures["the big one was still running then"] = not ended(big)
        figures["import of 10,000 contacts"] = until(lambda: ended(big))
        figures["a worker's own memory, MB"] = largest_mb(worker.pid)
    thousand.refresh_from_db()
    figures["statuses of the 1,000"] = thousand.counts

    figures |= paged(people[1])
    figures["set algebra, two sets of 1,000,000"] = set_algebra()
    if crowd:
        figures |= concurrent_imports(crowd, one)
    return figures


def paged(owner: Any) -> dict[str, Any]:
    """Return how long the pages of a big book take, by any filter."""
    from django.test import Client
    from django.urls import reverse

    from apps.contacts.facets import PlaceFacets
    from tests import session_client

    session_client.install()
    figures: dict[str, Any] = {}
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(owner)
    home, pages, worked = reverse("contacts:home"), [], []
    browser.get(home)  # each process compiles templates once
    places = PlaceFacets(owner)
    place, election = places.all[-1].ocd_id, places.elections[0][0].pk
    both = f"?place={place}&election={election}&status=registered"
    queries = (
        "",
        "?status=registered",
        "?status=likely&page=3",
        "?page=200",
        f"?place={place}",
        f"?election={election}",
    )
    for query in (*queries, both) * 8:
        began, used = time.perf_counter(), time.process_time()
        assert browser.get(home + query).status_code == 200
        pages.append(time.perf_counter() - began)
        worked.append(time.process_time() - used)
    figures["page p95, 10,000 contacts"] = quantiles(pages, n=20)[-1]
    figures["page p95, 10,000 contacts, processor"] = quantiles(worked, n=20)[-1]
    began = time.perf_counter()
    browser.post(reverse("contacts:search"), {"name": "Ann"})
    figures["search by name"] = time.perf_counter() - began
    began = time.perf_counter()
    browser.get(reverse("contacts:where"))
    figures["the picture of where they are"] = time.perf_counter() - began
    return figures


def set_algebra() -> float:
    """Return the seconds of one set query: in both of two sets of a million, and in none of a third."""
    from apps.core.id_sets.base import id_sets

    store = id_sets()
    store.put("bench:a", range(0, 2_000_000, 2))
    store.put("bench:b", range(0, 3_000_000, 3))
    store.put("bench:c", range(0, 500_000, 7))
    times = []
    for _ in range(5):
        began = time.perf_counter()
        found = store.combine(["bench:a", "bench:b"], ["bench:c"])
        times.append(time.perf_counter() - began)
    assert found
    assert len(found) > 300_000
    store.drop("bench:")
    return sorted(times)[2]


def concurrent_imports(members: int, data: bytes) -> dict[str, Any]:
    """Measure many members importing 1,000 contacts each at once, followed by one small import."""
    from apps.accounts.models import User
    from apps.contacts.imports import previews
    from apps.contacts.models import Import

    def draft(number: int, rows: bytes) -> Import:
        owner = User.objects.create_user(f"crowd{number}@example.org", None)
        return previews.start_file(owner=owner, stream=io.BytesIO(rows), file_name="contacts.csv")

    drafted = [draft(number, data) for number in range(members)]
    small = draft(members, b"\n".join(data.splitlines()[:21]))
    most = 0
    with processes() as (_relay, worker):
        began = time.perf_counter()
        for one in drafted:
            previews.confirm(draft=one)
        previews.confirm(draft=small)
        ids = [one.pk for one in drafted]
        ended = behind = 0.0
        while not ended:
            live = set(Import.objects.live().values_list("pk", flat=True))
            if not behind and small.pk not in live:
                behind, ended_before = time.perf_counter() - began, len(ids) - len(live & set(ids))
            if not live:
                ended = time.perf_counter() - began
            most = max(most, largest_mb(worker.pid))
            time.sleep(0.25)
            if time.perf_counter() - began > 1500:
                raise TimeoutError
    states = set(Import.objects.filter(pk__in=ids).values_list("state", "done"))
    return {
        f"{members} members with 1,000 contacts each": ended,
        "how they all ended": sorted(states),
        "20 contacts started last": behind,
        "big imports that had ended before it": ended_before,
        "the largest worker process, MB": most,
    }


def show(figures: dict[str, Any], voters: int) -> None:
    """Print the table."""
    print(f"\nContacts against {voters:,} voters, {platform.machine()}, {os.cpu_count()} cores")
    for name, value in figures.items():
        unit = "" if name.endswith("MB") else " s"
        target = f"   target {TARGETS[name]}{unit}" if name in TARGETS else ""
        print(f"  {name:52} {f'{value:.3f} s' if isinstance(value, float) else value}{target}")


def main() -> None:
    """Generate a state, load it, measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voters", type=int, default=100_000)
    parser.add_argument("--crowd", type=int, default=0, help="Members who bring 1,000 contacts each at once.")
    parser.add_argument("--work", type=Path, help="A folder to keep made-up states in; made again if it is empty.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="votekin-bench-") as scratch:
        work = options.work or Path(scratch)
        state = work / f"state-{options.voters}"
        data = Path(scratch) / "data"
        os.environ |= {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "settings.dev", "LOG_LEVEL": "ERROR"}
        if not (state / "manifest.json").exists():
            manage("make_state", "--out", str(state), "--voters", str(options.voters), "--seed", "11",
                   "--contacts", "10000", "--layouts", "generic")  # fmt: skip
        manage("migrate", "-v0")
        manage("collectstatic", "--noinput")
        roll = next((state / "roll").glob("generic.csv*"))
        manage("load_roll", str(roll), "--layout", "generic")
        manage("load_elections", str(state / "officials" / "elections.csv"))
        import django

        django.setup()
        figures = measure(state, options.crowd)
    show(figures, options.voters)
    OUT.mkdir(exist_ok=True)
    day = datetime.now(tz=UTC).date().isoformat()
    path = OUT / f"contacts-{options.voters}-{day}.json"
    path.write_text(json.dumps({"voters": options.voters, "machine": platform.platform(), **figures}, indent=2))


if __name__ == "__main__":
    main()
