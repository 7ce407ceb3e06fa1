"""The network of a client: forged headers, IPv6, no address."""

from typing import Any

import pytest
from django.test import RequestFactory

from apps.core.networks import client_network


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "network"),
    [
        ("203.0.113.7", "198.51.100.1", 0, "203.0.113.0/24"),
        ("203.0.113.7", "", 0, "203.0.113.0/24"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.9", 1, "198.51.100.0/24"),
        ("10.0.0.1", "198.51.100.9, 10.0.0.2", 2, "198.51.100.0/24"),
        ("2001:db8:1:2::3", "", 0, "2001:db8:1::/48"),
        ("", "", 0, "unknown"),
    ],
)
def test_forwarded_addresses_count_only_behind_known_proxies(
    settings: Any, peer: str, forwarded: str, proxies: int, network: str
) -> None:
    """S4: a forged header from one peer is one network."""
    settings.PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_network(request) == network
