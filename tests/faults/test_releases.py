"""A load that is killed, two releases at once, and keys that change while people sign up."""

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
from tests.faults.fault_run import ride
from tests.faults.installation import House
from tests.faults.load import Load
from tests.faults.results import ROWS, Row
from tests.faults.servers import made
from tests.http_client import Visitor

pytestmark = [pytest.mark.faults, pytest.mark.services]
LOADED = "SELECT (counts->>'loaded')::int FROM voters_snapshot WHERE status = 'live'"
LOADING = "SELECT count(*) FROM voters_snapshot WHERE status = 'loading'"
READABLE = "from apps.verification.models import Attempt\nprint(sum(bool(one.query) for one in Attempt.objects.all()))"
# Somebody who is none of the demo's people: those get a new password at each start.
KEEP = """
from apps.accounts import consents
from apps.accounts.services import add_member
from apps.verification.models import Attempt
from apps.verification.query import VoterQuery
member, _ = add_member(email="keys@example.org", role="member", password="quiet-harbor-lantern-77")
consents.record(member)
Attempt.objects.create(member=member, query=VoterQuery("Ann", "Lee").to_text(), state="not_found")
"""


def test_f32_a_load_of_a_roll_that_was_killed(house: House, tmp_path: Path) -> None:
    """The live roll stays; the second try loads every row, once; the first leaves nothing behind."""
    source, again = house.data / "demo" / "roll" / "generic.csv", tmp_path / "generic.csv"
    lines = source.read_text().splitlines(keepends=True)
    again.write_text("".join([*lines[:1], *reversed(lines[1:])]))
    command = ["manage.py", "load_roll", str(again), "--layout", "generic", "--state", "HD"]
    before = house.count(LOADED)
    first = house.run(*command)
    assert until(lambda: house.count(LOADING) > 0, 60)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    assert house.count(LOADED) == before
    began = time.monotonic()
    assert house.run(*command).wait(120) == 0, house.tail()
    took = time.monotonic() - began
    protected = house.count("SELECT count(*) FROM voters_suppression")  # since the demo loaded its roll
    assert house.count(LOADED) == before - protected
    assert until(lambda: house.count(LOADING) == 0, 60), "what the killed load left is still there"
    assert until(house.idle, 60)
    ROWS.append(Row("F32 load of a roll killed", before, 0, took, 0.0, 0, 0, 0))


def test_f36_the_release_before_works_on_the_tables_of_this_one(house: House, tmp_path: Path) -> None:
    """The code from before the newest migration serves and works beside today's, on today's tables."""
    old = before_the_newest_migration(tmp_path)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**house.env, "DJANGO_SETTINGS_MODULE": "settings.dev", "WORKER_NAME": "old"}
    web = ["-m", "gunicorn", "project.wsgi:application", "-c", "deploy/gunicorn.py", "--bind", f"127.0.0.1:{port}"]
    worker = ["-m", "celery", "-q", "-A", "project", "worker", "-Q", "mail,default,match", "--concurrency", "2"]
    commands = ([*web, "--threads", "4"], worker, ["manage.py", "relay"], ["manage.py", "scheduler"])
    running = [
        subprocess.Popen([sys.executable, *words], cwd=old, env=env, stdout=house.log, stderr=house.log)
        for words in commands
    ]
    loads: list[Load] = []

    def serve(_: House) -> None:
        assert until(lambda: answers(port), 60), house.tail()
        # Its own settings let one address sign up twenty times.
        loads.append(Load(house, 16, url=f"http://127.0.0.1:{port}"))
        loads[0].wait()

    try:
        ride(house, "F36 old and new release together", serve, slowest=WEB_SECONDS)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait(60)
    assert not loads[0].refused
    assert loads[0].lost() == loads[0].doubled() == []


def test_f39_keys_and_passwords_change_while_people_are_in(house: House) -> None:
    broker = made(RabbitMQ)
    assert isinstance(broker, RabbitMQ)
    visitor = Visitor(house.url)
    house.do(KEEP)
    visitor.sign_in("keys@example.org", "quiet-harbor-lantern-77")
    readable = house.do(READABLE)
    secret, field = (key_of(house, name) for name in ("secret_key", "field_keys"))
    before = house.env["BROKER_URL"]
    changed = before.replace(before.split(":")[2].partition("@")[0], "another-word")

    def rotate(_: House) -> None:
        house.end()
        broker.control("change_password", "votekin", typed="another-word\n")
        keys = {"SECRET_KEY": secret[::-1], "SECRET_KEY_FALLBACKS": secret}
        house.start(**keys, FIELD_KEYS=f"{Fernet.generate_key().decode()},{field}", BROKER_URL=changed)

    try:
        ride(house, "F39 keys and passwords changed", rotate, may_refuse=True, slowest=WEB_SECONDS)
        visitor.get("/account/")
        assert "login" not in visitor.url, "the member was signed out"
        assert house.run("manage.py", "rotate_keys").wait(60) == 0, house.tail()
        assert house.do(READABLE) == readable != "0"
    finally:
        house.end()
        broker.control("change_password", "votekin", typed=f"{before.split(':')[2].partition('@')[0]}\n")
        house.start(BROKER_URL=before)


def key_of(house: House, name: str) -> str:
    """Return a key that the installation made for itself."""
    return (house.data / "keys" / name).read_text().strip()


def answers(port: int) -> bool:
    """Return whether anybody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def before_the_newest_migration(folder: Path) -> Path:
    """Unpack the code from before the newest change of the tables; this needs the checkout's history."""
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
