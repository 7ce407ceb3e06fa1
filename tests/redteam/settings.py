"""Settings of the installation that the red team attacks: the demo's, with passwords that cost nothing."""

from settings.dev import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Attackers sign in a thousand accounts in minutes instead of days. Sign-in limits have tests of their own.
ACCOUNT_RATE_LIMITS = False
