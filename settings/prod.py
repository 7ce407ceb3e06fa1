"""Production settings: secrets must be set; cookies and transport are strict."""

from settings import env

for _name in (*env.KEY_NAMES, "SITE_URL", "ALLOWED_HOSTS"):
    if _name not in env.OPTIONAL_KEYS:
        env.text(_name)

from settings.base import *  # noqa: E402

PRODUCTION = True
DEBUG = env.flag("DEBUG")  # project/startup.py refuses it
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrftoken"
LANGUAGE_COOKIE_SECURE = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
