"""Run `make bench`, `make bench-large` and `make bench-services`: one benchmark after the other, each in its own
process.

Each prints its table and writes JSON to bench/out. Run them on an idle machine: other load distorts the figures.
"""

import argparse
import subprocess
import sys
import time

STEPS = {
    "small": [
        ["bench.matching", "--voters", "100000", "--absent", "50000", "--people", "50000"],
        ["bench.rolls", "100000"],
        ["bench.contacts"],
        ["bench.pages"],
        ["bench.districts"],
        ["bench.districts_http"],
        ["bench.matching", "--voters", "1000000", "--absent", "20000", "--people", "100000"],
        ["bench.matching_febrl"],
        ["bench.matching_pseudopeople"],
    ],
    "services": [
        ["bench.services"],
        ["bench.voter_search", "--voters", "1000000"],
    ],
    "large": [
        ["bench.rolls", "1000000"],
        ["bench.rolls_large", "--voters", "8000000"],
        ["bench.response_timing"],
        ["bench.matching", "--voters", "1000000", "--peers"],
        ["bench.matching", "--voters", "10000000"],
    ],
}


def main() -> int:
    """Run the steps; return how many failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("large", "services"):
        parser.add_argument(f"--{name}", dest="which", action="store_const", const=name, default="small")
    steps = STEPS[parser.parse_args().which]
    failed = 0
    for step in steps:
        print(f"\n== {' '.join(step)}", flush=True)
        began = time.monotonic()
        failed += subprocess.run([sys.executable, "-m", *step], check=False).returncode != 0
        print(f"   {time.monotonic() - began:.0f} s", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
