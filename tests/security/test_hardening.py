"""Small controls that no other test shows: headers, hosts, methods, extra fields, locks."""

import json
import re
import socket
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from tests.conftest import PASSWORD


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["pages:home", "account_login", "pages:search"])
def test_the_content_security_policy_allows_nothing_inline(name: str) -> None:
    answer = Client().get(reverse(name))
    policy = answer["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    page = answer.content.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S", page)
    assert not re.search(r"\son\w+=|\sstyle=", page)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "application/json"])
def test_a_post_without_a_token_is_refused(kind: str) -> None:
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})
    body = json.dumps({"login": "a@example.org"})
    for name in ("account_login", "account_signup", "contacts:take_me_off"):
        assert client.post(reverse(name), body, content_type=kind).status_code == 403, name


@pytest.mark.django_db
@pytest.mark.parametrize("origin", ["null", "https://elsewhere.example"])
def test_no_origin_is_allowed_by_default(origin: str) -> None:
    for path in ("/", "/api/v1/openapi.json", "/civicinfo/v2/elections"):
        answer = Client(headers={"origin": origin}).get(path)
        assert "Access-Control-Allow-Origin" not in answer, path


@pytest.mark.django_db
def test_a_foreign_host_is_refused() -> None:
    assert Client(headers={"host": "evil.example"}).get("/").status_code == 400
    page = Client(headers={"x-forwarded-host": "evil.example"}).get("/")
    assert b"evil.example" not in page.content


@pytest.mark.django_db
def test_extra_fields_of_a_sign_up_give_no_role(client: Client) -> None:
    fields = {"email": "new@example.org", "password1": PASSWORD, "agreed": "on"}
    extra = {"role": "owner", "is_staff": "1", "is_superuser": "1", "verified": "1", "id": "1"}
    client.post(reverse("account_signup"), fields | extra)
    user = User.objects.get(email="new@example.org")
    assert (user.role, user.is_staff) == ("member", False)
    assert not EmailAddress.objects.filter(user=user, verified=True).exists()


@pytest.mark.django_db
def test_trace_is_refused(client: Client) -> None:
    for path in ("/", "/account/login/", "/livez"):
        answer = client.generic("TRACE", path, headers={"x-marker": "echo-me"})
        assert answer.status_code == 405, path
        assert b"echo-me" not in answer.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/.git/config", "/.env", "/static/", "/static/../settings/base.py", "/static/%2e%2e/manage.py", "/var/"]
)
def test_no_file_outside_static_is_served(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.django_db
def test_a_hostile_header_writes_no_log_line_of_its_own(client: Client, capfd: Any) -> None:
    client.get("/nowhere/%0d%0a%1b[31mforged/", headers={"user-agent": "x" * 10_000 + "\x1b[31m"})
    errors = capfd.readouterr().err
    assert "forged" not in errors
    assert "\x1b" not in errors


def test_the_suite_refuses_other_machines() -> None:
    with socket.socket() as sock, pytest.raises(AssertionError, match="another machine"):
        sock.connect(("192.0.2.1", 80))


@pytest.mark.parametrize("name", sorted(path.name for path in Path("requirements").glob("*.txt")))
def test_every_requirement_is_locked_by_hash(name: str) -> None:
    text = (Path(django_settings.ROOT) / "requirements" / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "-"))]
    assert lines
    assert [line for line in lines if "==" not in line or "--hash=sha256:" not in line] == []


def test_the_audit_of_dependencies_covers_every_lock() -> None:
    makefile = (Path(django_settings.ROOT) / "Makefile").read_text()
    (command,) = re.findall(r"^audit:.*\n\t(.*)", makefile, re.MULTILINE)
    audited = set(re.findall(r"-r requirements/(\S+)", command))
    assert audited == {path.name for path in (Path(django_settings.ROOT) / "requirements").glob("*.txt")}
    assert {"--require-hashes", "--disable-pip"} <= set(command.split())
