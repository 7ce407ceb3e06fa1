"""Measure what drawing a page costs: processor milliseconds, SQL statements and kB of HTML.

    python -m bench.pages [--repeat 20] [--work DIR]

The pages run in this process, beside a stock signed-in Django page: sessions, authentication and one template. The
median of the repeats counts; the first request of each page warms the caches. Prints a table and writes
bench/out/pages.json.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.table import Line, report

OUT = Path(__file__).resolve().parent / "out" / "pages.json"
ADDRESS = "418 Coopers Row, Port Ansel 00471"
ZIP_CODE = "00471"
# Most processor milliseconds and most kB of HTML that a page may take.
MAX_MS = {
    "/who/ address": 20.0,
    "/who/ ZIP": 5.0,
    "/districts/": 20.0,
    "division": 6.0,
    "/contacts/": 12.0,
    "/contacts/where/": 10.0,
    "home, signed in": 5.0,
    "/registration/": 5.0,
}
MAX_KB = 64.0
STOCK_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "apps.accounts.sessions.SessionCookieMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
Request = Callable[[], Any]


def prepare(work: Path) -> None:
    """Set up the demo's state in `work`, in this process."""
    os.environ |= {
        "DATA_DIR": str(work),
        "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "settings.dev",
        "LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()
    from django.core.management import call_command

    from apps.demo.setup import Demo

    Demo(lambda _text: None).prepare()
    call_command("collectstatic", verbosity=0, interactive=False)


def signed_in_member(work: Path) -> Any:
    """Return the browser of a member with a registration and 212 contacts."""
    from django.test import Client

    from apps.accounts.models import User
    from apps.contacts.imports import previews
    from apps.jobs import jobs
    from tests import session_client

    session_client.install()
    member = User.objects.get(email="member@example.org")
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(member)
    details = {
        "first_name": "Nora",
        "last_name": "Paz",
        "address": "418 Coopers Row",
        "city": "Port Ansel",
        "zip": ZIP_CODE,
        "dob_month": "3",
        "dob_day": "11",
        "dob_year": "1984",
        "voter_number": "",
    }
    browser.post("/registration/find/", details)
    with (work / "demo" / "contacts" / "google_new.csv").open("rb") as stream:
        draft = previews.start_file(owner=member, stream=stream, file_name="google_new.csv")
    jobs.drain()
    draft.refresh_from_db()
    previews.confirm(draft=draft)
    jobs.drain()
    return browser


def stock_browser(browser: Any) -> Any:
    """Return a client with the member's session whose requests pass Django's own middleware only."""
    from django.test import Client, override_settings

    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies = browser.cookies
    with override_settings(MIDDLEWARE=STOCK_MIDDLEWARE):
        client.handler.load_middleware()

    def with_stock_urls(request: Any) -> Any:
        request.urlconf = "bench.bare_urls"
        return chain(request)

    chain, client.handler._middleware_chain = client.handler._middleware_chain, with_stock_urls
    return client


def requests(browser: Any) -> dict[str, Request]:
    """Return by name what requests each page."""
    from django.test import Client

    stranger, stock = Client(SERVER_NAME="127.0.0.1"), stock_browser(browser)
    return {
        "a stock signed-in page": lambda: stock.get("/stock"),
        "home, signed in": lambda: browser.get("/"),
        "/registration/": lambda: browser.get("/registration/"),
        "/districts/": lambda: browser.get("/districts/"),
        "/contacts/": lambda: browser.get("/contacts/"),
        "/contacts/where/": lambda: browser.get("/contacts/where/"),
        "/who/ address": lambda: stranger.post("/who/", {"q": ADDRESS}),
        "/who/ ZIP": lambda: stranger.post("/who/", {"q": ZIP_CODE}),
        "division": lambda: browser.get("/divisions/country:us/state:hd/cd:4/"),
    }


def measure(name: str, request: Request, repeat: int) -> list[Line]:
    """Return the lines of one page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    response = request()
    assert response.status_code == 200, (name, response.status_code)
    with CaptureQueriesContext(connection) as captured:
        request()
    statements = len(captured)  # later requests clear the log
    times = []
    for _ in range(repeat):
        began = time.process_time()
        request()
        times.append(1000 * (time.process_time() - began))
    median, kilobytes = statistics.median(times), len(response.content) / 1000
    most = MAX_MS.get(name)
    if most is None:
        return [Line(f"{name}: processor", median, "ms"), Line(f"{name}: SQL", statements, "statements")]
    return [
        Line(f"{name}: processor", median, "ms", f"<= {most:g}", median <= most),
        Line(f"{name}: SQL", statements, "statements"),
        Line(f"{name}: HTML", kilobytes, "kB", f"<= {MAX_KB:g}", kilobytes <= MAX_KB),
    ]


def main() -> int:
    """Measure every page; return 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("--work", type=Path, help="A folder that keeps the installation for the next run.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        work = options.work or Path(scratch)
        prepare(work)
        browser = signed_in_member(work)
        lines = [line for name, request in requests(browser).items() for line in measure(name, request, options.repeat)]
    return report(lines, OUT)


if __name__ == "__main__":
    sys.exit(main())
