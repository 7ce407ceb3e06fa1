"""Settings of Bugsink, the Sentry-protocol server of the tests. Stores in FOLDER, listens on PORT, makes no calls."""

import os
from pathlib import Path

from bugsink.settings.default import *

FOLDER = Path(os.environ["FOLDER"])
SECRET_KEY = os.environ["SECRET_KEY"]
DATABASES["default"]["NAME"] = str(FOLDER / "db.sqlite3")  # noqa: F405
DATABASES["snappea"]["NAME"] = str(FOLDER / "snappea.sqlite3")  # noqa: F405
ALLOWED_HOSTS = ["127.0.0.1"]
SENTRY_DSN = None
TIME_ZONE = "UTC"
SNAPPEA = {
    "TASK_ALWAYS_EAGER": True,  # an event is readable as soon as it is accepted
    "NUM_WORKERS": 1,
    "PID_FILE": None,
    "WAKEUP_CALLS_DIR": str(FOLDER / "wakeup"),
    "STATS_RETENTION_MINUTES": 60,
}
EMAIL_BACKEND = "bugsink.email_backends.QuietConsoleEmailBackend"
BUGSINK = {
    "BASE_URL": f"http://127.0.0.1:{os.environ['PORT']}",
    "SITE_TITLE": "Errors",
    "SINGLE_USER": True,
    "SINGLE_TEAM": True,
    "USER_REGISTRATION": "CB_NOBODY",
    "INGEST_STORE_BASE_DIR": str(FOLDER / "ingestion"),
    "PHONEHOME": False,
}
