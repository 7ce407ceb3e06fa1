"""Settings for the tests of faults: passwords cost nothing, so that the load is the work and not the hash."""

from settings.dev import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ACCOUNT_RATE_LIMITS = False
