#!/usr/bin/python3
"""Exit with status 0 if the web server of this container responds."""

import os
import sys
import urllib.request


def main() -> int:
    """Request /livez under the site's own name, as the proxy does."""
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0]
    request = urllib.request.Request(f"http://127.0.0.1:{os.environ['PORT']}/livez", headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as answer:  # noqa: S310 - a fixed address
            return 0 if answer.status == 200 else 1
    except OSError as error:
        sys.stderr.write(f"/livez does not respond: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
