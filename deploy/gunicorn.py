"""gunicorn's settings, on one machine and in a fleet. The command line gives address, workers and threads."""

import os

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
