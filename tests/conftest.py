"""Fixtures of the whole suite: the named cast, and the isolation of every test."""

import ipaddress
import os
import sys
from collections.abc import Callable, Iterator
from socketserver import StreamRequestHandler
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.cache import caches
from django.db import connection
from django.test import Client
from pytest_django.plugin import blocking_manager_key

from apps.accounts.models import User
from apps.audit import triggers
from apps.core.id_sets.base import id_sets
from apps.core.roles import STAFF
from apps.demo.flags import create_component_flag
from apps.jobs import jobs
from apps.privacy import member_keys
from tests import session_client
from tests.demo_server import Machine

PASSWORD = "correct horse battery staple"


def _stay_at_home(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse every connection that would leave this machine: no test and no tested code may need one."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise AssertionError("A test tried to reach another machine.")


sys.addaudithook(_stay_at_home)
session_client.install()
# The tests' own web server sends head and body separately: with Nagle's delay each response waits 40 ms for the
# client.
StreamRequestHandler.disable_nagle_algorithm = True


@pytest.fixture
def make_member(db: None) -> Callable[..., User]:
    """Return a function that creates accounts with a confirmed email address and, above member, a second factor."""

    def make(email: str, role: str = "member", *, second_factor: bool = True, **fields: Any) -> User:
        user = User.objects.create_user(email, PASSWORD, role=role, **fields)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        if role in STAFF and second_factor:
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "unused"})
        return user

    return make


@pytest.fixture
def member(make_member: Callable[..., User]) -> User:
    """Return a member."""
    return make_member("nora@example.org")


@pytest.fixture
def other_member(make_member: Callable[..., User]) -> User:
    """Return another member, who has no access to the first one's data."""
    return make_member("sam@example.org")


@pytest.fixture
def steward(make_member: Callable[..., User]) -> User:
    """Return a data steward."""
    return make_member("steward@example.org", "steward")


@pytest.fixture
def other_steward(make_member: Callable[..., User]) -> User:
    """Return a second data steward."""
    return make_member("steward2@example.org", "steward")


@pytest.fixture
def organizer(make_member: Callable[..., User]) -> User:
    """Return an organizer."""
    return make_member("organizer@example.org", "organizer")


@pytest.fixture
def auditor(make_member: Callable[..., User]) -> User:
    """Return an auditor."""
    return make_member("auditor@example.org", "auditor")


@pytest.fixture
def owner(make_member: Callable[..., User]) -> User:
    """Return the owner of the installation."""
    return make_member("owner@example.org", "owner")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """Return a function that creates signed-in clients."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def fresh_client_of(client_of: Callable[[User], Client]) -> Callable[[User], Client]:
    """Return a function that creates clients whose user entered the password within the last fifteen minutes."""

    def make(user: User) -> Client:
        client = client_of(user)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        return client

    return make


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Return a function that runs all due jobs in this process, as the worker would."""
    return jobs.drain


@pytest.fixture(scope="session", autouse=True)
def _no_sets_of_earlier_runs() -> None:
    """Remove id sets of earlier runs: a new test database reuses their ids."""
    if "TEST_SERVERS" in os.environ:
        id_sets().drop("")


@pytest.fixture(autouse=True)
def _no_keys_of_earlier_members() -> None:
    """Forget the keys of members, whose ids return after each rollback."""
    member_keys.clear_cache()


@pytest.fixture(autouse=True)
def _empty_caches(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start every test without counted attempts of earlier ones."""
    yield
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        caches["pages"].clear()


def execute(statements: list[str]) -> None:
    """Run statements as the owner of the tables."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def past_the_audit_triggers(sql: str) -> None:
    """Run one statement as a user who may drop the triggers of the audit log."""
    execute([*triggers.drop(connection.vendor), sql, *triggers.create(connection.vendor)])


@pytest.fixture
def as_superuser() -> Callable[[str], None]:
    """Return a function that changes the audit log without the application's knowledge."""
    return past_the_audit_triggers


def has_real_transactions(item: pytest.Item) -> bool:
    """Return whether a test commits, so that every table is emptied after it."""
    marker = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or bool(marker and marker.kwargs.get("transaction"))


EMPTIED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Restore the rows of migrations, which the emptying of tables after a real transaction removed.

    A hook, because Django's fixtures start before these and so end after them.
    """
    yield
    # After the last test the database is gone.
    if nextitem is not None and item.stash.get(EMPTIED, False):
        with item.config.stash[blocking_manager_key].unblock():
            # With a browser, Django uses another connection; SQLite still sees what that one dropped.
            connection.close()
            execute(triggers.create(connection.vendor))
            create_component_flag(apps)


@pytest.fixture(autouse=True)
def _audit_rows_may_go(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a test with real transactions end: emptying the tables would fire the triggers of the audit log."""
    real = has_real_transactions(request.node)
    if real:
        request.getfixturevalue("transactional_db")
    yield
    if real:
        execute(triggers.drop(connection.vendor))
        request.node.stash[EMPTIED] = True


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """Return a scratch installation of the demo; a test starts and stops its processes."""
    one = Machine(tmp_path_factory.mktemp("machine"))
    yield one
    one.close()
