"""Run machines and their clients in a network namespace of their own, so that no packet leaves this computer."""

import os
import subprocess
from collections.abc import Sequence

GATEWAY = "10.77.0.1"


class Network:
    """A namespace with a bridge; its own address is GATEWAY."""

    def __init__(self) -> None:
        self.name = f"votekin{os.getpid()}"
        subprocess.run(["ip", "netns", "add", self.name], check=True)
        for words in (
            "link set lo up",
            "link add br0 type bridge",
            f"address add {GATEWAY}/24 dev br0",
            "link set br0 up",
        ):
            self.run(["ip", *words.split()])

    def inside(self, command: Sequence[str]) -> list[str]:
        """Return the command that runs `command` in the namespace.

        `ip netns exec` would hide /sys/fs/cgroup, which systemd-nspawn needs.
        """
        return ["nsenter", f"--net=/run/netns/{self.name}", *command]

    def run(self, command: Sequence[str], *, stdin: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a command in the namespace to its end; raise AssertionError with its output if it fails."""
        done = subprocess.run(self.inside(command), input=stdin, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{' '.join(command[:3])} …\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
        return done

    def start(self, command: Sequence[str]) -> "subprocess.Popen[bytes]":
        """Start a command in the namespace."""
        return subprocess.Popen(self.inside(command), stdin=subprocess.DEVNULL)

    def close(self) -> None:
        """Remove the namespace."""
        subprocess.run(["ip", "netns", "delete", self.name], check=False)
