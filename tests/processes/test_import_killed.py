"""A worker killed at any chunk of an import loses nothing and duplicates nothing."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.processes

# (function, chunk) before which the process is killed. _write_plan begins the transaction of a chunk, write_keys and
# _advance_checkpoint are inside it, plan_rows follows the transaction of the previous chunk.
KILL_POINTS = (
    *(("plan_rows", 0), ("_write_plan", 0), ("write_keys", 1)),
    *(("_advance_checkpoint", 1), ("plan_rows", 1), ("_finish", 0)),
)
PREPARE = """
import io, django; django.setup()
from django.core.management import call_command; call_command("migrate", verbosity=0)
from apps.accounts.models import User
from apps.contacts.imports import previews
owner = User.objects.create_user("nora@example.org", None)
rows = "".join(f"Ann{n},Lee{n},ann{n}@example.org\\n" for n in [*range(450), *range(100)])
file = io.BytesIO(("First Name,Last Name,Email\\n" + rows).encode())
previews.confirm(draft=previews.start_file(owner=owner, stream=file))
"""
DIE = """
import os, signal, sys, django; django.setup()
from apps.contacts.imports import runner
from apps.jobs import jobs
from apps.jobs.models import Job
name, chunk = sys.argv[1], int(sys.argv[2])
seen, plain = [], getattr(runner, name)
def deadly(*args, **kwargs):
    seen.append(1)
    if len(seen) > chunk:
        os.kill(os.getpid(), signal.SIGKILL)
    return plain(*args, **kwargs)
setattr(runner, name, deadly)
Job.objects.update(attempts=0)  # the test is about data, not about giving up
Job.objects.filter(state="running").republish()
jobs.drain()
"""
COUNT = """
import json, django; django.setup()
from apps.contacts.models import Contact, ContactKey, Import, ImportPart, ImportedRow
from apps.jobs import jobs, reconcile
from apps.jobs.models import Job
Job.objects.update(attempts=0)  # the test is about data, not about giving up
Job.objects.filter(state="running").republish()
reconcile.reconcile(); jobs.drain()
one = Import.objects.get()
people = [contact.data for contact in Contact.objects.all()]
print(json.dumps({"state": one.state, "new": one.new, "same": one.same, "done": one.done, "contacts": len(people),
    "different": len(set(people)), "rows": ImportedRow.objects.count(),
    "left": ImportPart.objects.filter(kind="rows").count()}))
"""


def run(folder: Path, code: str, *args: str) -> "subprocess.CompletedProcess[str]":
    """Run code in a separate process, on a scratch installation."""
    env = {"PATH": os.defpath, "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "settings.dev", "LOG_LEVEL": "ERROR"}
    return subprocess.run(
        [sys.executable, "-c", code, *args], cwd=settings.ROOT, env=env, capture_output=True, text=True, timeout=100,
        check=False,
    )  # fmt: skip


def test_killed_at_every_chunk_it_ends_exact(tmp_path: Path) -> None:
    assert run(tmp_path, PREPARE).returncode == 0
    for name, chunk in KILL_POINTS:
        assert run(tmp_path, DIE, name, str(chunk)).returncode == -signal.SIGKILL, (name, chunk)
    done = run(tmp_path, COUNT)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert (found["state"], found["new"], found["done"], found["left"]) == ("done", 450, 550, 0)
    assert found["contacts"] == found["different"] == 450
    assert found["rows"] == found["done"]
