"""Boot a fresh Debian machine: an overlay over the tree of base.sh, started by systemd-nspawn."""

import shutil
import subprocess
from pathlib import Path

from tests.demo_server import until
from tests.machines.certificates import Authority
from tests.machines.network import GATEWAY, Network

SITE = "votekin.example.org"
BOOT_SECONDS = 240
SHUTDOWN_SECONDS = 120
APT = "deb [trusted=yes] file:/packages/debs ./\n"
PIP = "[global]\nno-index = true\nfind-links = /packages/wheels\n"
UV = 'no-index = true\nfind-links = ["/packages/wheels"]\n'
ADDRESS = "[Match]\nName=host0\n[Network]\nAddress={address}/24\nGateway={gateway}\n"
HOSTS = "127.0.0.1 localhost\n127.0.1.1 {name}\n{address} {site}\n{gateway} mail.example.org\n"


class Machine:
    """A machine with systemd as its first process, SSH, and one address."""

    def __init__(self, network: Network, base: Path, folder: Path, name: str, number: int) -> None:
        self.network, self.name, self.address = network, name, f"10.77.0.{number}"
        self.folder, self.root, self.key = folder / name, folder / name / "root", folder / "key"
        for part in ("upper", "work", "root"):
            (self.folder / part).mkdir(parents=True)
        if not self.key.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.key], check=True)
        layers = f"lowerdir={base / 'base'},upperdir={self.folder / 'upper'},workdir={self.folder / 'work'}"
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o", layers, self.root], check=True)
        self.packages = base / "packages"
        self._process: subprocess.Popen[bytes] | None = None
        self._log = (self.folder / "console.log").open("ab")

    def _write(self, path: str, text: str, mode: int = 0o644) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        target.chmod(mode)

    def prepare(self, authority: Authority) -> None:
        """Write what a provider and an operator bring: addresses, package sources, SSH key, and certificate."""
        words = {"name": self.name, "address": self.address, "site": SITE, "gateway": GATEWAY}
        self._write("etc/hostname", self.name + "\n")
        self._write("etc/hosts", HOSTS.format(**words))
        self._write("etc/systemd/network/10-host0.network", ADDRESS.format(**words))
        self._write("root/.ssh/authorized_keys", self.key.with_suffix(".pub").read_text(), 0o600)
        (self.root / "root/.ssh").chmod(0o700)
        for known in ("etc/apt/sources.list.d", "var/lib/apt/lists"):
            shutil.rmtree(self.root / known, ignore_errors=True)
        (self.root / "var/lib/apt/lists/partial").mkdir(parents=True)
        self._write("etc/apt/sources.list", APT)
        # The disk is thrown away after the test.
        self._write("etc/dpkg/dpkg.cfg.d/fast", "force-unsafe-io\n")
        self._write("etc/pip.conf", PIP)
        self._write("etc/uv/uv.toml", UV)
        self._write("usr/local/share/ca-certificates/votekin-test.crt", authority.certificate.read_text())
        subprocess.run(["chroot", self.root, "update-ca-certificates"], check=True, capture_output=True)
        pair = authority.issue(SITE)
        self._write("etc/ssl/votekin/fullchain.pem", pair.certificate.read_text())
        self._write("etc/ssl/votekin/key.pem", pair.key.read_text(), 0o600)

    def boot(self) -> None:
        """Start it and wait until systemd has started every unit."""
        (self.root / "packages").mkdir(exist_ok=True)
        command = ["systemd-nspawn", "--quiet", "--keep-unit", "--register=no", f"--directory={self.root}", "--boot"]
        command += ["--network-bridge=br0", f"--machine={self.name}", f"--bind-ro={self.packages}:/packages"]
        self._process = subprocess.Popen(
            self.network.inside(command),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        self.wait_for_boot()

    def wait_for_boot(self) -> None:
        """Wait until SSH answers and systemd has started every unit."""
        assert until(lambda: "running" in self.systemd_state(), BOOT_SECONDS), self.systemd_state() + self.failed()

    def systemd_state(self) -> str:
        """Return the state of the machine, such as `running` or `degraded`, or an empty text if SSH does not answer."""
        return self._poll("systemctl is-system-running")

    def failed(self) -> str:
        """Return the units that failed."""
        return self._poll("systemctl --failed --no-legend --plain")

    def ssh_command(self) -> list[str]:
        """Return the SSH command, without what to run."""
        quiet = "-o BatchMode=yes -o ConnectTimeout=3 -o LogLevel=ERROR -o StrictHostKeyChecking=no".split()
        return ["ssh", "-i", str(self.key), *quiet, "-o", "UserKnownHostsFile=/dev/null", f"root@{self.address}"]

    def _ssh(self, command: str, *, stdin: str = "", timeout: int = 600) -> "subprocess.CompletedProcess[str]":
        words = self.network.inside([*self.ssh_command(), command])
        return subprocess.run(words, input=stdin, capture_output=True, text=True, check=False, timeout=timeout)

    def _poll(self, command: str) -> str:
        """Return the output of a command, or an empty text if the machine does not answer."""
        try:
            return self._ssh(command, timeout=10).stdout.strip()
        except subprocess.TimeoutExpired:
            return ""

    def run(self, script: str) -> str:
        """Run a script in one shell, which ends at its first error; return its output."""
        store = "f=$(mktemp) && cat >$f && bash -euo pipefail $f </dev/null"
        done = self._ssh(store, stdin=script)
        assert done.returncode == 0, f"{script[:300]}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def succeeds(self, command: str) -> bool:
        """Return whether a command ends with status 0."""
        return self._ssh(command).returncode == 0

    def copy(self, source: Path, target: str) -> None:
        """Copy a file from this computer."""
        shutil.copyfile(source, self.root / target.lstrip("/"))

    def reboot(self) -> None:
        """Shut it down as `systemctl reboot` does, and start it again with its disk."""
        assert self._process
        self._ssh("systemctl reboot")
        # systemd-nspawn ends here instead of starting over where /run is part of the computer's disk.
        self._process.wait(SHUTDOWN_SECONDS)
        self.boot()

    def close(self) -> None:
        """Stop it and remove its disk."""
        if self._process and self._process.poll() is None:
            self._process.kill()
            self._process.wait(10)
        self._log.close()
        subprocess.run(["umount", "--lazy", self.root], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
