"""Measure a whole state's roll at full size: Ohio's four files, loaded, indexed, certified and live. `--voters
8000000`

The files are generated once under bench/out. The roll is loaded into a new installation, then once more beside the
live one, which includes drift and swap. Rates count wall-clock time from the first byte read to the roll being live.
Memory is the sum of all processes of the load, sampled twice a second; disk is the installation at its largest.
Meanwhile a probe requests a page and writes a row ten times a second, as the web does.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from bench.rolls import OUT, ROOT, environment

SEED, AS_OF = 7, date(2026, 9, 1)
MUST = {"rows_a_second": 20_000, "memory_mb": 2_048, "disk_mb": 12_288, "drift_share": 0.10, "swap_seconds": 1.0,
        "rollback_seconds": 1.0, "web_p95_ms": 50.0}  # fmt: skip
AT_MOST = [name for name in MUST if name != "rows_a_second"]


def generated_files(voters: int) -> list[Path]:
    """Return the four files, generated on the first call; the folder is renamed when they are complete."""
    folder = OUT / f"ohio-{voters}"
    if not folder.is_dir():
        draft = OUT / f".ohio-{voters}.part"
        draft.mkdir(parents=True, exist_ok=True)
        write(draft, voters)
        draft.rename(folder)
    return sorted(folder.glob("SWVF_*.txt.gz"))


def write(folder: Path, voters: int) -> None:
    """Write about as many rows: a few statuses are not in Ohio's files."""
    from apps.synthetic.geography import make_geography
    from apps.synthetic.roll import roll_of
    from apps.synthetic.stream import stream

    geo = make_geography(voters, SEED)
    roll = roll_of("oh", folder, next_month=False, end="")
    for people, places, _new, _rng in stream(geo, round(voters * 1.0527), SEED, AS_OF):
        roll.write(people, places, geo, SEED, AS_OF)
        if sum(roll.counts.values()) >= voters:
            break
    roll.close()


@contextmanager
def watched(sample: Callable[[], None], seconds: float) -> Iterator[None]:
    """Sample periodically while the block runs."""
    stopped = threading.Event()

    def run() -> None:
        while not stopped.wait(seconds):
            sample()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def memory_of(pid: int) -> int:
    """Return the memory in bytes of a process and its descendants; shared pages count proportionally."""
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        try:
            lines = Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()
            total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024
            waiting += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
        except (OSError, StopIteration):
            continue
    return total


def size_of(folder: Path) -> int:
    """Return the bytes of all files of a folder, some of which may disappear meanwhile."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_blocks * 512 if path.is_file() else 0
        except OSError:
            continue
    return total


def load(files: list[Path], env: dict[str, str], log: Path) -> dict[str, Any]:
    """Load the files by the command; return its report with the peaks of memory and disk."""
    command = [sys.executable, "manage.py", "load_roll", *map(str, files), "--layout", "oh", "--json"]
    peaks = {"memory": 0, "disk": 0}
    with log.open("w") as errors:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=errors, text=True)

        def sample() -> None:
            peaks["memory"] = max(peaks["memory"], memory_of(process.pid))
            peaks["disk"] = max(peaks["disk"], size_of(Path(env["DATA_DIR"])))

        with watched(sample, 0.5):
            out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"load_roll ended with {process.returncode}: {log.read_text()[-600:]}")
    report: dict[str, Any] = json.loads(out.splitlines()[-1])
    usage = os.times()
    return report | peaks | {"cpu": usage.children_user + usage.children_system}


def bench(voters: int) -> dict[str, Any]:
    """Measure one size."""
    files = generated_files(voters)
    with tempfile.TemporaryDirectory(dir=OUT, prefix="load-") as name:
        env = environment(Path(name))
        log = OUT / "load.log"
        for command in (["migrate", "-v0"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True)
        stop = Path(name) / "stop"
        probe = subprocess.Popen(
            [sys.executable, "-m", "bench.rolls_process", str(stop)],
            cwd=ROOT,
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = load(files, env, log)
        stop.touch()
        web = json.loads(probe.communicate()[0])
        print(json.dumps({"first": first, "web": web, "load": os.getloadavg()}), flush=True)
        again = load(files, env, log)
        back = subprocess.run(
            [sys.executable, "-m", "bench.rolls_process", "--roll-back", "OH"],
            cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True,
        )  # fmt: skip
    return {
        "voters": first["loaded"],
        "seconds": first["seconds"],
        "rows_a_second": round(first["read"] / first["seconds"]),
        "beside_rows_a_second": round(again["read"] / again["seconds"]),
        "cpu_us_a_row": round(1e6 * first["cpu"] / first["read"], 1),
        "phases": first["phases"],
        "memory_mb": max(first["memory"], again["memory"]) >> 20,
        "disk_mb": max(first["disk"], again["disk"]) >> 20,
        "drift_share": round(again["phases"]["drift"] / again["seconds"], 4),
        "swap_seconds": again["phases"]["swap"],
        "rollback_seconds": json.loads(back.stdout)["seconds"],
        **web,
    }


def main() -> int:
    """Print the table and write it as JSON; return 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=8_000_000)
    parser.add_argument("--only-make", action="store_true")
    options = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    if options.only_make:
        print(*generated_files(options.voters))
        return 0
    row = bench(options.voters)
    print(f"{'':24}{'measured':>12}{'must':>12}")
    for name, value in row.items():
        must = MUST.get(name)
        sign = "" if must is None else ("<= " if name in AT_MOST else ">= ") + f"{must:,}"
        shown = f"{value:,}" if isinstance(value, int | float) else json.dumps(value)
        print(f"{name:24}{shown:>12}{sign:>12}")
    about = {
        "machine": platform.platform(),
        "cores": os.cpu_count(),
        "load": os.getloadavg(),
        "day": f"{datetime.now(UTC):%Y-%m-%d}",
    }
    (OUT / f"rolls-{options.voters}.json").write_text(json.dumps(about | row, indent=1) + "\n")
    print(json.dumps(about | row))
    missed = [n for n, m in MUST.items() if (row[n] > m if n in AT_MOST else row[n] < m)]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
