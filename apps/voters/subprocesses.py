"""Commands started in a process of their own: what takes longer than any task of the worker may."""

import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings


def spawn(*command: str, log: str) -> None:
    """Start a command of the house and let it run; what it says goes to a file beside the rolls, made anew."""
    path = Path(settings.DATA_DIR) / "rolls" / log
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *command],
            cwd=settings.ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
