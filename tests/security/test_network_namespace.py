"""The product works where no other machine can be reached: in a network namespace with nothing but loopback."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow
UNSHARE = shutil.which("unshare")
ISOLATED = [UNSHARE or "unshare", "--user", "--map-root-user", "--net"]
# Sign-in with mail, lookups, imports of contacts, public pages, and the clients that could leave the machine.
SAMPLE = ("tests/accounts/test_sign_in.py", "tests/verification/test_breaks.py", "tests/contacts/test_attacks.py",
          "tests/contacts/oauth/test_client.py", "tests/core/test_http_client.py")  # fmt: skip
REACH = "import socket; socket.create_connection(('192.0.2.1', 80), 5)"


def _can_isolate() -> bool:
    return bool(UNSHARE) and subprocess.run([*ISOLATED, "true"], check=False, capture_output=True).returncode == 0


@pytest.mark.skipif(not _can_isolate(), reason="this machine allows no network namespace")
def test_the_product_needs_no_other_machine(tmp_path: Path) -> None:
    reached = subprocess.run([*ISOLATED, sys.executable, "-c", REACH], capture_output=True, text=True, check=False)
    assert "unreachable" in reached.stderr
    loopback = 'ip link set lo up && exec "$@"'
    # With a folder of its own, it does not tidy up those of the tests that run beside it.
    pytest_command = ["pytest", "-q", "-n", "0", "--basetemp", str(tmp_path / "inner"), *SAMPLE]
    command = [*ISOLATED, "sh", "-c", loopback, "sh", sys.executable, "-m", *pytest_command]
    done = subprocess.run(command, cwd=settings.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
