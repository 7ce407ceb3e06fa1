"""The shipped nginx configuration in front of the production settings, over TLS: headers, cookies, redirects."""

import re
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from tests.demo_server import until
from tests.settings.test_prod import production

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
TEMPLATES = settings.ROOT / "deploy" / "nginx"
HSTS = "max-age=31536000; includeSubDomains"
HOST = "vote.example.org"
SLOW_UPLOADS = 60
pytestmark = [
    pytest.mark.slow,
    pytest.mark.processes,
    pytest.mark.skipif(not NGINX, reason="nginx is not on this machine"),
]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def certificate(folder: Path) -> None:
    """Write a self-signed certificate and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    encoding, no = serialization.Encoding.PEM, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, no))


def without_memcached(text: str) -> str:
    """Change the configuration as its comments say."""
    lines = [line for line in text.splitlines() if "votekin_pages_maps.conf" not in line and "11211" not in line]
    return "\n".join(lines).replace("include /etc/nginx/votekin_pages.conf", "include /etc/nginx/votekin_direct.conf")


def configuration(folder: Path, ports: dict[str, int], static: Path, *, memcached: bool = True) -> str:
    """Return the shipped configuration with the ports and folders of this test."""
    text = (TEMPLATES / "votekin.conf").read_text()
    if not memcached:
        text = without_memcached(text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{ports['http']};")
    text = re.sub(r"listen 443", f"listen 127.0.0.1:{ports['https']}", text)
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{ports['web']}").replace("127.0.0.1:11211", "127.0.0.1:1")
    text = text.replace("votekin.example.org", HOST).replace("/var/www/votekin/static", str(static))
    text = text.replace("/etc/ssl/votekin", str(folder)).replace("/var/log/nginx", str(folder))
    text = text.replace("/etc/nginx/", "")
    spools = " ".join(f"{n}_temp_path {folder}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main = f"daemon off; master_process off; pid {folder}/{ports['https']}.pid; error_log {folder}/main.log crit;"
    return f"{main}\nevents {{}}\nhttp {{ {spools}\n{text}\n}}\n"


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Production settings under gunicorn, and nginx in front."""
    folder = tmp_path_factory.mktemp("https")
    ports = {name: free_port() for name in ("http", "https", "web", "direct_http", "direct")}
    env = production(folder / "var", PROXY_COUNT="1")
    for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--noinput"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=settings.ROOT, env=env, check=True, timeout=120)
    certificate(folder)
    for included in TEMPLATES.glob("votekin_*.conf"):
        shutil.copy(included, folder)
    (folder / "nginx.conf").write_text(configuration(folder, ports, folder / "var" / "static"))
    direct = {"http": ports["direct_http"], "https": ports["direct"], "web": ports["web"]}
    alone = configuration(folder, direct, folder / "var" / "static", memcached=False)
    (folder / "direct.conf").write_text(alone)
    web = [sys.executable, "-m", "gunicorn", "project.wsgi:application", "-c", "deploy/gunicorn.py"]
    processes = [
        subprocess.Popen([*web, "--bind", f"127.0.0.1:{ports['web']}"], cwd=settings.ROOT, env=env),
        subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]),
        subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(folder / "direct.conf")]),
    ]
    try:
        assert until(lambda: all(listens(ports[name]) for name in ("web", "https", "direct")), 60)
        yield ports
    finally:
        for process in processes:
            process.terminate()
            process.wait(timeout=30)


def get(ports: dict[str, int], path: str, method: str = "GET", host: str = HOST) -> HTTPResponse:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = HTTPSConnection("127.0.0.1", ports["https"], context=context, timeout=30)
    with closing(connection):
        connection.request(method, path, headers={"Host": host, "Accept-Language": "en", "Connection": "close"})
        answer = connection.getresponse()
        answer.read()
    return answer


@pytest.mark.parametrize("path", ["/", "/account/login/", "/privacy/", "/nothing-here/", "/staff/"])
def test_every_page_has_the_headers(ports: dict[str, int], path: str) -> None:
    answer = get(ports, path)
    assert answer.status in {200, 302, 404}
    assert answer.headers["Strict-Transport-Security"] == HSTS
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert not re.search(r"\d", answer.headers["Server"]), "no version"


def test_static_files_have_them_too(ports: dict[str, int]) -> None:
    files = sorted((settings.ROOT / "project" / "static" / "css").glob("*.css"))
    answer = get(ports, f"/static/css/{files[0].name}")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == HSTS
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_without_memcached_the_pages_come_from_the_application(ports: dict[str, int]) -> None:
    answer = get({"https": ports["direct"]}, "/privacy/")
    assert answer.status == 200
    assert answer.headers["Strict-Transport-Security"] == HSTS


def test_cookies_are_strict(ports: dict[str, int]) -> None:
    cookies = get(ports, "/account/login/").headers.get_all("Set-Cookie") or []
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-"), cookie
        assert {"Secure", "Path=/", "HttpOnly"} <= {part.strip() for part in cookie.split(";")}


def test_http_is_redirected(ports: dict[str, int]) -> None:
    connection = HTTPConnection("127.0.0.1", ports["http"], timeout=30)
    with closing(connection):
        connection.request("GET", "/account/login/?next=/", headers={"Host": HOST})
        answer = connection.getresponse()
        answer.read()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{HOST}/account/login/?next=/")


@pytest.mark.parametrize(
    "path", ["/.git/config", "/static/../env", "/static/%2e%2e/%2e%2e/keys/secret_key", "/static/"]
)
def test_no_other_file_is_served(ports: dict[str, int], path: str) -> None:
    assert get(ports, path).status in {400, 403, 404}


def test_trace_and_foreign_hosts_are_refused(ports: dict[str, int]) -> None:
    assert get(ports, "/", "TRACE").status == 405
    assert get(ports, "/account/login/", host="evil.example").status == 400


def test_slow_uploads_leave_pages_to_others(ports: dict[str, int]) -> None:
    """More uploads than gunicorn has threads stop in the middle: nginx waits for them, and no thread does."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    head = f"POST /contacts/bring/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 5000000\r\n\r\n".encode()
    slow = []
    try:
        for _upload in range(SLOW_UPLOADS):
            slow.append(context.wrap_socket(socket.create_connection(("127.0.0.1", ports["https"]), timeout=30)))
            slow[-1].sendall(head + b"x" * 1000)
        for _visit in range(3):
            assert get(ports, "/").status == 200
        for upload in slow:
            upload.sendall(b"x")  # still open: the page did not wait for their end
    finally:
        for upload in slow:
            upload.close()


def test_headers_and_bodies_have_a_time_limit() -> None:
    """A client that sends a byte a minute is cut off."""
    text = (TEMPLATES / "votekin.conf").read_text()
    limits = dict(re.findall(r"(client_body_timeout|client_header_timeout|send_timeout) (\d+)s;", text))
    assert set(limits) == {"client_body_timeout", "client_header_timeout", "send_timeout"}
    assert all(int(seconds) <= 30 for seconds in limits.values())
