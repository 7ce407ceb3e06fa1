"""Measure districts over HTTP: one gunicorn worker on one core, compared with a bare view behind the same middleware.

`python -m bench.districts_http` generates a small state in a scratch folder, starts gunicorn with the default
settings and sends requests over keep-alive connections from one thread. Times are the server's own processor time
(from /proc), which the client on the other core and other load distort least. Every place was requested once before.
"""

import http.client
import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.table import Line, report

ROOT = Path(__file__).parent.parent
OUT = Path(__file__).parent / "out" / "districts_http.json"
PORT = 18_431
CALLS = 1_000
ROUNDS = 5
WARM = 2_000
TICKS = os.sysconf("SC_CLK_TCK")
MADE = 2_000


class Server:
    """gunicorn over a scratch installation."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.env = {**os.environ, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "bench.bare_settings", "LOG_LEVEL": "WARNING"}  # noqa: E501  # fmt: skip
        self.workers = workers
        self.process: subprocess.Popen[bytes] | None = None

    def manage(self, *words: str) -> str:
        """Run a management command; return its output."""
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True).stdout

    @contextmanager
    def running(self) -> Iterator["Server"]:
        """Serve until the block ends."""
        command = [sys.executable, "-m", "gunicorn", "project.wsgi", "-c", "deploy/gunicorn.py", "--max-requests", "0"]
        command += ["--bind", f"127.0.0.1:{PORT}", "--workers", str(self.workers), "--threads", "4"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.env)
        try:
            _wait()
            yield self
        finally:
            self.process.terminate()
            self.process.wait(timeout=30)

    def seconds(self) -> float:
        """Return the processor time of the workers so far."""
        assert self.process
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        fields = [Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split() for child in children]
        return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS


def _wait() -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            _ask(http.client.HTTPConnection("127.0.0.1", PORT, timeout=5), "GET", "/bare")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("gunicorn did not start")


def _ask(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None, key: str = "") -> bytes:
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"} if key else {}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path.partition('?')[0]} returned {answer.status}: {text[:300]!r}")
    return text


Ask = Callable[[http.client.HTTPConnection, int], Any]


def timed(server: Server, asks: dict[str, tuple[int, Ask]]) -> dict[str, tuple[float, float]]:
    """Return seconds a call, of the server's processor and by the clock; the best of ROUNDS.

    The variants take turns, so that a slow moment of the machine affects all of them.
    """
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    for calls, ask in asks.values():
        for number in range(min(WARM, calls)):
            ask(connection, number)
    best = dict.fromkeys(asks, (math.inf, math.inf))
    for _ in range(ROUNDS):
        for name, (calls, ask) in asks.items():
            began, used = time.perf_counter(), server.seconds()
            for number in range(calls):
                ask(connection, number)
            took = (server.seconds() - used) / calls, (time.perf_counter() - began) / calls
            best[name] = min(best[name][0], took[0]), min(best[name][1], took[1])
    return best


def run(folder: Path) -> list[Line]:
    """Measure in a scratch folder."""
    server = Server(folder, workers=1)
    state = folder / "state"
    server.manage("make_state", "--out", str(state), "--voters", "1000", "--seed", "1")
    server.manage("load_nation", str(state))
    words = ["--scope", "districts", "--scope", "officials", "--budget", "100000000"]
    key = server.manage("api_key", "create", "Bench", *words).strip().splitlines()[-1]
    addresses, points = _places(state)
    with server.running():
        batch = {"lon": [p["lon"] for p in points] * 5, "lat": [p["lat"] for p in points] * 5}
        found = timed(server, {
            "bare": (CALLS, lambda c, _n: _ask(c, "GET", "/bare")),
            "point": (CALLS, lambda c, n: _ask(c, "POST", "/api/v1/districts/point", points[n % MADE], key)),
            "many": (20, lambda c, _n: _ask(c, "POST", "/api/v1/districts/points", batch, key)),
            "civic": (CALLS, lambda c, n: _ask(c, "GET", f"/civicinfo/v2/representatives?{addresses[n % MADE]}&key={key}")),  # noqa: E501
        })  # fmt: skip
    (bare, _), (point, _), (many, many_clock), (civic, _) = found.values()
    return [
        Line("bare view, same middleware", 1 / bare, "/s a core"),
        Line("one point, six layers", 1 / point, "/s a core"),
        Line("one point against the bare view", bare / point, "", ">= .5", bare / point >= 0.5),
        Line("batch of 10,000 points: processor", many * 1e3, "ms"),
        Line("batch of 10,000 points: clock", many_clock * 1e3, "ms", "<= 150", many_clock <= 0.15),
        Line("civicinfo representatives, structured addresses", 1 / civic, "/s a core"),
        Line("civicinfo representatives, two cores", 2 / civic, "/s", ">= 1,000", 2 / civic >= 1_000),
    ]


def _places(state: Path) -> tuple[list[str], list[dict[str, float]]]:
    """Return addresses as queries, and points around them."""
    import pyarrow.parquet as pq
    import shapely

    table = pq.read_table(state / "addresses" / "addrfeat.parquet").to_pydict()
    rows = [row for row in zip(table["LFROMHN"], table["FULLNAME"], table["LCITY"], table["ZIPL"], table["geometry"], strict=True) if row[0] and row[1] and row[3]]  # noqa: E501  # fmt: skip
    picked = random.Random(1).choices(rows, k=MADE)
    lines = shapely.from_wkb([row[4] for row in picked])
    points = [{"lon": line.coords[0][0], "lat": line.coords[0][1]} for line in lines]
    return [urlencode({"address": f"{row[0]} {row[1]}, {row[2]}, HD {row[3]}"}) for row in picked], points


def main() -> int:
    """Run, print and write; exit with 1 if a target was missed."""
    scratch = Path(tempfile.mkdtemp(prefix=".bench-", dir=Path(__file__).parent))
    try:
        lines = run(scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return report(lines, OUT)


if __name__ == "__main__":
    raise SystemExit(main())
