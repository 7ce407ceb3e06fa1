"""Use the site over TLS as a browser on another machine would: visit.py ADDRESS EMAIL. Prints one JSON object.

Runs inside the network of the machines, where no name server knows the site's name.
"""

import json
import re
import socket
import sys
import urllib.request
from typing import Any
from urllib.parse import urljoin

from tests.http_client import Visitor

SITE = "votekin.example.org"


def resolve_site_as(address: str) -> None:
    """Let the site's name stand for `address` in this process."""
    original = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        return original(address if host == SITE else host, *arguments, **options)

    socket.getaddrinfo = getaddrinfo


def visit(email: str) -> dict[str, object]:
    """Open the sign-up page, its style sheet, and /readyz, and sign up."""
    visitor = Visitor(f"https://{SITE}")
    page = visitor.get("/account/signup/")
    sheets = re.findall(r'<link[^>]*href="([^"]+\.css)"', page)
    statuses = []
    for sheet in sheets:
        with urllib.request.urlopen(urljoin(visitor.url, sheet), timeout=10) as answer:
            statuses.append((answer.status, answer.headers["Content-Type"].partition(";")[0]))
    visitor.send(visitor.url, {"email": email, "password1": "quiet-harbor-lantern-77", "agreed": "on"})
    after = visitor.url
    plain = Visitor(f"http://{SITE}")
    plain.get("/")
    ready = visitor.get("/readyz")
    return {"sheets": statuses, "after": after, "ready": [visitor.status, json.loads(ready)], "plain": plain.url}


if __name__ == "__main__":
    resolve_site_as(sys.argv[1])
    print(json.dumps(visit(sys.argv[2])))
