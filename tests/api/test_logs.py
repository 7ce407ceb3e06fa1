"""An address in a query is never stored: not in the logs of Votekin, gunicorn or nginx, and not in Sentry."""

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from project.sentry import scrub
from tests.demo_server import until

pytestmark = [pytest.mark.slow, pytest.mark.processes]

MARK = "Qzaddressmark"
ASKED = f"address=12%20{MARK}%20St"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
TEMPLATES = settings.ROOT / "deploy" / "nginx"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def raw(port: int, line: str) -> bytes:
    """Send an invalid request line; return the response."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(f"{line}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


class Served:
    """Run gunicorn with the default settings and its output in one file."""

    def __init__(self, folder: Path) -> None:
        self.port, self.log = free_port(), folder / "web.log"
        dropped = ("DJANGO", "COV", "VOTEKIN", "CACHE_URL")
        self.env = {key: value for key, value in os.environ.items() if not key.startswith(dropped)} | {
            "DATA_DIR": str(folder / "var"), "DJANGO_SETTINGS_MODULE": "settings.dev", "LOG_LEVEL": "DEBUG",
        }  # fmt: skip
        made = self._manage("api_key", "create", "Partner", "--scope=districts", "--scope=officials", "--budget=9")
        self.key = made.strip().splitlines()[-1]
        command = ["-m", "gunicorn", "tests.api.wsgi_that_breaks", "-c", "deploy/gunicorn.py", "--log-level", "debug"]
        with self.log.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, *command, "--bind", f"127.0.0.1:{self.port}"],
                cwd=settings.ROOT, env=self.env, stdout=out, stderr=out,
            )  # fmt: skip
        assert until(lambda: listens(self.port), 60), self.log.read_text()

    def _manage(self, *words: str) -> str:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(
            command, cwd=settings.ROOT, env=self.env, capture_output=True, text=True, timeout=120, check=True
        ).stdout

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    one = Served(tmp_path_factory.mktemp("served"))
    yield one
    one.close()


def call_every_way(base: str, port: int, key: str) -> None:
    """Send valid requests, requests without a key, for missing pages, and such that the server itself refuses."""
    for path in ("representatives", "divisionsByAddress", "voterinfo"):
        assert status(f"{base}/civicinfo/v2/{path}?key={key}&{ASKED}") == 404
        assert status(f"{base}/civicinfo/v2/{path}?{ASKED}") == 403
    assert status(f"{base}/civicinfo/v2/nothing?{ASKED}") == 404
    assert status(f"{base}/civicinfo/v2/divisions/?{ASKED}") == 404
    raw(port, f"GET /civicinfo/v2/representatives?address=12 {MARK} St HTTP/1.1")
    raw(port, f"GET /civicinfo/v2/representatives?{ASKED} HTTP/9.9")
    raw(port, f"GET\t/civicinfo/v2/representatives?{ASKED}")
    raw(port, f"GET /civicinfo/v2/representatives?{ASKED}&x={'x' * 9000} HTTP/1.1")


@pytest.mark.slow
def test_application_and_gunicorn_logs_contain_no_address(served: Served) -> None:
    base = f"http://127.0.0.1:{served.port}"
    call_every_way(base, served.port, served.key)
    assert status(f"{base}/breaks?{ASKED}") == 500
    output = served.log.read_text()
    assert output.count('"route": "civicinfo:representatives"') == 2
    assert "Invalid request" in output
    assert "Error handling request: RuntimeError" in output
    assert MARK not in output
    assert served.key[12:] not in output
    for path in (Path(served.env["DATA_DIR"])).rglob("*"):
        assert not path.is_file() or MARK.encode() not in path.read_bytes(), path


@pytest.mark.skipif(not NGINX, reason="nginx is not on this machine")
def test_nginx_logs_contain_no_address_even_if_the_application_is_down(served: Served, tmp_path: Path) -> None:
    port = free_port()
    text = (TEMPLATES / "votekin.conf").read_text()
    text = re.sub(r"server \{\s+listen 80;.*?\n\}\n", "", text, flags=re.DOTALL)
    text = re.sub(r"\n\s+(ssl_\w+|alias) [^;]*;", "", text).replace("listen 443 ssl http2", f"listen 127.0.0.1:{port}")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{served.port}").replace("votekin.example.org", "127.0.0.1")
    text = text.replace("/var/log/nginx/", f"{tmp_path}/").replace("/etc/nginx/", "")
    for included in TEMPLATES.glob("votekin_*.conf"):
        shutil.copy(included, tmp_path)  # what is included without a folder is looked for beside the main file
    temporary = "".join(f"{each}_temp_path {tmp_path}/{each};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))  # noqa: E501  # fmt: skip
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"daemon off; master_process off; pid {tmp_path}/pid; error_log {tmp_path}/main.log crit;\n"
        f"events {{}}\nhttp {{ {temporary}\n{text}\n}}\n"
    )
    process = subprocess.Popen([str(NGINX), "-p", str(tmp_path), "-c", str(config)])
    try:
        assert until(lambda: listens(port), 20)
        base = f"http://127.0.0.1:{port}"
        call_every_way(base, port, served.key)
        config.write_text(config.read_text().replace(f"127.0.0.1:{served.port}", f"127.0.0.1:{free_port()}"))
    finally:
        process.terminate()
        process.wait(timeout=20)
    process = subprocess.Popen([str(NGINX), "-p", str(tmp_path), "-c", str(config)])
    try:
        assert until(lambda: listens(port), 20)
        assert status(f"{base}/civicinfo/v2/representatives?{ASKED}") == 502
    finally:
        process.terminate()
        process.wait(timeout=20)
    output = "".join(path.read_text() for path in tmp_path.glob("*.log"))
    assert " GET 404 " in output
    assert " GET 502 " in output
    assert MARK not in output


def test_the_nginx_template_logs_neither_path_nor_query() -> None:
    for path in TEMPLATES.glob("*.conf"):
        text = path.read_text()
        for words in re.findall(r"log_format \w+ ([^;]*);", text):
            assert not re.search(r"\$(request\b|request_uri|uri|args|arg_|query_string|http_referer|is_args)", words)
        assert all("votekin_counts" in words for words in re.findall(r"access_log ([^;]*);", text))


def test_sentry_receives_no_address() -> None:
    frames = [{"function": "place_of", "vars": {"address": MARK}}]
    event: dict[str, Any] = {
        "request": {
            "method": "GET",
            "url": f"https://votekin.example.org/civicinfo/v2/representatives?{ASKED}",
            "query_string": ASKED,
            "headers": {"Referer": ASKED},
            "data": ASKED,
        },
        "transaction": "/civicinfo/v2/representatives",
        "exception": {"values": [{"type": "ValueError", "value": MARK, "stacktrace": {"frames": frames}}]},
        "breadcrumbs": {"values": [{"data": {"url": ASKED}}]},
        "extra": {"address": MARK},
        "logentry": {"message": "it went wrong"},
    }  # fmt: skip
    assert MARK not in str(scrub(event, {}))
