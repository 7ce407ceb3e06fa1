"""The stand-in's HTTP server: consent page, token with PKCE, revocation, both APIs with paging, quota and expiry.

Standard library only. `ProviderFaults` simulates failures of the real services.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from apps.core.types import PassedThrough

from .address_books import ContactRow, google_person, graph_contact

GOOGLE_SCOPE = "https://www.googleapis.com/auth/contacts.readonly"
GRAPH_SCOPE = "https://graph.microsoft.com/Contacts.Read"
AUTHORIZE = ("/o/oauth2/v2/auth", "/common/oauth2/v2.0/authorize")
TOKEN = ("/token", "/common/oauth2/v2.0/token")
# Seconds between checks for `shutdown`; with the default of half a second every test would wait that long.
SHUTDOWN_POLL = 0.01
PEOPLE, GRAPH = "/v1/people/me/connections", "/v1.0/me/contacts"


@dataclass
class ProviderFaults:
    """Simulated failures: numbers of `busy` and `broken` responses, pages until a token expires, malformed data."""

    busy: int = 0
    retry_after: int = 1
    broken: int = 0
    expires_after: int = 0
    extra_scope: str = ""
    next_link: str = ""
    bad_entry: bool = False
    revoke_down: int = 0


@dataclass
class _Token:
    scope: str
    until: float
    pages: int = 0


@dataclass
class FakeProvider:
    """The state behind the server. `rows` are those of a Google CSV; `largest` is the maximum page size."""

    rows: Sequence[ContactRow]
    largest: int = 1000
    faults: ProviderFaults = field(default_factory=ProviderFaults)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, _Token] = field(default_factory=dict)
    revoked: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def serve(self, port: int = 0) -> ThreadingHTTPServer:
        """Return a threaded server on loopback; `shutdown` stops it."""
        handler = type("Handler", (_Handler,), {"fake": self})
        server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        threading.Thread(target=server.serve_forever, args=(SHUTDOWN_POLL,), daemon=True, name="fake-provider").start()
        return server

    def consent(self, request: dict[str, str]) -> str:
        """Return the URL to which "Allow" redirects the browser."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = request
        return f"{request['redirect_uri']}?{urlencode({'code': code, 'state': request.get('state', '')})}"

    def exchange(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Return status and response for a code, which is valid once."""
        request = self.codes.pop(form.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            request is None
            or request["redirect_uri"] != form.get("redirect_uri")
            or request["code_challenge"] != challenge.rstrip(b"=").decode()
            or not form.get("client_secret")
        ):
            return 400, {"error": "invalid_grant"}
        scope = f"{request['scope']} {self.faults.extra_scope}".strip()
        token = secrets.token_urlsafe(32)
        self.tokens[token] = _Token(scope, time.monotonic() + 3600)
        return 200, {"access_token": token, "expires_in": 3600, "scope": scope, "token_type": "Bearer"}

    def next_fault(self) -> tuple[int, dict[str, str]] | None:
        """Return the simulated failure of this call, or None."""
        if self.faults.busy:
            self.faults.busy -= 1
            return 429, {"Retry-After": str(self.faults.retry_after)}
        if self.faults.broken:
            self.faults.broken -= 1
            return 503, {}
        return None

    def allowed(self, header: str, scope: str) -> int:
        """Return 200, or the status that refuses the bearer token."""
        token = self.tokens.get(header.removeprefix("Bearer "))
        if token is None or token.until < time.monotonic():
            return 401
        token.pages += 1
        if self.faults.expires_after and token.pages > self.faults.expires_after:
            return 401
        return 200 if scope in token.scope.split() else 403


class _Handler(BaseHTTPRequestHandler):
    """Handles requests; the server sets `fake`."""

    fake: FakeProvider
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: PassedThrough) -> None:
        """Log nothing."""

    def _send(self, status: int, data: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        self._raw(status, json.dumps(data).encode(), "application/json", headers or {})

    def _raw(self, status: int, body: bytes, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        """Handle the consent page, People and Graph."""
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        self.fake.seen.append(parts.path)
        if parts.path in AUTHORIZE:
            self._consent_page(query)
        elif parts.path == PEOPLE:
            self._api(query, GOOGLE_SCOPE)
        elif parts.path == GRAPH:
            self._api(query, GRAPH_SCOPE)
        else:
            self._send(404, {"error": {"code": 404}})

    def do_POST(self) -> None:
        """Handle consent, token and revocation."""
        size = int(self.headers.get("Content-Length") or 0)
        form = {key: values[0] for key, values in parse_qs(self.rfile.read(size).decode()).items()}
        path = urlsplit(self.path).path
        self.fake.seen.append(path)
        if path == "/consent":
            allowed = form.pop("answer", "") == "allow"
            refusal = {"error": "access_denied", "state": form.get("state", "")}
            where = self.fake.consent(form) if allowed else f"{form['redirect_uri']}?{urlencode(refusal)}"
            self._raw(302, b"", "text/plain", {"Location": where})
        elif path in TOKEN:
            self._send(*self.fake.exchange(form))
        elif path == "/revoke":
            self._revoke(form.get("token", ""))
        else:
            self._send(404, {"error": {"code": 404}})

    def _revoke(self, token: str) -> None:
        if self.fake.faults.revoke_down:
            self.fake.faults.revoke_down -= 1
            self._send(503, {})
            return
        self.fake.revoked.append(token)
        self._send(200 if self.fake.tokens.pop(token, None) else 400, {})

    def _consent_page(self, query: dict[str, str]) -> None:
        """Ask the member for consent; reject a request without PKCE, as the real services can be configured to."""
        needed = ("client_id", "redirect_uri", "scope", "state", "code_challenge")
        if query.get("code_challenge_method") != "S256" or not all(query.get(name) for name in needed):
            self._raw(400, b"invalid_request", "text/plain", {})
            return
        fields = "".join(f'<input type=hidden name="{name}" value="{escape(query[name])}">' for name in needed)
        page = (
            "<!doctype html><html lang=en><meta name=viewport content='width=device-width'><title>Sign in</title>"
            "<body style='font:18px system-ui;max-width:30rem;margin:3rem auto;padding:0 1rem'>"
            f"<h1>A made-up provider</h1><p>Votekin asks to read {len(self.fake.rows)} made-up contacts.</p>"
            f"<form method=post action=/consent>{fields}"
            "<p><button name=answer value=allow style='font:inherit;padding:.7em 1.5em'>Allow</button> "
            "<button name=answer value=deny style='font:inherit;padding:.7em 1.5em'>Deny</button></form>"
        )
        self._raw(200, page.encode(), "text/html; charset=utf-8", {})

    def _api(self, query: dict[str, str], scope: str) -> None:
        if (fault := self.fake.next_fault()) is not None:
            self._send(fault[0], {"error": {"code": fault[0]}}, fault[1])
            return
        status = self.fake.allowed(self.headers.get("Authorization", ""), scope)
        if status != 200:
            self._send(status, {"error": {"code": status}})
        elif scope == GOOGLE_SCOPE:
            self._people(query)
        else:
            self._graph(query)

    def _people(self, query: dict[str, str]) -> None:
        if not query.get("personFields"):
            self._send(400, {"error": {"code": 400, "status": "INVALID_ARGUMENT"}})
            return
        start, size = int(query.get("pageToken", 0)), min(int(query.get("pageSize", 100)), self.fake.largest)
        rows = self.fake.rows[start : start + size]
        people: list[Any] = [google_person(number, row) for number, row in enumerate(rows, start)]
        if self.fake.faults.bad_entry and not start:
            people[0] = {"names": "odd", "emailAddresses": 7}
        answer: dict[str, Any] = {"connections": people, "totalPeople": len(self.fake.rows)}
        if start + size < len(self.fake.rows):
            answer["nextPageToken"] = str(start + size)
        self._send(200, answer)

    def _graph(self, query: dict[str, str]) -> None:
        start, size = int(query.get("$skip", 0)), min(int(query.get("$top", 10)), self.fake.largest)
        rows = self.fake.rows[start : start + size]
        answer: dict[str, Any] = {"value": [graph_contact(n, row) for n, row in enumerate(rows, start)]}
        if start + size < len(self.fake.rows):
            link = f"http://{self.headers['Host']}{GRAPH}?{urlencode({'$top': size, '$skip': start + size})}"
            answer["@odata.nextLink"] = self.fake.faults.next_link or link
        self._send(200, answer)
