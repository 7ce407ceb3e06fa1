"""`make security`: runs the test of every control in controls.toml and prints each control with its result.

A test that needs real servers is skipped without them: start those with `make services` and set TEST_SERVERS. Exits
with 1 if a test fails or is skipped, or a control is open.
"""

import subprocess
import sys
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

TABLE = Path(__file__).parent / "controls.toml"


def results(report: Path) -> dict[str, set[str]]:
    """Return the outcomes of each test function: passed, failed, skipped."""
    found: dict[str, set[str]] = defaultdict(set)
    for case in ElementTree.parse(report).iter("testcase"):  # noqa: S314 - written by pytest above
        name = f"{case.get('classname', '').replace('.', '/')}.py::{case.get('name', '').partition('[')[0]}"
        kinds = {child.tag for child in case}
        found[name].add("failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed")
    return found


def main() -> int:
    """Run the tests and print the table."""
    controls = tomllib.loads(TABLE.read_text())
    tests = sorted({test for control in controls.values() for test in control["tests"]})
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        subprocess.run([sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *tests], check=False)
        outcomes = results(report)
    wrong = 0
    for name, control in controls.items():
        bad = [test for test in control["tests"] if outcomes.get(test) != {"passed"}]
        skipped = bad and all(outcomes.get(test, set()) <= {"passed", "skipped"} and test in outcomes for test in bad)
        result = "skips" if skipped else "FAILS" if bad else "open" if control.get("open") else "holds"
        wrong += result != "holds"
        print(f"{name:<4} {result:<6} {control['title']}")
        for line in bad or [control["open"]] if result != "holds" else []:
            print(f"{'':<11} {line}")
    print(f"{len(controls) - wrong} of {len(controls)} controls hold.")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
