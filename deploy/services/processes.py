"""Start and stop processes: a server is exactly the process whose id and start time are in its pid file."""

import json
import os
import pwd
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from .place import SERVICE_USER, ServiceError, is_root

STOP_SECONDS = 40


def born(pid: int) -> str | None:
    """Return when a process started, in ticks since boot; None if it is gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]


def running(pid_file: Path) -> int | None:
    """Return the process id in a pid file if that very process still runs."""
    try:
        note = json.loads(pid_file.read_text())
    except (OSError, ValueError):
        return None
    return int(note["pid"]) if born(note["pid"]) == note["born"] else None


def start(
    command: Sequence[str | Path], *, pid_file: Path, log: Path, env: Mapping[str, str], as_service_user: bool
) -> None:
    """Start a server in its own session and record its id and start time."""
    other: dict[str, Any] = {}
    if as_service_user and is_root():
        user = pwd.getpwnam(SERVICE_USER)
        other = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    with log.open("ab") as out:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **env},
            cwd="/",
            start_new_session=True,
            **other,
        )
    pid_file.write_text(json.dumps({"pid": process.pid, "born": born(process.pid)}))


def stop(pid_file: Path, how: signal.Signals) -> None:
    """Stop the process of a pid file and wait until it is gone; kill it after STOP_SECONDS."""
    pid = running(pid_file)
    if pid is not None:
        os.kill(pid, how)
        if not wait(lambda: running(pid_file) is None, STOP_SECONDS):
            os.kill(pid, signal.SIGKILL)
            wait(lambda: running(pid_file) is None, 5)
    pid_file.unlink(missing_ok=True)


def wait(condition: Callable[[], bool], seconds: float) -> bool:
    """Return True as soon as the condition is met, False after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def answers(port: int) -> bool:
    """Return whether anything listens on a loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    as_service_user: bool = False,
    stdin: str = "",
    cwd: Path | None = None,
) -> str:
    """Run a command to its end; return its output. ServiceError quotes its last lines, never its arguments."""
    other: dict[str, Any] = {}
    if as_service_user and is_root():
        user = pwd.getpwnam(SERVICE_USER)
        other = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    done = subprocess.run(
        [str(word) for word in command],
        env={**os.environ, **(env or {})},
        cwd=cwd or "/",
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        **other,
    )
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()[-8:]
        raise ServiceError(f"{Path(command[0]).name} ended with {done.returncode}:\n    " + "\n    ".join(lines))
    return str(done.stdout)
