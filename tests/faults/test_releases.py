"""A killed load, two releases at once, and keys that change while people sign up."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings

from deploy.services.rabbitmq import RabbitMQ
from tests.demo_server import until
from tests.faults.fault_actions import WEB_SECONDS
from tests.faults.fault_run import run_fault
from tests.faults.installation import Installation
from tests.faults.load import Load
from tests.faults.results import ROWS, FaultResult
from tests.faults.servers import server_of
from tests.http_client import Visitor

pytestmark = [pytest.mark.faults, pytest.mark.services]
LOADED = "SELECT (counts->>'loaded')::int FROM voters_snapshot WHERE status = 'live'"
LOADING = "SELECT count(*) FROM voters_snapshot WHERE status = 'loading'"
READABLE = "from apps.verification.models import Attempt\nprint(sum(bool(one.query) for one in Attempt.objects.all()))"
# Not one of the demo's people, who get a new password at each start.
KEEP = """
from apps.accounts import consents
from apps.accounts.services import add_member
from apps.verification.models import Attempt
from apps.verification.query import VoterQuery
member, _ = add_member(email="keys@example.org", role="member", password="quiet-harbor-lantern-77")
consents.record(member)
Attempt.objects.create(member=member, query=VoterQuery("Ann", "Lee").to_text(), state="not_found")
"""


def test_f32_a_load_of_a_roll_that_was_killed(installation: Installation, tmp_path: Path) -> None:
    """The live roll stays; the second attempt loads every row once; the first leaves nothing behind."""
    source, again = installation.data / "demo" / "roll" / "generic.csv", tmp_path / "generic.csv"
    lines = source.read_text().splitlines(keepends=True)
    again.write_text("".join([*lines[:1], *reversed(lines[1:])]))
    command = ["manage.py", "load_roll", str(again), "--layout", "generic", "--state", "HD"]
    before = installation.count(LOADED)
    first = installation.run(*command)
    assert until(lambda: installation.count(LOADING) > 0, 60)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    assert installation.count(LOADED) == before
    began = time.monotonic()
    assert installation.run(*command).wait(120) == 0, installation.tail()
    took = time.monotonic() - began
    protected = installation.count("SELECT count(*) FROM voters_suppression")  # since the demo loaded its roll
    assert installation.count(LOADED) == before - protected
    assert until(lambda: installation.count(LOADING) == 0, 60), "what the killed load left is still there"
    assert until(installation.idle, 60)
    ROWS.append(FaultResult("F32 load of a roll killed", before, 0, took, 0.0, 0, 0, 0))


def test_f36_the_release_before_works_on_the_tables_of_this_one(installation: Installation, tmp_path: Path) -> None:
    """The code before the newest migration serves and works beside the current code, on the current tables."""
    old = before_the_newest_migration(tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**installation.env, "DJANGO_SETTINGS_MODULE": "settings.dev", "WORKER_NAME": "old"}
    web = ["-m", "gunicorn", "project.wsgi:application", "-c", "deploy/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    worker = ["-m", "celery", "-q", "-A", "project", "worker", "-Q", "mail,default,match", "--concurrency", "2"]
    commands = ([*web, "--threads", "4"], worker, ["manage.py", "relay"], ["manage.py", "scheduler"])
    running = [
        subprocess.Popen([sys.executable, *words], cwd=old, env=env, stdout=installation.log, stderr=installation.log)
        for words in commands
    ]
    loads: list[Load] = []

    def serve(_: Installation) -> None:
        assert until(lambda: answers(port), 60), installation.tail()
        # Its own settings let one address sign up twenty times.
        loads.append(Load(installation, 16, url=f"http://127.0.0.1:{port}"))
        loads[0].wait()

    try:
        run_fault(installation, "F36 old and new release together", serve, slowest=WEB_SECONDS)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(60)
    assert not loads[0].refused
    assert loads[0].lost() == loads[0].duplicated() == []


def test_f39_keys_and_passwords_change_while_people_are_in(installation: Installation) -> None:
    broker = server_of(RabbitMQ)
    assert isinstance(broker, RabbitMQ)
    visitor = Visitor(installation.url)
    installation.do(KEEP)
    visitor.sign_in("keys@example.org", "quiet-harbor-lantern-77")
    readable = installation.do(READABLE)
    secret, field = (key_of(installation, name) for name in ("secret_key", "field_keys"))
    before = installation.env["BROKER_URL"]
    changed = before.replace(before.split(":")[2].partition("@")[0], "another-word")

    def rotate(_: Installation) -> None:
        installation.end()
        broker.control("change_password", "votekin", stdin="another-word\n")
        keys = {"SECRET_KEY": secret[::-1], "SECRET_KEY_FALLBACKS": secret}
        installation.start(**keys, FIELD_KEYS=f"{Fernet.generate_key().decode()},{field}", BROKER_URL=changed)

    try:
        run_fault(installation, "F39 keys and passwords changed", rotate, may_refuse=True, slowest=WEB_SECONDS)
        visitor.get("/account/")
        assert "login" not in visitor.url, "the member was signed out"
        assert installation.run("manage.py", "rotate_keys").wait(60) == 0, installation.tail()
        assert installation.do(READABLE) == readable != "0"
    finally:
        installation.end()
        broker.control("change_password", "votekin", stdin=f"{before.split(':')[2].partition('@')[0]}\n")
        installation.start(BROKER_URL=before)


def key_of(installation: Installation, name: str) -> str:
    """Return a key that the installation generated."""
    return (installation.data / "keys" / name).read_text().strip()


def answers(port: int) -> bool:
    """Return whether anything listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def before_the_newest_migration(folder: Path) -> Path:
    """Extract the code before the newest change of the tables; needs the checkout's history."""
    if not shutil.which("git"):
        pytest.skip("git is missing, which finds the release before")

    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=settings.ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    newest = git("log", "-1", "--format=%H", "--diff-filter=A", "--", "apps/*/migrations/*.py")
    if not newest or not git("rev-parse", "--verify", "-q", f"{newest}^"):
        pytest.skip("this checkout has no history to find the release before in")
    archive = folder / "old.tar"
    git("archive", "-o", str(archive), f"{newest}^")
    old = folder / "old"
    old.mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", old], check=True)
    return old
