"""The named cast, and what every test may rely on."""

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
    """Refuse every connection that would leave this machine: no test and no code under test may need one."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0])
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise AssertionError("A test tried to reach another machine.")


sys.addaudithook(_stay_at_home)
session_client.install()
# The tests' own web server sends head and body apart: with Nagle's delay each answer waits 40 ms for the other side.
StreamRequestHandler.disable_nagle_algorithm = True


@pytest.fixture
def make_member(db: None) -> Callable[..., User]:
    """Return a maker of accounts with a confirmed mail address and, above member, a second factor."""

    def make(email: str, role: str = "member", *, second_factor: bool = True, **fields: Any) -> User:
        user = User.objects.create_user(email, PASSWORD, role=role, **fields)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        if role in STAFF and second_factor:
            Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "unused"})
        return user

    return make


@pytest.fixture
def member(make_member: Callable[..., User]) -> User:
    """A member."""
    return make_member("nora@example.org")


@pytest.fixture
def other_member(make_member: Callable[..., User]) -> User:
    """Another member, who has no business with the first one's data."""
    return make_member("sam@example.org")


@pytest.fixture
def steward(make_member: Callable[..., User]) -> User:
    """A data steward."""
    return make_member("steward@example.org", "steward")


@pytest.fixture
def other_steward(make_member: Callable[..., User]) -> User:
    """A second data steward."""
    return make_member("steward2@example.org", "steward")


@pytest.fixture
def organizer(make_member: Callable[..., User]) -> User:
    """An organizer."""
    return make_member("organizer@example.org", "organizer")


@pytest.fixture
def auditor(make_member: Callable[..., User]) -> User:
    """An auditor."""
    return make_member("auditor@example.org", "auditor")


@pytest.fixture
def owner(make_member: Callable[..., User]) -> User:
    """The owner of the installation."""
    return make_member("owner@example.org", "owner")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """Return a maker of signed-in browsers."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def fresh_client_of(client_of: Callable[[User], Client]) -> Callable[[User], Client]:
    """Return a maker of browsers whose user typed the password within the last fifteen minutes."""

    def make(user: User) -> Client:
        client = client_of(user)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        return client

    return make


@pytest.fixture
def run_jobs() -> Callable[[], int]:
    """Return what runs all due work in this process, as the worker would."""
    return jobs.drain


@pytest.fixture(scope="session", autouse=True)
def _no_sets_of_earlier_runs() -> None:
    """A new test database begins with the ids of the one before."""
    if "TEST_SERVERS" in os.environ:
        id_sets().drop("")


@pytest.fixture(autouse=True)
def _no_keys_of_earlier_members() -> None:
    """Forget the keys of members, whose ids return after each rollback."""
    member_keys.clear_cache()


@pytest.fixture(autouse=True)
def _empty_caches(request: pytest.FixtureRequest) -> Iterator[None]:
    """Start every test without a count of earlier tries."""
    yield
    if "db" in request.fixturenames or "transactional_db" in request.fixturenames:
        caches["pages"].clear()


def execute(statements: list[str]) -> None:
    """Run statements as somebody who may change tables."""
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def past_the_audit_triggers(sql: str) -> None:
    """Run one statement as somebody who may drop the triggers of the audit log."""
    execute([*triggers.drop(connection.vendor), sql, *triggers.create(connection.vendor)])


@pytest.fixture
def as_superuser() -> Callable[[str], None]:
    """Return what changes the audit log behind the house's back."""
    return past_the_audit_triggers


def has_real_transactions(item: pytest.Item) -> bool:
    """Return whether a test commits, so that every table is emptied after it."""
    marker = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or bool(marker and marker.kwargs.get("transaction"))


EMPTIED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Put back what migrations made, since emptying every table after a real transaction took or needed it away.

    A hook, since Django's fixtures are made before ours and so end after them.
    """
    yield
    # After the last test the database is gone.
    if nextitem is not None and item.stash.get(EMPTIED, False):
        with item.config.stash[blocking_manager_key].unblock():
            # While a browser is driven Django keeps another connection; SQLite takes what that one dropped for present.
            connection.close()
            execute(triggers.create(connection.vendor))
            create_component_flag(apps)


@pytest.fixture(autouse=True)
def _audit_rows_may_go(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a test with real transactions end: emptying the tables would meet the triggers of the audit log."""
    real = has_real_transactions(request.node)
    if real:
        request.getfixturevalue("transactional_db")
    yield
    if real:
        execute(triggers.drop(connection.vendor))
        request.node.stash[EMPTIED] = True


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A scratch installation of the demo; a test starts and stops its processes."""
    one = Machine(tmp_path_factory.mktemp("machine"))
    yield one
    one.close()
