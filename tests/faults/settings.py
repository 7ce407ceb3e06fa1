"""Settings of the fault tests: cheap password hashes, so that the load is the work and not the hash."""

from settings import dev
from settings.dev import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
# Faults at given points of the code: see hooks.py.
INSTALLED_APPS = [*dev.INSTALLED_APPS, "tests.faults.hooks.Hooks"]
MIDDLEWARE = ["tests.faults.hooks.DieAfterCommit", *dev.MIDDLEWARE]
CELERY_IMPORTS = ["tests.faults.poison"]
