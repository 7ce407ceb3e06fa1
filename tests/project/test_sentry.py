"""Error reports from a job and from a staff page, with personal values nested in everything that they touch."""

import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow
MARK = "Qznestedmark"
# In a process of its own: the SDK patches Django for good.
PROGRAM = f'''
import json, logging, sys
import django
from django.conf import settings
django.setup()
settings.SENTRY_DSN = "http://key@127.0.0.1:9/1"
settings.ALLOWED_HOSTS = ["testserver"]
import sentry_sdk
from sentry_sdk.transport import Transport
from django.test import Client
from django.test.utils import setup_test_environment
from project import sentry
from apps.core.log import get_logger
from apps.staff.views import voter_search

sentry.start()
sent = []

class Kept(Transport):
    """Keeps what would be sent."""

    def capture_envelope(self, envelope):
        sent.append(envelope.serialize())

sentry_sdk.get_client().transport = Kept()

class Person:
    """A value whose text is personal."""

    def __repr__(self):
        return "{MARK}"

def job(args):
    people = {{"owner": [{{"card": ("{MARK}", Person())}}]}}
    sentry_sdk.set_context("job", people)
    sentry_sdk.set_tag("who", "{MARK}")
    sentry_sdk.add_breadcrumb(message="{MARK}", data=people)
    sentry_sdk.set_user({{"id": 7, "email": "{MARK}@example.org", "ip_address": "192.0.2.1"}})
    try:
        {{}}[args["people"][0]["name"]]
    except KeyError as error:
        raise ValueError(f"no {{people}}") from error

try:
    job({{"people": [{{"name": "{MARK}"}}]}})
except ValueError:
    get_logger("apps.jobs").exception("job.failed", task="import.chunk")

def page(request):
    form = {{"steps": [{{"last_name": request.POST["last_name"], "who": Person()}}]}}
    raise RuntimeError(f"{{form}}")

import django.urls
from django.urls import path
from project import urls
urls.urlpatterns.insert(0, path("breaks/{MARK}/", page))
client = Client(raise_request_exception=False, headers={{"cookie": "a={MARK}", "referer": "http://testserver/{MARK}"}})
assert client.post("/breaks/{MARK}/?q={MARK}", {{"last_name": "{MARK}"}}).status_code == 500
sentry_sdk.flush()
data = b"".join(sent)
assert len(sent) >= 2, len(sent)
assert b"ValueError" in data and b"RuntimeError" in data and b"KeyError" in data, data
assert b"{MARK}" not in data, data
sys.stdout.write("reported")
'''


def test_nested_personal_values_reach_neither_reports_nor_logs() -> None:
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, cwd=settings.ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-3000:]
    assert done.stdout.endswith("reported")
    assert MARK not in done.stdout + done.stderr
