"""Settings shared by every installation."""

import base64
import os
import secrets
from pathlib import Path

from settings import env
from settings.backends import *
from settings.celery import *
from settings.logs import logging_config

ROOT = env.ROOT
DATA_DIR = env.data_dir()
# Files that Votekin writes are readable by its own user only.
os.umask(0o077)
KEYS_DIR = DATA_DIR / "keys"
DEBUG = False
# settings.prod sets it; project/startup.py then refuses unsafe settings.
PRODUCTION = False
KEY_NAMES = env.KEY_NAMES
DEMO = env.flag("DEMO")
SITE_NAME = "Votekin"
SITE_URL = env.text("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", SITE_URL)
# The number of trusted proxies in front; 0 ignores X-Forwarded-For.
PROXY_COUNT = env.number("PROXY_COUNT", 0, high=5)


def _fernet_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


# Keys are stored outside the database and its backups. In a list the first key writes and all keys read (rotation).
SECRET_KEY = env.secret_key(KEYS_DIR, "SECRET_KEY", secrets.token_urlsafe(50))
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
FIELD_KEYS = env.secret_key(KEYS_DIR, "FIELD_KEYS", _fernet_key()).split(",")
# Wrapping keys of members' keys, YYYY-MM:KEY,…, where several machines share a database; else files in KEYS_DIR/months.
FIELD_WRAPPING_KEYS = env.words("FIELD_WRAPPING_KEYS")
SUPPRESSION_KEY = env.secret_key(KEYS_DIR, "SUPPRESSION_KEY", secrets.token_urlsafe(32))
CONTACT_KEY = env.secret_key(KEYS_DIR, "CONTACT_KEY", secrets.token_urlsafe(32))
LOOKUP_KEY = env.secret_key(KEYS_DIR, "LOOKUP_KEY", secrets.token_urlsafe(32))
AUDIT_KEY = env.secret_key(KEYS_DIR, "AUDIT_KEY", secrets.token_urlsafe(32))
ERASURE_KEY = env.secret_key(KEYS_DIR, "ERASURE_KEY", secrets.token_urlsafe(32))

INSTALLED_APPS = [
    "project",
    "apps.core",
    "apps.jobs",
    "apps.privacy",
    "apps.audit",
    "apps.cases",
    "apps.notifications",
    "apps.districts",
    "apps.sitesearch",
    "apps.activity",
    "apps.accounts",
    "apps.voters",
    "apps.officials",
    "apps.verification",
    "apps.contacts",
    "apps.outreach",
    "apps.pages",
    "apps.staff",
    "apps.api",
    "django.forms",  # its widget templates, for FORM_RENDERER
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "waffle",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "project.middleware.RequestContextMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "apps.accounts.sessions.SessionCookieMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "apps.accounts.middleware.SessionExpiryMiddleware",
    "apps.accounts.middleware.PendingDeletionMiddleware",
    "apps.accounts.middleware.SecondFactorMiddleware",
    "apps.accounts.second_factor.SecondFactorChangeMiddleware",
    "project.middleware.NoStoreMiddleware",
    "waffle.middleware.WaffleMiddleware",
    "apps.api.middleware.CorsMiddleware",
]

ROOT_URLCONF = "project.urls"
WSGI_APPLICATION = "project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "project" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "project.context_processors.site",
            ],
            "builtins": [
                "project.templatetags.ui",
                "project.templatetags.charts",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.passwords.NotWellKnownValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "pages:home"

ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_ADAPTER = "apps.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "add_email": "apps.accounts.forms.AddEmailForm",
    "change_password": "apps.accounts.forms.ChangePasswordForm",
    "login": "apps.accounts.forms.LoginForm",
    "reauthenticate": "apps.accounts.forms.ReauthenticateForm",
    "reset_password": "apps.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "apps.accounts.forms.ResetPasswordKeyForm",
    "signup": "apps.accounts.forms.SignupForm",
}
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if SITE_URL.startswith("https") else "http"
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Matches the retention rule accounts.unconfirmed, which deletes unconfirmed accounts after two days.
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 2
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# No "remember me" box: apps.accounts.middleware ends sessions.
ACCOUNT_SESSION_REMEMBER = True
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
PASSWORD_RESET_TIMEOUT = 2 * 3600
MFA_ADAPTER = "apps.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "activate_totp": "apps.accounts.second_factor.ActivateAppForm",
    "deactivate_totp": "apps.accounts.second_factor.RemoveAppForm",
}
# allauth would write a row at every page view; SessionExpiryMiddleware records the time less often.
USERSESSIONS_TRACK_ACTIVITY = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [ROOT / "project" / "locale"]
TIME_ZONE = env.text("TIME_ZONE", "America/New_York")
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
# A web server of another user reads these files, so an installation behind nginx keeps them outside DATA_DIR.
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA_DIR / "static"))).absolute()
STATICFILES_DIRS = [ROOT / "project" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# Uploads over 2.5 MB are spooled here, never in the system's temporary folder.
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True, mode=0o700)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Votekin <hello@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

SESSION_ENGINE = "apps.accounts.sessions"  # stored under a hash
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "project.error_views.csrf_failure"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

# An unknown flag is off for everyone, and reading it creates no row.
WAFFLE_FLAG_DEFAULT = False
WAFFLE_CREATE_MISSING_FLAGS = False

# Operator settings; docs/operations.md describes each.
# Sites whose pages may call the API from a browser: https://partner.example.org,… None by default.
API_ORIGINS = env.words("API_ORIGINS")
# An online geocoder with the Census Bureau's API, for addresses that no loaded file has. Off by default: then no
# address leaves this machine.
GEOCODER_URL = env.text("GEOCODER_URL", "")
# age recipients, separated by commas; `backup` encrypts to them. The private half is stored elsewhere.
BACKUP_RECIPIENTS = env.words("BACKUP_RECIPIENTS")
NONPARTISAN = env.flag("NONPARTISAN", default=True)
SIGNUP_OPEN = env.flag("SIGNUP_OPEN", default=True)
# Daily limit of lookups by all accounts. Half of it raises an alarm; beyond it, only new accounts without an
# invitation are refused.
LOOKUPS_PER_DAY = env.number("LOOKUPS_PER_DAY", 5_000, low=10, high=1_000_000)
# Personal columns of a voter file; each is loaded only if the operator turns it on.
LOAD_PHONE = env.flag("LOAD_PHONE")
LOAD_EMAIL = env.flag("LOAD_EMAIL")
# OAuth contact providers; each is hidden without its two keys.
CONTACT_PROVIDERS = {
    "google": {"id": env.text("GOOGLE_CLIENT_ID", ""), "secret": env.text("GOOGLE_CLIENT_SECRET", "")},
    "microsoft": {"id": env.text("MICROSOFT_CLIENT_ID", ""), "secret": env.text("MICROSOFT_CLIENT_SECRET", "")},
}
# A local stand-in for both providers, for the demo and tests; loopback only.
CONTACT_PROVIDERS_URL = env.loopback("CONTACT_PROVIDERS_URL")
# Contacts are deleted after this many days unless their owner imports them again.
CONTACT_DAYS = env.number("CONTACT_DAYS", 30, low=1, high=400)

# /metrics requires "Authorization: Bearer TOKEN"; without a token it answers 404.
METRICS_TOKEN = env.text("METRICS_TOKEN", "")

LOGGING_CONFIG = None
logging_config(level=env.text("LOG_LEVEL", "INFO"), strict=False, pretty=False)
