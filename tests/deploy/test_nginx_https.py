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


def configuration(folder: Path, ports: dict[str, int], static: Path) -> str:
    """Return the shipped configuration with the ports and folders of this test."""
    text = (TEMPLATES / "votekin.conf").read_text()
    text = text.replace("listen 80;", f"listen 127.0.0.1:{ports['http']};")
    text = re.sub(r"listen 443", f"listen 127.0.0.1:{ports['https']}", text)
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{ports['web']}").replace("127.0.0.1:11211", "127.0.0.1:1")
    text = text.replace("votekin.example.org", HOST).replace("/var/lib/votekin/static", str(static))
    text = text.replace("/etc/ssl/votekin", str(folder)).replace("/var/log/nginx", str(folder))
    text = text.replace("/etc/nginx/", "")
    spools = " ".join(f"{n}_temp_path {folder}/{n};" for n in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main = f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/main.log crit;"
    return f"{main}\nevents {{}}\nhttp {{ {spools}\n{text}\n}}\n"


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Production settings under gunicorn, and nginx in front."""
    folder = tmp_path_factory.mktemp("https")
    ports = {name: free_port() for name in ("http", "https", "web")}
    env = production(folder / "var", PROXY_COUNT="1")
    for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--noinput"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=settings.ROOT, env=env, check=True, timeout=120)
    certificate(folder)
    for included in TEMPLATES.glob("votekin_*.conf"):
        shutil.copy(included, folder)
    (folder / "nginx.conf").write_text(configuration(folder, ports, folder / "var" / "static"))
    web = [sys.executable, "-m", "gunicorn", "project.wsgi:application", "-c", "deploy/gunicorn.py"]
    processes = [
        subprocess.Popen([*web, "--bind", f"127.0.0.1:{ports['web']}"], cwd=settings.ROOT, env=env),
        subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]),
    ]
    try:
        assert until(lambda: listens(ports["web"]) and listens(ports["https"]), 60)
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
