"""Run `make bench-services`: the application on every real server of this machine, measured against its targets.

Needs `make services`; creates its own database there and drops it. Prints a table and writes JSON to bench/out. wrk,
installed if this user may, measures the page cache.
"""

import argparse
import gzip
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode, urlsplit

import django

from bench.table import private_mb

OUT = Path(__file__).parent / "out"
JOBS, RATE, SECONDS = 6_000, 200, 15
ASKING, HANDS = 150, 2
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
FORM = {
    "first_name": "Ada", "last_name": "Arbor", "dob_month": "2", "dob_day": "3", "dob_year": "1980",
    "city": "Port Ansel", "zip": "00417", "voter_number": "",
}  # fmt: skip
Row = tuple[str, float, str, str, bool | None]


class Bench:
    """One installation on the real servers, and the table."""

    def __init__(self, folder: Path) -> None:
        from tests.faults.installation import House

        self.house = House(folder)
        self.rows: list[Row] = []
        self.people = 0

    def inside(self, *step: str) -> Any:
        """Run a step inside the installation."""
        return json.loads(self._ended(self._started(*step)))

    def _started(self, *step: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "bench.services_worker", *step]
        return subprocess.Popen(command, env=self.house.env, stdout=subprocess.PIPE, text=True)

    @staticmethod
    def _ended(process: "subprocess.Popen[str]") -> str:
        out, _ = process.communicate(timeout=600)
        if process.returncode:
            raise SystemExit(f"A step ended with {process.returncode}.")
        return out.splitlines()[-1]

    def row(self, name: str, value: float, unit: str, *, least: float = 0, most: float = 0) -> None:
        """Add a line of the table."""
        met = value >= least if least else value <= most if most else None
        must = f">= {least:g}" if least else f"<= {most:g}" if most else ""
        self.rows.append((name, value, unit, must, met))
        verdict = "" if met is None else "met" if met else "MISSED"
        print(f"{name:<58}{value:>12,.2f} {unit:<10}{must:<10}{verdict}", flush=True)

    # The relay alone with the broker.
    def relay(self) -> None:
        """Publish with one relay, then with two."""
        for relays, least in ((1, 500), (2, 1_000)):
            self.inside("jobs", str(JOBS))
            running = [self._started("publish") for _ in range(relays)]
            done = [json.loads(self._ended(one)) for one in running]
            seconds = max(one["ended"] for one in done) - min(one["began"] for one in done)
            sent = sum(one["sent"] for one in done)
            self.row(f"{relays} relay(s), confirmed messages", sent / seconds, "/s", least=least)
        self.house.real.empty_queues()
        self.house.real.execute("DELETE FROM jobs_job")

    # Requests with a healthy broker, a frozen one and none.
    def accepting(self) -> None:
        """Measure the request that accepts a lookup."""
        from deploy.services.rabbitmq import RabbitMQ
        from tests.faults import servers

        broker = servers.made(RabbitMQ)
        self._times(40)  # templates and connections
        sound = self.row_of_requests("the request that accepts a lookup, p95", self._times(ASKING), most=60)
        with servers.frozen(broker):
            frozen = self.row_of_requests("the same with the broker frozen, p95", self._times(ASKING))
        servers.kill(broker)
        try:
            dead = self.row_of_requests("the same without a broker, p95", self._times(ASKING))
        finally:
            broker.start()
        again = self.row_of_requests("the same with the broker back, p95", self._times(ASKING))
        self.row("frozen or dead against sound, of p95", max(frozen, dead) / max(sound, again), "x", most=1.1)

    def row_of_requests(self, name: str, times: list[float], *, most: float = 0) -> float:
        """Add the 95th percentile of 100 requests, in ms."""
        p95 = 1000 * quantiles(times, n=20)[-1]
        self.row(name, p95, "ms", most=most)
        return p95

    def _times(self, count: int) -> list[float]:
        keys = self.inside("members", str(count))
        with ThreadPoolExecutor(HANDS) as hands:
            return list(hands.map(self._ask, keys, range(self.people, self.people + count)))

    def _send_lookup(self, session: str, number: int) -> float:
        """Open the form and send it; return the seconds of the sending."""
        self.people = max(self.people, number + 1)
        connection = http.client.HTTPConnection(self.house.behind, timeout=30)
        headers = {"Cookie": f"sessionid={session}", "X-Forwarded-For": f"10.9.{number % 250}.7"}
        connection.request("GET", "/registration/find/", headers=headers)
        answer = connection.getresponse()
        token = TOKEN.search(answer.read())
        crumb = next(value for name, value in answer.getheaders() if name == "Set-Cookie" and "csrf" in value)
        assert token, answer.status
        form = FORM | {"address": f"{number + 1} Mill Street"}
        body = urlencode(form | {"csrfmiddlewaretoken": token[1].decode()})
        headers["Cookie"] += f"; {crumb.split(';')[0]}"
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        began = time.perf_counter()
        connection.request("POST", "/registration/find/", body, headers)
        answer = connection.getresponse()
        content = answer.read()
        took = time.perf_counter() - began
        assert answer.status == 302, (answer.status, content)
        connection.close()
        return took

    def lag(self) -> None:
        """Accept lookups at a rate, from as many processes as there are web workers, while relay and worker run."""
        asking = [self._started("lag", str(RATE // HANDS), str(SECONDS)) for _ in range(HANDS)]
        found = [json.loads(self._ended(one)) for one in asking]
        self.row("lookups accepted", sum(one["accepted a second"] for one in found), "/s", least=0.97 * RATE)
        self.row(f"outbox lag at {RATE} lookups/s asked, p95", max(one["p95_ms"] for one in found), "ms", most=500)
        self.row("outbox lag, longest", max(one["max_ms"] for one in found), "ms")

    def workers(self) -> None:
        """Measure the memory that worker processes have for themselves."""
        pids = self.house.pids("worker") + self.house.pids("worker", children=True)
        self.row("the largest worker process, own memory", max(map(private_mb, pids)), "MB", most=200)

    def pages(self) -> None:
        """Compare a cached public page with a static file of the same content, both compressed and served by nginx."""
        base = self.house.url
        page = fetched(f"{base}/")
        kept = Path(os.environ["TEST_SERVERS"]).parents[1] / "static" / "bench.html"
        kept.parent.mkdir(exist_ok=True)
        kept.write_bytes(page)
        pressed = kept.with_suffix(".html.gz")
        pressed.write_bytes(gzip.compress(page))
        try:
            fetched(f"{base}/")
            rates = {name: wrk(f"{base}{path}") for name, path in (("page", "/"), ("file", "/static/bench.html"))}
        finally:
            kept.unlink()
            pressed.unlink()
        self.row("a public page from memcached, by nginx", rates["page"], "/s")
        self.row("a static file of the same size", rates["file"], "/s")
        self.row("the page against the file", rates["page"] / rates["file"], "x", least=0.7)


def fetched(url: str) -> bytes:
    """Return a page as an anonymous visitor gets it."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
    connection.request("GET", where.path, headers={"Accept-Language": "en"})
    answer = connection.getresponse()
    content = answer.read()
    assert answer.status == 200, (url, answer.status)
    connection.close()
    return content


def wrk(url: str) -> float:
    """Return the requests per second that wrk measures in five seconds on sixteen connections, with browser headers."""
    if not shutil.which("wrk"):
        if os.geteuid():
            raise SystemExit("wrk is missing. To measure pages: apt-get install wrk")
        subprocess.run(["apt-get", "install", "-y", "-qq", "wrk"], check=True, stdout=subprocess.DEVNULL)
    command = ["wrk", "-t1", "-c16", "-d5s", "-H", "Accept-Language: en", "-H", "Accept-Encoding: gzip", url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "Non-2xx" not in said, said
    return float(re.findall(r"Requests/sec: +([\d.]+)", said)[0])


@contextmanager
def installation(folder: Path) -> Iterator[Bench]:
    """Yield a migrated installation, and stop it."""
    bench = Bench(folder)
    try:
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], check=True, env=bench.house.env)
        yield bench
    finally:
        bench.house.stop()


def main() -> int:
    """Measure, print and write; return 1 if a required target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="relay,accepting,lag,workers,pages")
    only = parser.parse_args().only.split(",")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings.test")
    django.setup()
    with tempfile.TemporaryDirectory(prefix="votekin-bench-") as name, installation(Path(name)) as bench:
        if "relay" in only:
            bench.relay()
        bench.house.start()
        for step in ("accepting", "lag", "workers", "pages"):
            if step in only:
                getattr(bench, step)()
        rows = bench.rows
    OUT.mkdir(exist_ok=True)
    names = ("name", "value", "unit", "must", "met")
    facts = {"load": os.getloadavg(), "rows": [dict(zip(names, row, strict=True)) for row in rows]}
    (OUT / "real_servers.json").write_text(json.dumps(facts, indent=1))
    return int(any(row[4] is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
