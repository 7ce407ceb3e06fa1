"""A server that is absent, refuses the login or is of another kind: the startup check names backend, address and
remedy.
"""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.core.checks import run_checks

from apps.core.backends import get_backend

pytestmark = pytest.mark.slow

Answering = Callable[[int, bytes], str]
DOWN = {
    "VOTER_SEARCH_URL": "elasticsearch://us:hunter2@127.0.0.1:1/",
    "SITE_SEARCH_URL": "solr://us:hunter2@127.0.0.1:1/solr/site",
    "ACTIVITY_URL": "mongodb://us:hunter2@127.0.0.1:1/votekin",
}


@pytest.fixture
def answering() -> Iterator[Answering]:
    """Return a function that starts a server with one fixed response; it returns host and port."""
    running: list[ThreadingHTTPServer] = []

    def make(status: int, body: bytes) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Send the response."""
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("X-Elastic-Product", "Elasticsearch")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 - the library's name

            def log_message(self, *_: Any) -> None:
                """Log nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        running.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"us:hunter2@127.0.0.1:{server.server_port}"

    yield make
    for server in running:
        server.shutdown()
        server.server_close()


def startup_message(settings: Any, variable: str, url: str) -> list[tuple[str, str]]:
    """Return the startup check's message for one backend."""
    settings.BACKENDS = {variable: settings.BACKENDS[variable]}
    setattr(settings, variable, url)
    get_backend.cache_clear()
    found = [(str(each.id), str(each.msg)) for each in run_checks(tags=["servers"])]
    get_backend.cache_clear()
    return found


@pytest.mark.parametrize("variable", sorted(DOWN))
def test_an_absent_server_is_reported_and_stops_no_start(variable: str, settings: Any) -> None:
    ((kind, text),) = startup_message(settings, variable, DOWN[variable])
    assert kind == "core.W003"
    assert text.startswith(f"{variable}={DOWN[variable].replace('us:hunter2@', '')}: it does not respond. Start ")
    assert "hunter2" not in text


@pytest.mark.parametrize(("variable", "path"), [("VOTER_SEARCH_URL", ""), ("SITE_SEARCH_URL", "/solr/site")])
@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, b"{}", "refuses the user or the password"),
        (200, b'{"nodes":{"a":{"version":"7.1.0"}},"lucene":{"solr-spec-version":"7.1.0"}}', "7.1.0"),
        (200, b'{"hello":"world"}', "Expected: "),
    ],
)
def test_a_wrong_password_version_or_product_stops_the_start(
    variable: str, path: str, status: int, body: bytes, says: str, settings: Any, answering: Answering
) -> None:
    scheme = DOWN[variable].partition(":")[0]
    ((kind, text),) = startup_message(settings, variable, f"{scheme}://{answering(status, body)}{path}")
    assert kind == "core.E003"
    assert says in text
    assert "hunter2" not in text
