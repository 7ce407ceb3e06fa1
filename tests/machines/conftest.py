"""Provide the network, the mail server, and the release archive that all machines of a run share."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.machines.certificates import Authority
from tests.machines.network import GATEWAY, Network
from tests.machines.nspawn import Machine

SUITES = {"12": "bookworm", "13": "trixie"}
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def base() -> Path:
    """Return the folder of the Debian tree and of the packages; the first run fetches them."""
    if os.geteuid() != 0:
        pytest.skip("only root can boot machines")
    debian = os.environ.get("DEBIAN", "12")
    assert debian in SUITES, f"DEBIAN is {debian!r}; write 12 or 13."
    cache = Path(os.environ.get("SERVICES_CACHE", "/var/cache/votekin")) / "machines" / SUITES[debian]
    subprocess.run([HERE / "base.sh", SUITES[debian], cache], check=True)
    return cache


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """Return a folder on the disk: an overlay cannot lie on another one."""
    path = Path(tempfile.mkdtemp(prefix="votekin-machines-", dir="/var/tmp"))
    # The settings' umask would close the machines' own directories to their services.
    before = os.umask(0o022)
    yield path
    os.umask(before)
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def archive(folder: Path) -> Path:
    """Return the release archive: the committed files of this checkout."""
    path = folder / "votekin.tar.gz"
    subprocess.run(["git", "archive", "--format=tar.gz", "-o", path, "HEAD"], cwd=settings.ROOT, check=True)
    return path


@pytest.fixture(scope="session")
def network(base: Path) -> Iterator[Network]:
    """Return the machines' network."""
    one = Network()
    yield one
    one.close()


@pytest.fixture(scope="session")
def authority(folder: Path) -> Authority:
    """Return the certificate authority that machines and visitors trust."""
    return Authority(folder)


@pytest.fixture(scope="session")
def mail(network: Network, authority: Authority, folder: Path) -> Iterator[Path]:
    """Start the mail server; return the folder of its emails."""
    stored = folder / "mail"
    stored.mkdir()
    pair = authority.issue("mail.example.org")
    server = network.start(
        [sys.executable, "-m", "tests.machines.mail_server", GATEWAY, *map(str, (stored, pair.certificate, pair.key))]
    )
    yield stored
    server.terminate()
    server.wait(10)


@pytest.fixture(scope="session")
def boot(network: Network, base: Path, folder: Path, authority: Authority) -> Iterator[Callable[[str, int], Machine]]:
    """Return a function that boots a fresh machine by name and number."""
    machines: list[Machine] = []

    def start(name: str, number: int) -> Machine:
        machine = Machine(network, base, folder, name, number)
        machines.append(machine)
        machine.prepare(authority)
        machine.boot()
        return machine

    yield start
    for machine in machines:
        machine.close()
