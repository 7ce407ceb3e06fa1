"""Start commands in a separate process, for work that exceeds the task time limit."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def spawn(*command: str, log: str) -> None:
    """Start a management command and return at once; its output overwrites DATA_DIR/rolls/`log`."""
    log_path = Path(settings.DATA_DIR) / "rolls" / log
    log_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        subprocess.Popen(  # noqa: S603 - a fixed command
            [sys.executable, "manage.py", *command],
            cwd=settings.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
