"""The containers are the same stack as `make services`: versions, ports, variables, limits."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from deploy.services.__main__ import SERVERS
from deploy.services.caches import ACCESS
from deploy.services.place import Place
from deploy.services.rabbitmq import CONFIG
from deploy.services.server import Server

FOLDER = Path(settings.ROOT) / "deploy" / "compose"
STACK: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yaml").read_text())["services"]
PLACE = Place(Path("/nowhere"), Path("/nowhere"), 27400)
KINDS = {kind.name: kind for kind in SERVERS}
# Not in containers: the node's port mapper, the web server that an operator provides, and test tools.
ONLY_HERE = {"epmd", "nginx", "bugsink", "mail"}
# Current official images if no image has Debian's version, and the real server if tests use a stand-in.
OTHER_VERSIONS = {"pgbouncer", "rabbitmq", "mongo"}


def server(name: str) -> Server:
    return KINDS[name](PLACE)


def test_every_server_of_the_script_is_a_container() -> None:
    assert set(STACK) == set(KINDS) - ONLY_HERE


@pytest.mark.parametrize("name", sorted(STACK))
def test_ports_are_the_same_and_on_this_machine_only(name: str) -> None:
    (published,) = STACK[name]["ports"]
    assert published.startswith(f"127.0.0.1:{server(name).port}:")


@pytest.mark.parametrize("name", sorted(set(STACK) - OTHER_VERSIONS))
def test_versions_are_the_same(name: str) -> None:
    tag = STACK[name]["image"].rpartition(":")[2]
    assert tag == server(name).version or tag.startswith(f"{server(name).version}-")


@pytest.mark.parametrize("name", sorted(STACK))
def test_no_version_is_left_to_chance(name: str) -> None:
    assert re.search(r":v?\d+\.?\d*", STACK[name]["image"])


def test_every_variable_is_named_with_its_port() -> None:
    named = dict(re.findall(r"^#   (\w+_URL)=(\S+)$", (FOLDER / "env.example").read_text(), re.M))
    assert {name: int(re.findall(r":(\d+)", url)[-1]) for name, url in named.items()} == {
        "DATABASE_OWNER_URL": server("postgres").port,
        "DATABASE_URL": server("pgbouncer").port,
        "BROKER_URL": server("rabbitmq").port,
        "ID_SETS_URL": server("redis").port,
        "CACHE_URL": server("memcached").port,
        "VOTER_SEARCH_URL": server("elasticsearch").port,
        "SITE_SEARCH_URL": server("solr").port,
        "ACTIVITY_URL": server("mongo").port,
    }


def test_passwords_have_no_default() -> None:
    given = set(re.findall(r"^(\w+)=$", (FOLDER / "env.example").read_text(), re.M))
    asked = set(re.findall(r"\$\{(\w+)(.*?)\}", (FOLDER / "compose.yaml").read_text()))
    assert {name for name, _ in asked} == given
    assert {rest for _, rest in asked} == {":?"}


def test_limits_and_rights_are_the_same() -> None:
    compose = (FOLDER / "compose.yaml").read_text()
    assert re.search(r"consumer_timeout = \d+", CONFIG)[0] in compose  # type: ignore[index]
    assert ACCESS.partition("~")[2].strip() in compose
    pool = dict(re.findall(r"^(\w+) = (\S+)$", (FOLDER.parent / "postgres" / "pgbouncer.ini").read_text(), re.M))
    environment = STACK["pgbouncer"]["environment"]
    for name in ("pool_mode", "default_pool_size", "max_client_conn", "query_wait_timeout", "idle_transaction_timeout"):
        assert environment[name.upper()] == pool[name], name
