"""gunicorn's settings, on one machine and in a fleet. The command line gives address, workers and threads."""

import logging
import os
import sys
from typing import Any

from gunicorn.glogging import Logger


def _without_request(record: logging.LogRecord) -> bool:
    """Cut a request out of gunicorn's own sentences: its first line holds the query, and so perhaps an address."""
    for start in ("Invalid request", "Error handling request"):
        if str(record.msg).startswith(start):
            kind = record.exc_info[0] if record.exc_info else None
            record.msg, record.args, record.exc_info = f"{start}: {kind.__name__}" if kind else start, (), None
    return True


class RequestsStayOut(Logger):  # type: ignore[misc] # gunicorn has no types
    """gunicorn's log of its own trouble, without what was asked."""

    def setup(self, cfg: Any) -> None:
        """Set the log up as gunicorn does, then filter it."""
        super().setup(cfg)
        self.error_log.addFilter(_without_request)


logger_class = RequestsStayOut
# sync workers stall behind a dozen slow clients (measured); threads do not.
worker_class = "gthread"
timeout = int(os.environ.get("REQUEST_SECONDS", "20"))
graceful_timeout = 15
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 4094
limit_request_field_size = 8190
# The access log would hold paths; our own middleware writes a line a request with the route's name only.
accesslog = None
errorlog = "-"
loglevel = "warning"
# gunicorn opens a control socket under the home folder unless told not to.
control_socket_disable = True
worker_tmp_dir = os.environ.get("GUNICORN_TMP") or None
preload_app = False
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def worker_exit(_server: Any, _worker: Any) -> None:
    """Return this process's unspent blocks of API budgets."""
    if quota_blocks := sys.modules.get("apps.api.quota_blocks"):
        quota_blocks.return_all_blocks()
