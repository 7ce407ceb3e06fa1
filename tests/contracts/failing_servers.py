"""Raise on demand in a separate process, with a marker in every place that an SDK collects.

python -m tests.contracts.failing_servers view|task|command. The marker comes from MARKER: no source line contains it.
"""

import os
import sys
from typing import Any

MARKER = os.environ.get("MARKER", "")


class MarkedError(ValueError):
    """The raised error; the test looks for its name."""


def fail(*_: object, **__: object) -> Any:
    """Raise with the marker in the text, in a variable, and in a nested value."""
    profile = {"profile": {"surname": MARKER, "password": MARKER}}
    raise MarkedError(f"no match for {MARKER}", profile)


def view() -> None:
    """Handle a request whose body, query, headers and cookies are marked."""
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application
    from django.test import RequestFactory

    from apps.pages.views import representatives

    call_command("migrate", verbosity=0)
    representatives._report_for_zip = fail
    marked = {"HTTP_REFERER": MARKER, "HTTP_COOKIE": f"sessionid={MARKER}", "HTTP_HOST": "127.0.0.1"}
    request = RequestFactory(enforce_csrf_checks=False).post(
        f"/who/?q={MARKER}", {"q": "00412", "n": MARKER}, secure=False, headers=None, query_params=None, **marked
    )
    environ = {**request.environ, "HTTP_SEC_FETCH_SITE": "none"}
    application = get_wsgi_application()
    application._view_middleware = []  # type: ignore[attr-defined] # the token of a form is not what is tested
    list(application(environ, lambda *_: lambda _: None))


def task() -> None:
    """Run a job whose service raises."""
    from django.core.management import call_command

    from apps.jobs import jobs
    from apps.jobs.models import Job

    call_command("migrate", verbosity=0)
    jobs.register_job("default.canary")
    jobs.enqueue("default.canary", key="marked", args={"name": MARKER})
    jobs.run_job(Job.objects.get(key="marked").pk, fail)


def command() -> None:
    """Run a command that raises, as manage.py does."""
    from django.core.management import execute_from_command_line

    from apps.jobs.management.commands import outbox

    outbox.Command.run = fail  # type: ignore[method-assign]
    sys.argv = ["manage.py", "outbox", MARKER]
    execute_from_command_line(["manage.py", "outbox"])


if __name__ == "__main__":
    import django
    import sentry_sdk

    django.setup()
    where = sys.argv[1]
    sys.argv[1:] = [MARKER]
    try:
        {"view": view, "task": task, "command": command}[where]()
    finally:
        sentry_sdk.flush(5)
