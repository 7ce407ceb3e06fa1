"""Settings of the tests: a temporary DATA_DIR, fast password hashes, strict logs."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from settings.env import read_file

SEAMS = (
    "DATABASE_URL DATABASE_OWNER_URL BROKER_URL CACHE_URL ID_SETS_URL VOTER_SEARCH_URL SITE_SEARCH_URL ACTIVITY_URL "
    "SENTRY_DSN EMAIL_URL"
).split()

_scratch = os.environ.get("VOTEKIN_TEST_DIR")
if not _scratch:
    _scratch = tempfile.mkdtemp(prefix="votekin-test-")
    os.environ["VOTEKIN_TEST_DIR"] = _scratch
    atexit.register(shutil.rmtree, _scratch, ignore_errors=True)
os.environ["DATA_DIR"] = str(Path(_scratch) / os.environ.get("PYTEST_XDIST_WORKER", "main"))
# Tests run on the embedded backends; tests that need a real server read its URL from SERVICES.
SERVICES = {name: os.environ.pop(name) for name in SEAMS if name in os.environ}
os.environ.pop("DEMO", None)
os.environ["CACHE_URL"] = "memory:"
if _servers := os.environ.get("TEST_SERVERS"):
    # `make test-services`: the file that `make services` wrote. The owner role creates the test databases.
    SERVICES = read_file(_servers)
    os.environ |= {name: SERVICES[name] for name in ("BROKER_URL", "CACHE_URL", "ID_SETS_URL")}
    os.environ["DATABASE_URL"] = SERVICES["DATABASE_OWNER_URL"]
    # Test databases of two workers use the same ids, so each worker has a Redis database of its own.
    _worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    os.environ["ID_SETS_URL"] = f"{SERVICES['ID_SETS_URL'].rpartition('/')[0]}/{int(_worker) + 1}"

from settings.base import *  # noqa: E402
from settings.logs import logging_config  # noqa: E402

INSTALLED_APPS = [*INSTALLED_APPS, "apps.demo"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"] = {**DATABASES["default"]["OPTIONS"], "init_command": "PRAGMA synchronous=OFF;"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
TIME_ZONE = "America/New_York"
logging_config(level="WARNING", strict=True, pretty=False)
