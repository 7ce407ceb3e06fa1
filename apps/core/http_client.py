"""The one way out: calls to named hosts only, resolved once, no redirect followed, bounded in time and size.

Whoever calls names the origins that the call may reach. A name that resolves to a private, loopback or link-local
address is refused, unless the origin itself is a loopback address that an operator wrote down (demo and tests).
"""

import http.client
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from .errors import JobFailed

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 20.0
MOST_BYTES = 4 * 1024 * 1024
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class HttpResult:
    """What came back, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def data(self) -> dict[str, Any]:
        """Return the body as a JSON object; JobFailed where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise JobFailed("The other side answered something that is not JSON.") from error
        if not isinstance(found, dict):
            raise JobFailed("The other side answered something that is not a JSON object.")
        return found


def origin(url: str) -> str:
    """Return scheme, host and port of a URL, the port always said."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname or ''}:{parts.port or PORTS.get(parts.scheme, 0)}"


def call(
    method: str,
    url: str,
    *,
    origins: Collection[str],
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> HttpResult:
    """Call a URL of one of `origins`; JobFailed where nobody answers in time, or what is asked is refused.

    No text of an error holds the URL: it may carry what is personal or secret.
    """
    if origin(url) not in {origin(each) for each in origins}:
        raise JobFailed("A call to a host that nobody allowed was refused.", permanent=True)
    parts = urlsplit(url)
    sent = {"Accept": "application/json", "Connection": "close", **(headers or {})}
    body = None
    if form is not None:
        body = urlencode(form).encode()
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    until = time.monotonic() + TOTAL_SECONDS
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request(method, path, body=body, headers=sent)
        response = connection.getresponse()
        return HttpResult(response.status, dict(response.headers.items()), _body(response, until))
    except (OSError, http.client.HTTPException) as error:
        raise JobFailed(f"The other side did not answer ({type(error).__name__}).") from error
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
    port = port or PORTS[scheme]
    connection: http.client.HTTPConnection
    if scheme == "https":
        connection = _PinnedTls(host, port, timeout=CONNECT_SECONDS, context=ssl.create_default_context())
    elif host in LOOPBACK:
        connection = http.client.HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    else:
        raise JobFailed("Only https leaves this machine.", permanent=True)
    return connection


class _PinnedTls(http.client.HTTPSConnection):
    """Connects to the address that was looked at, not to what the name says a moment later."""

    def connect(self) -> None:
        context: ssl.SSLContext = self._context  # type: ignore[attr-defined]
        bare = socket.create_connection((_public_address(self.host, self.port), self.port), self.timeout)
        self.sock = context.wrap_socket(bare, server_hostname=self.host)


def _public_address(host: str, port: int) -> str:
    """Return the one address to connect to; JobFailed if any address of the name is not a public one."""
    found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not all(is_public(address) for address in found):
        raise JobFailed("A name that points into a private network was refused.", permanent=True)
    return found[0]


def is_public(address: str) -> bool:
    """Return whether an address lies in the open internet; an IPv4 address inside an IPv6 one is looked at itself."""
    one = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(one, "ipv4_mapped", None)
    return (mapped or one).is_global and not (mapped or one).is_multicast


def _body(response: http.client.HTTPResponse, until: float) -> bytes:
    parts, size = [], 0
    while part := response.read1(64 * 1024):
        size += len(part)
        if size > MOST_BYTES:
            raise JobFailed("The other side answered more than 4 MB.", permanent=True)
        if time.monotonic() > until:
            raise TimeoutError
        parts.append(part)
    return b"".join(parts)
