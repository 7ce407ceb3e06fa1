"""docs/operations.md, executed on a fresh machine, results in a site that serves people and survives a reboot."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.machines.certificates import Authority
from tests.machines.checks import check_machine
from tests.machines.nspawn import Machine
from tests.machines.procedure import commands

pytestmark = [pytest.mark.machine, pytest.mark.slow]


def test_the_commands_of_the_page_install_a_site_that_serves(
    boot: Callable[[str, int], Machine], archive: Path, authority: Authority, mail: Path
) -> None:
    machine = boot("one", 11)
    machine.copy(archive, "/root/votekin.tar.gz")
    machine.run(commands())
    check_machine(machine, authority, mail)
