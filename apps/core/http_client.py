"""Make outgoing HTTP calls, to allowed origins only: one DNS resolution, no redirects, limits on time and size.

The caller names the origins that a call may reach. A host that resolves to a private, loopback or link-local address
is refused (SSRF), unless the origin itself is a loopback address from an operator's setting (demo and tests).
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
    """Status, headers and body of a response, whatever its status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def data(self) -> dict[str, Any]:
        """Return the body as a JSON object; raise JobFailed if it is not one."""
        try:
            value = json.loads(self.body)
        except ValueError as error:
            raise JobFailed("The server's answer is not JSON.") from error
        if not isinstance(value, dict):
            raise JobFailed("The server's answer is not a JSON object.")
        return value


def origin(url: str) -> str:
    """Return scheme, host and port of a URL; the default port is written out."""
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
    """Call a URL of one of `origins`. Raises JobFailed if the server does not answer in time or the URL is refused.

    Error messages never contain the URL, which may hold personal data or a secret.
    """
    if origin(url) not in {origin(allowed) for allowed in origins}:
        raise JobFailed("The call was refused: its host is not an allowed origin.", permanent=True)
    parts = urlsplit(url)
    sent_headers = {"Accept": "application/json", "Connection": "close", **(headers or {})}
    body = None
    if form is not None:
        body = urlencode(form).encode()
        sent_headers["Content-Type"] = "application/x-www-form-urlencoded"
    path = f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}"
    deadline = time.monotonic() + TOTAL_SECONDS
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    try:
        connection.request(method, path, body=body, headers=sent_headers)
        response = connection.getresponse()
        return HttpResult(response.status, dict(response.headers.items()), _body(response, deadline))
    except (OSError, http.client.HTTPException) as error:
        raise JobFailed(f"The server did not answer ({type(error).__name__}).") from error
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
        raise JobFailed("The call was refused: only https is allowed.", permanent=True)
    return connection


class _PinnedTls(http.client.HTTPSConnection):
    """Connects to the address that was checked, so that a second DNS answer cannot redirect the call."""

    def connect(self) -> None:
        context: ssl.SSLContext = self._context  # type: ignore[attr-defined]
        plain = socket.create_connection((_public_address(self.host, self.port), self.port), self.timeout)
        self.sock = context.wrap_socket(plain, server_hostname=self.host)


def _public_address(host: str, port: int) -> str:
    """Return the address to connect to; raise JobFailed if any address of the name is not public."""
    addresses = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not all(is_public(address) for address in addresses):
        raise JobFailed("The call was refused: its host name resolves to a private network.", permanent=True)
    return addresses[0]


def is_public(address: str) -> bool:
    """Return whether an address is on the public internet; an IPv4-mapped IPv6 address is checked as IPv4."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return (mapped or parsed).is_global and not (mapped or parsed).is_multicast


def _body(response: http.client.HTTPResponse, deadline: float) -> bytes:
    parts, size = [], 0
    while part := response.read1(64 * 1024):
        size += len(part)
        if size > MOST_BYTES:
            raise JobFailed("The server's answer is larger than 4 MB.", permanent=True)
        if time.monotonic() > deadline:
            raise TimeoutError
        parts.append(part)
    return b"".join(parts)
