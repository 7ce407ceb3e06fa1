"""Run the playbooks of deploy/ansible against machines of the test, from an inventory of their own."""

import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import yaml
from django.conf import settings

from tests.machines.nspawn import SITE, Machine

FOLDER = settings.ROOT / "deploy" / "ansible"
CHANGED = re.compile(r"changed=(\d+)")
SERVERS = "app nginx postgresql pgbouncer rabbitmq redis memcached backup monitoring".split()


class Playbooks:
    """An inventory of one machine, its variables, and its secrets."""

    def __init__(self, machine: Machine, folder: Path, archive: Path, recipient: str) -> None:
        self.machine, self.folder = machine, folder
        folder.mkdir(exist_ok=True)
        ssh = "-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
        host = {
            "ansible_host": machine.address,
            "ansible_user": "root",
            "ansible_ssh_private_key_file": str(machine.key),
            "ansible_ssh_common_args": ssh,
        }
        inventory: dict[str, object] = {"one": {"hosts": {machine.name: host}}}
        inventory |= {name: {"children": {"one": {}}} for name in SERVERS}
        (folder / "hosts.yml").write_text(yaml.safe_dump(inventory))
        variables = {
            "votekin_archive": str(archive),
            "votekin_site": SITE,
            "votekin_owner": "owner@example.org",
            "votekin_email_url": "smtp://user:password@mail.example.org:587?tls=1",
            "votekin_certificate": str(machine.root / "etc/ssl/votekin/fullchain.pem"),
            "votekin_certificate_key": str(machine.root / "etc/ssl/votekin/key.pem"),
            "votekin_backup_recipients": [recipient],
            "apt_source": "deb [trusted=yes] file:/packages/debs ./",
            "python_packages": "/packages/wheels",
        }
        (folder / "group_vars").mkdir(exist_ok=True)
        (folder / "group_vars" / "all.yml").write_text(yaml.safe_dump(variables))

    def run(self, playbook: str, *options: str, **variables: str) -> int:
        """Run a playbook to its end; return how many tasks changed something."""
        extra = [word for name, value in variables.items() for word in ("-e", f"{name}={value}")]
        return self._run([f"{playbook}.yml", *options, *extra])

    def _run(self, arguments: Sequence[str]) -> int:
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            "-i",
            str(self.folder / "hosts.yml"),
            *arguments,
        ]
        done = subprocess.run(
            self.machine.network.inside(["env", f"ANSIBLE_CONFIG={FOLDER / 'ansible.cfg'}", *command]),
            cwd=FOLDER,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        (self.folder / "last.log").write_text(done.stdout + done.stderr)
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        return sum(int(count) for count in CHANGED.findall(done.stdout.partition("PLAY RECAP")[2]))

    def changes(self) -> list[str]:
        """Return the tasks of the last run that changed something."""
        text = (self.folder / "last.log").read_text()
        parts = re.split(r"^TASK \[(.*?)\].*$", text, flags=re.MULTILINE)
        return [name for name, body in zip(parts[1::2], parts[2::2], strict=True) if "changed: [" in body]
