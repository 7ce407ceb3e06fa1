"""Outgoing HTTP: public addresses only, temporary failures."""

import socket

import pytest

from apps.core import http_client
from apps.core.errors import JobFailed


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("127.0.0.1", False), ("10.0.0.1", False), ("169.254.169.254", False), ("::1", False),
     ("::ffff:10.0.0.1", False), ("fe80::1%eth0", False), ("224.0.0.1", False), ("2606:4700::1", True)],
)  # fmt: skip
def test_only_public_addresses_are_allowed(address: str, public: bool) -> None:
    assert http_client.is_public(address) == public


def test_a_name_resolving_to_a_private_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(2, 1, 6, "", ("93.184.215.14", 443)), (2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    with pytest.raises(JobFailed, match="private network"):
        http_client.call("GET", "https://people.example.org/", origins=["https://people.example.org"])


def test_an_unreachable_host_is_a_temporary_failure() -> None:
    with pytest.raises(JobFailed):
        http_client.call("GET", "http://127.0.0.1:9/", origins=["http://127.0.0.1:9"])
