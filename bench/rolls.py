"""How fast a generated roll loads, index included, and what memory it takes. `python bench/rolls.py [VOTERS ...]`

Each size is generated once under bench/out and loaded by `load_roll` in a process of its own and a fresh DATA_DIR.
Rates count wall-clock time from the first byte read to the roll being live; memory is the peak of the loading
process and of the one beside it that builds the index.
"""

import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "bench" / "out"
SIZES = (100_000, 1_000_000)
MUST_ROWS_A_SECOND = 20_000
SWAPS = 20


def generated_state(voters: int) -> Path:
    """Return the folder of a generated state, generated on the first call."""
    folder = OUT / f"state-{voters}"
    if not (folder / "manifest.json").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        run("make_state", "--out", str(folder), "--voters", str(voters), "--seed", "7", env=environment(OUT / "var"))
    return folder / "roll"


def environment(data_dir: Path) -> dict[str, str]:
    """Return the environment of a scratch installation."""
    return os.environ | {"DATA_DIR": str(data_dir), "DJANGO_SETTINGS_MODULE": "settings.dev"}


def run(*arguments: str, env: dict[str, str]) -> dict[str, Any]:
    """Run a command of manage.py and return its report; `peak_mb` is that of its largest process."""
    command = [sys.executable, "manage.py", *arguments]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.run([*command, "--json"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    if process.returncode:
        raise SystemExit(f"{' '.join(arguments)} ended with {process.returncode}: {process.stderr[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    report: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return report | {"cpu_seconds": round(cpu, 1), "peak_mb": after.ru_maxrss // 1024}


def bench(voters: int, layout: str) -> dict[str, Any]:
    """Load one roll as the first of its state, then the next month's, and roll back."""
    folder = generated_state(voters)
    stem = "ncvoter_HD" if layout == "nc" else "generic"
    first, second = (_found(folder, f"{stem}{end}.") for end in ("", "_next"))
    with tempfile.TemporaryDirectory(dir=OUT, prefix="load-") as name:
        env = environment(Path(name))
        report = run("load_roll", str(first), "--layout", layout, env=env)
        rolls = Path(name) / "rolls"
        disk = sum(p.stat().st_size for p in rolls.rglob("*") if p.is_file())
        again = run("load_roll", str(second), "--layout", layout, "--accept", "bench", env=env)
        began = time.monotonic()
        run("rollback_roll", "--state", "HD", env=env)
        back = time.monotonic() - began
    return {
        "voters": voters,
        "layout": layout,
        "rows_a_second": round(report["read"] / report["seconds"]),
        "next_rows_a_second": round(again["read"] / again["seconds"]),
        "seconds": report["seconds"],
        "certify_seconds": report["phases"]["certify"],
        "cpu_us_a_row": round(1e6 * report["cpu_seconds"] / report["read"], 1),
        "peak_mb": report["peak_mb"],
        "disk_mb": disk >> 20,
        "rollback_command_seconds": round(back, 2),
        "must": MUST_ROWS_A_SECOND,
    }


def _found(folder: Path, beginning: str) -> Path:
    return next(path for path in sorted(folder.iterdir()) if path.name.startswith(beginning))


def main() -> None:
    """Print a line for each measurement, and write them as JSON."""
    sizes = [int(text.replace("_", "")) for text in sys.argv[1:]] or list(SIZES)
    OUT.mkdir(parents=True, exist_ok=True)
    rows = []
    for voters in sizes:
        # Layouts differ only in parsing: a million rows of one suffice for a benchmark of five minutes.
        for layout in ("generic", "nc") if voters < 1_000_000 else ("generic",):
            row = bench(voters, layout)
            rows.append(row)
            print(
                "  ".join(
                    f"{name} {value:,}" if isinstance(value, int) else f"{name} {value}" for name, value in row.items()
                )
            )
    load = [round(value, 1) for value in os.getloadavg()]
    facts = {"machine": platform.platform(), "cores": os.cpu_count(), "load": load, "rolls": rows}
    (OUT / "rolls.json").write_text(json.dumps(facts, indent=1))


if __name__ == "__main__":
    main()
