"""gunicorn's settings. The command line sets address, workers and threads."""

import logging
import os
import sys
from typing import Any

from gunicorn.glogging import Logger


def _without_request(record: logging.LogRecord) -> bool:
    """Remove the request line from gunicorn's messages: its query may contain an address."""
    for start in ("Invalid request", "Error handling request"):
        if str(record.msg).startswith(start):
            kind = record.exc_info[0] if record.exc_info else None
            record.msg, record.args, record.exc_info = f"{start}: {kind.__name__}" if kind else start, (), None
    return True


class RedactingLogger(Logger):  # type: ignore[misc] # gunicorn has no types
    """Logs gunicorn's own errors without the request."""

    def setup(self, cfg: Any) -> None:
        """Configure the log as gunicorn does, then add the filter."""
        super().setup(cfg)
        self.error_log.addFilter(_without_request)


logger_class = RedactingLogger
# sync workers stall behind a dozen slow clients (measured); threads do not.
worker_class = "gthread"
timeout = int(os.environ.get("REQUEST_SECONDS", "20"))
graceful_timeout = 15
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
limit_request_line = 4094
limit_request_field_size = 8190
# An access log would contain paths; RequestContextMiddleware logs the route's name instead.
accesslog = None
errorlog = "-"
loglevel = "warning"
# By default gunicorn opens a control socket in the home directory.
control_socket_disable = True
worker_tmp_dir = os.environ.get("GUNICORN_TMP") or None
preload_app = False
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def worker_exit(_server: Any, _worker: Any) -> None:
    """Return this process's unspent blocks of API quotas."""
    if quota_blocks := sys.modules.get("apps.api.quota_blocks"):
        quota_blocks.return_all_blocks()
