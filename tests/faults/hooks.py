"""Kill a process at a given point: a test puts a file into DATA_DIR, and the process that removes it dies there."""

import os
from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest, HttpResponse

AFTER_COMMIT, AFTER_PUBLISH = "die-after-commit", "die-after-publish"


def die_if_requested(where: str) -> None:
    """Kill this process with SIGKILL if a test requested it and no other process has died for it."""
    try:
        (settings.DATA_DIR / where).unlink()
    except FileNotFoundError:
        return
    os._exit(9)


class DieAfterCommit:
    """F16: the rows are committed, but the response never arrives."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Respond, unless this process must die first."""
        response = self.respond(request)
        if request.method == "POST" and response.status_code == 302:
            die_if_requested(AFTER_COMMIT)
        return response


class Hooks(AppConfig):
    """Registers the poison task, and lets a relay die between publishing and marking."""

    name = "tests.faults"

    def ready(self) -> None:
        """F17: the published jobs are not marked."""
        from apps.jobs import jobs, relay

        jobs.register_job("default.poison")
        record: Callable[..., Any] = relay._record_published

        def record_published(ids: list[int]) -> Any:
            if ids:
                die_if_requested(AFTER_PUBLISH)
            return record(ids)

        relay._record_published = record_published
