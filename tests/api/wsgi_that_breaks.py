"""The WSGI application for the test of logs: the project, and one path at which the application itself fails."""

from collections.abc import Callable, Iterable
from typing import Any

from project.wsgi import application as house


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/breaks":
        raise RuntimeError(environ["QUERY_STRING"])
    answer: Iterable[bytes] = house(environ, start_response)
    return answer
