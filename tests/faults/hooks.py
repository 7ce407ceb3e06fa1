"""Deaths at a given point: a test puts a file into DATA_DIR, and whoever takes it away dies at that point."""

import os
from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.http import HttpRequest, HttpResponse

AFTER_COMMIT, AFTER_PUBLISH = "die-after-commit", "die-after-publish"


def die_if_asked(where: str) -> None:
    """End this process as SIGKILL would, if a test asked for it and nobody has done so yet."""
    try:
        (settings.DATA_DIR / where).unlink()
    except FileNotFoundError:
        return
    os._exit(9)


class DieAfterCommit:
    """F16: the rows are committed, and the person never hears of it."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, unless death comes first."""
        response = self.respond(request)
        if request.method == "POST" and response.status_code == 302:
            die_if_asked(AFTER_COMMIT)
        return response


class Hooks(AppConfig):
    """Makes poison known, and lets a relay die between publishing and marking."""

    name = "tests.faults"

    def ready(self) -> None:
        """F17: what was published is not marked."""
        from apps.jobs import jobs, relay

        jobs.register_job("default.poison")
        record: Callable[..., Any] = relay._record_published

        def record_published(ids: list[int]) -> Any:
            if ids:
                die_if_asked(AFTER_PUBLISH)
            return record(ids)

        relay._record_published = record_published
