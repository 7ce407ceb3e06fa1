"""Celery's settings and all timeouts, which must be ordered.

Request < soft task limit < hard task limit < longest lease. apps.core.checks refuses to start with any other order, in
workers too.
"""

from settings import env
from settings.backends import BROKER_URL, DATA_DIR

REQUEST_SECONDS = 20
TASK_SOFT_SECONDS = 120
TASK_HARD_SECONDS = 150
LEASE_SECONDS = 30
LEASE_RENEW_SECONDS = 10
LEASE_LONGEST_SECONDS = 180
JOB_ATTEMPTS = 5
# Timeout of one request to a search, feed or cache server: in a page, and in a job (which retries).
BACKEND_REQUEST_SECONDS = 2
BACKEND_JOB_SECONDS = 30
BACKEND_RETRIES = 2

QUEUES = ("import", "match", "districts", "rolls", "mail", "default")
WORKER_CONCURRENCY = env.number("WORKER_CONCURRENCY", 2, low=1, high=256)

_files = BROKER_URL.startswith("files:")
_folder = BROKER_URL.removeprefix("files://") if _files else str(DATA_DIR / "broker")

CELERY_BROKER_URL = "votekin-files://" if _files else BROKER_URL
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": f"{_folder}/messages",
        "data_folder_out": f"{_folder}/messages",
        "control_folder": f"{_folder}/control",
        "processed_folder": f"{_folder}/taken",
        # Claimed messages stay under DATA_DIR, never in the system's temporary folder.
        "store_processed": True,
        "polling_interval": 0.05,
    }
    if _files
    else {"confirm_publish": True, "read_timeout": 5, "write_timeout": 5}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_HEARTBEAT = 10
CELERY_BROKER_CONNECTION_TIMEOUT = 3
# The relay retries by itself; Celery's three retries would block it for 19 s at a frozen broker (measured).
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE_TYPE = "classic" if _files else "quorum"
CELERY_TASK_DEFAULT_EXCHANGE_TYPE = "direct" if _files else "topic"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
# A job's result is in its row and raises nothing. Only unreadable messages raise, and go to the dead-letter queue.
CELERY_TASK_ACKS_ON_FAILURE_OR_TIMEOUT = False
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = TASK_SOFT_SECONDS
CELERY_TASK_TIME_LIMIT = TASK_HARD_SECONDS
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = False
# Task names start with their queue: "import.chunk" runs on "import".
CELERY_TASK_ROUTES = {f"{queue}.*": {"queue": queue} for queue in QUEUES}
# The embedded broker is polled, so each poll fetches several messages. RabbitMQ pushes one message at a time.
CELERY_WORKER_PREFETCH_MULTIPLIER = 8 if _files else 1
CELERY_WORKER_CONSUMER = "project.celery:Consumer"
CELERY_WORKER_CONCURRENCY = WORKER_CONCURRENCY
CELERY_WORKER_MAX_TASKS_PER_CHILD = 2000
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB; a larger child process is replaced after its task
# At a second SIGTERM or a SIGQUIT the current task has this long to finish before it returns to the queue.
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
