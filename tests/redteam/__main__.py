"""`make redteam`: run all attacks on installations with full dates and with years only; print and write the table."""

import argparse
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

ROLLS = ("full", "years")


def main() -> int:
    """Run each roll in a process of its own, because a process has one DATA_DIR; return the exit status."""
    parser = argparse.ArgumentParser(prog="make redteam", description=__doc__)
    parser.add_argument("--targets", type=int, default=1000)
    parser.add_argument("--voters", type=int, default=50_000)
    parser.add_argument(
        "--only", default="", help="Attacks whose names contain one of these, by commas; writes no page."
    )
    parser.add_argument("--roll", choices=ROLLS, default="")
    parser.add_argument("--keep", action="store_true", help="With --only: replace these rows of the stored outcomes.")
    parser.add_argument(
        "--page", action="store_true", help="Write the page from the stored outcomes, and attack nothing."
    )
    options = parser.parse_args()
    from tests.redteam import runner

    if options.page:
        runner.write_page(options)
        return 0
    if options.roll:
        with tempfile.TemporaryDirectory(prefix="redteam-") as folder, socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
            probe.close()
            return runner.run(Path(folder), port, options)
    status = 0
    for roll in ROLLS:
        command = [sys.executable, "-m", "tests.redteam", "--roll", roll, "--targets", str(options.targets)]
        command += ["--voters", str(options.voters), "--only", options.only, *(["--keep"] if options.keep else [])]
        status |= subprocess.run(command, check=False).returncode
    if not options.only:
        runner.write_page(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
