"""The playbooks install a fresh machine over SSH, change nothing at a second run, and move between releases."""

from collections.abc import Callable
from pathlib import Path

import pyrage
import pytest

from tests.demo_server import until
from tests.machines.certificates import Authority
from tests.machines.checks import check_machine, visit
from tests.machines.nspawn import Machine
from tests.machines.playbooks import Playbooks

pytestmark = [pytest.mark.machine, pytest.mark.slow]
IDENTITY = pyrage.x25519.Identity.generate()


@pytest.fixture(scope="module")
def playbooks(boot: Callable[[str, int], Machine], folder: Path, archive: Path) -> Playbooks:
    """Install a machine with site.yml."""
    one = Playbooks(boot("two", 12), folder / "inventory", archive, str(IDENTITY.to_public()))
    one.run("site", "-l", "one")
    return one


def test_a_second_run_changes_nothing(playbooks: Playbooks) -> None:
    assert playbooks.run("site", "-l", "one") == 0, playbooks.changes()


def test_the_machine_serves_and_survives_a_reboot(playbooks: Playbooks, authority: Authority, mail: Path) -> None:
    check_machine(playbooks.machine, authority, mail)


def test_the_backup_can_be_read_with_the_identity_only(playbooks: Playbooks) -> None:
    playbooks.machine.run("systemctl start backup-votekin.service")
    (made,) = (playbooks.machine.root / "var/backups/votekin").iterdir()
    encrypted = (made / "database.dump.age").read_bytes()
    assert encrypted.startswith(b"age-encryption.org")
    assert pyrage.decrypt(encrypted, [IDENTITY]).startswith(b"PGDMP")
    assert pyrage.decrypt((made / "files.tar.gz.age").read_bytes(), [IDENTITY]).startswith(b"\x1f\x8b")


def test_prometheus_reads_the_metrics(playbooks: Playbooks) -> None:
    query = 'curl -s \'http://127.0.0.1:9090/api/v1/query?query=up\' | grep -c \'"votekin"\\},"value":\\[[0-9.]*,"1"\''
    assert until(lambda: playbooks.machine.succeeds(query), 60), playbooks.machine.run(
        "curl -s http://127.0.0.1:9090/api/v1/targets"
    )


def test_a_release_is_deployed_and_rolled_back(playbooks: Playbooks, authority: Authority) -> None:
    machine = playbooks.machine
    playbooks.run("deploy", votekin_release="next")
    assert machine.run("readlink /opt/votekin/current").strip() == "releases/next"
    running = "readlink /proc/$(systemctl show -P MainPID votekin-web)/cwd"
    assert machine.run(running).strip() == "/opt/votekin/releases/next"
    assert visit(machine, authority, "next@two.example.org")["ready"][0] == 200
    playbooks.run("rollback", votekin_release="0.1.0")
    assert machine.run(running).strip() == "/opt/votekin/releases/0.1.0"
    assert visit(machine, authority, "back@two.example.org")["ready"][0] == 200
