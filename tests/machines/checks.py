"""Check a machine as its visitors and its operator see it."""

import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.demo_server import until
from tests.machines.certificates import Authority
from tests.machines.nspawn import SITE, Machine

LETTER_SECONDS = 60
DOCTOR_SECONDS = 90
EXPOSURE = 4.0
UNITS = ("votekin-web", "votekin-relay", "votekin-scheduler", "votekin-worker@1")


def visit(machine: Machine, authority: Authority, email: str) -> dict[str, Any]:
    """Sign up over TLS and return what the visitor saw."""
    trust = ["env", f"SSL_CERT_FILE={authority.certificate}"]
    command = [*trust, sys.executable, "-m", "tests.machines.visit", machine.address, email]
    seen: dict[str, Any] = json.loads(machine.network.run(command).stdout)
    return seen


def check_site(machine: Machine, authority: Authority, mail: Path, email: str) -> None:
    """Check style sheets, /readyz, the redirect to TLS, and a sign-up whose email a worker sends."""
    seen = visit(machine, authority, email)
    assert seen["sheets"]
    assert all(sheet == [200, "text/css"] for sheet in seen["sheets"]), seen["sheets"]
    status, ready = seen["ready"]
    assert status == 200
    assert all(ready[name] for name in ("migrated", "worker", "relay", "scheduler")), ready
    assert seen["plain"].startswith(f"https://{SITE}/")
    assert "confirm-email" in seen["after"], seen["after"]
    assert until(lambda: bool(letters_to(mail, email)), LETTER_SECONDS), machine.run("journalctl -p warning -n 60")


def letters_to(mail: Path, email: str) -> list[Path]:
    """Return the emails that the mail server stored for an address."""
    return [path for path in mail.glob("*.eml") if re.search(rf"^To: .*{re.escape(email)}", path.read_text(), re.M)]


def check_operation(machine: Machine) -> None:
    """Check `doctor`, a command as cron runs it, and that no unit failed."""
    assert until(lambda: machine.succeeds("votekin doctor"), DOCTOR_SECONDS), machine.run("votekin doctor || true")
    assert machine.succeeds("env -i /bin/sh -c '/usr/local/bin/votekin reconcile --dry-run'")
    assert machine.failed() == ""


def check_exposure(machine: Machine) -> None:
    """Check that systemd rates the exposure of every unit under the limit."""
    for unit in UNITS:
        verdict = machine.run(f"systemd-analyze security --no-pager {unit}.service").splitlines()[-1]
        exposure = re.search(r"(\d+\.\d) ", verdict)
        assert exposure, verdict
        assert float(exposure[1]) < EXPOSURE, f"{unit}: {verdict}"


def check_machine(machine: Machine, authority: Authority, mail: Path) -> None:
    """Run every check, before and after a reboot."""
    check_site(machine, authority, mail, f"before@{machine.name}.example.org")
    check_operation(machine)
    check_exposure(machine)
    machine.reboot()
    assert until(lambda: machine.succeeds(f"curl -sf https://{SITE}/readyz"), 60)
    check_operation(machine)
    check_site(machine, authority, mail, f"after@{machine.name}.example.org")
