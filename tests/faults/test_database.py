"""The database is full, locked, or out of sessions. What was confirmed is saved, everything else is refused."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg2
import pytest

from deploy.services.place import SERVICE_USER
from deploy.services.postgres import PgBouncer, Postgres
from tests.demo_server import until
from tests.faults.fault_run import REQUEST_SECONDS, hold, run_fault
from tests.faults.installation import Installation
from tests.faults.servers import pid, server_of

pytestmark = [pytest.mark.faults, pytest.mark.services]
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")


@needs_root
def test_f20_a_full_disk_refuses_what_it_cannot_keep(installation: Installation) -> None:
    server = server_of(Postgres)
    assert isinstance(server, Postgres)

    def fill(_: Installation) -> None:
        with small_disk("4m") as disk:
            shutil.chown(disk, SERVICE_USER, SERVICE_USER)
            server.sql(f"CREATE TABLESPACE small OWNER votekin_owner LOCATION '{disk}'")
            try:
                installation.real.execute("ALTER TABLE accounts_user SET TABLESPACE small")
                filler = disk / "filler"
                with suppress(OSError):
                    filler.write_bytes(b"x" * 8_000_000)
                hold(20)
                assert installation.ask("/help/")[0] == 200
                filler.unlink()
            finally:
                installation.real.execute("ALTER TABLE accounts_user SET TABLESPACE pg_default")
                server.sql("DROP TABLESPACE small")

    load = run_fault(installation, "F20 disk of the database full", fill, may_refuse=True, people=300)
    assert set(load.refused) == {"503"}, load.refused


@pytest.mark.quick_fault
def test_f21_a_locked_table_is_an_error_at_once(installation: Installation) -> None:
    others: list[float] = []

    def lock(_house: Installation) -> None:
        with closing(psycopg2.connect(installation.env["DATABASE_OWNER_URL"])) as database, database.cursor() as cursor:
            cursor.execute("LOCK TABLE accounts_user IN ACCESS EXCLUSIVE MODE")
            for _ in range(8):
                status, seconds, _text = installation.ask("/help/")
                assert status == 200
                others.append(seconds)
                hold(1)

    load = run_fault(installation, "F21 a table locked", lock, may_refuse=True)
    assert set(load.refused) <= {"503"}, load.refused
    assert load.slowest < REQUEST_SECONDS
    assert max(others) < 1


def test_f22_two_sessions_for_fifty_people(installation: Installation) -> None:
    server = server_of(PgBouncer)
    config = server.folder / "pgbouncer.ini"
    whole = config.read_text()

    def reload(text: str) -> None:
        config.write_text(text)
        os.kill(pid(server), 1)

    def narrow(_: Installation) -> None:
        reload(whole.replace("default_pool_size = 20", "default_pool_size = 2").replace("reserve_pool_size = 5", ""))
        hold(8)
        reload(whole)

    load = run_fault(installation, "F22 two sessions for fifty people", narrow, may_refuse=True, people=300, threads=50)
    assert set(load.refused) <= {"503"}, load.refused


@needs_root
def test_f31_a_full_disk_of_the_application_is_reported(installation: Installation) -> None:
    """A file too big for memory waits in DATA_DIR/uploads."""
    from tests.http_client import Visitor

    mail, password = installation.sign_in("member")
    visitor = Visitor(installation.url)
    visitor.sign_in(mail, password)
    rows = b"First Name,Last Name,Email\n" + b"".join(b"Ann%d,Lee,ann%d@example.org\n" % (n, n) for n in range(180_000))
    with small_disk("1m", installation.data / "uploads"):
        page = visitor.post("/contacts/bring/", {}, file=("contacts.csv", rows))
        assert visitor.status == 507, (visitor.status, page[:500])
        assert not list((installation.data / "uploads").iterdir()), "a part of the file stayed behind"
    assert installation.ask("/readyz")[0] == 200
    run_fault(installation, "F31 disk of the application full", lambda _: None, people=40)


@contextmanager
def small_disk(size: str, folder: Path | None = None) -> Iterator[Path]:
    """Mount a small disk in memory."""
    made_here = folder is None
    path = folder or Path(tempfile.mkdtemp(prefix="votekin-small-"))
    path.chmod(0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "votekin-small", path], check=True)
    try:
        yield path
    finally:
        assert until(lambda: subprocess.run(["umount", path], check=False).returncode == 0, 20)
        if made_here:
            path.rmdir()
