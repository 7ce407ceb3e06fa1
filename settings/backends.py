"""The backends: one variable each. The URL's scheme selects the class; an unknown scheme stops the start."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from settings import env

DATA_DIR = env.data_dir()

SQLITE_OPTIONS = {
    # A transaction takes the write lock when it begins, so that two writers wait instead of failing.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    # FULL: confirmed writes survive a power failure (decision record 0003).
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;",
}
POSTGRES_OPTIONS = {"connect_timeout": 3}


def _database() -> dict[str, Any]:
    default = f"sqlite:///{DATA_DIR / 'db.sqlite3'}"
    return _at("DATABASE_URL", env.url("DATABASE_URL", default, {"sqlite", "postgres", "postgresql"}))


def _at(name: str, value: str) -> dict[str, Any]:
    try:
        config: dict[str, Any] = environ.Env.db_url_config(value)
    except Exception as error:
        raise ImproperlyConfigured(f"{name} cannot be read as a URL.") from error
    if config["ENGINE"].endswith("sqlite3"):
        config["OPTIONS"] = SQLITE_OPTIONS
    else:
        config["OPTIONS"] = {**POSTGRES_OPTIONS, **config.get("OPTIONS", {})}
        config["DISABLE_SERVER_SIDE_CURSORS"] = True  # PgBouncer gives each transaction another session
        config["CONN_HEALTH_CHECKS"] = True  # reconnects after a restart of PgBouncer or PostgreSQL
    config["CONN_MAX_AGE"] = 60  # connecting costs as much as six statements
    config["ATOMIC_REQUESTS"] = False  # services open short transactions
    config["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")} if "sqlite" in config["ENGINE"] else {}
    return config


DATABASES = {"default": _database()}
# The role that owns the tables, without PgBouncer; used only by `manage.py migrate`.
if _owner := env.text("DATABASE_OWNER_URL", ""):
    DATABASES["owner"] = _at("DATABASE_OWNER_URL", _owner) | {"TEST": {"MIRROR": "default"}}

BROKER_URL = env.url("BROKER_URL", f"files://{DATA_DIR / 'broker'}", {"files", "amqp", "amqps"})

CACHE_URL = env.url("CACHE_URL", f"files://{DATA_DIR / 'cache'}", {"files", "memory", "memcached"})


def _page_cache() -> dict[str, Any]:
    parts = urlsplit(CACHE_URL)
    if parts.scheme == "memory":
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if parts.scheme == "files":
        return {"BACKEND": "apps.core.file_cache.ShardedFileCache", "LOCATION": parts.path}
    return {
        "BACKEND": "apps.core.memcached_pages.MemcachedPageCache",
        "LOCATION": parts.path if not parts.netloc else parts.netloc,
    }


CACHES = {
    "default": {
        # Stores sign-in limits: in the database they fail closed, in memcached they would fail open.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache_rows",
        # With Django's default of 300 entries an attacker could evict a counter by trying 300 addresses.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "pages": _page_cache(),
}

# Backends with classes of Votekin: variable -> scheme -> class. apps.core.backends loads them.
BACKENDS: dict[str, dict[str, str]] = {
    "ID_SETS_URL": {"sql": "apps.core.id_sets.sql.SqlIdSets", "redis": "apps.core.id_sets.redis.RedisIdSets"},
    "VOTER_SEARCH_URL": {
        "files": "apps.voters.search.embedded.EmbeddedVoterIndex",
        "elasticsearch": "apps.voters.search.elastic.store.ElasticVoterIndex",
        "elasticsearch+https": "apps.voters.search.elastic.store.ElasticVoterIndex",
    },
    "SITE_SEARCH_URL": {
        "sql": "apps.sitesearch.sql.SqlSiteSearch",
        "solr": "apps.sitesearch.solr.SolrSiteSearch",
        "solr+https": "apps.sitesearch.solr.SolrSiteSearch",
    },
    "ACTIVITY_URL": {
        "sql": "apps.activity.sql.SqlActivity",
        "mongodb": "apps.activity.mongo.MongoActivity",
        "mongodb+srv": "apps.activity.mongo.MongoActivity",
    },
    "AUDIT_ANCHOR_URL": {"files": "apps.audit.anchors.FileAnchors"},
}
ID_SETS_URL = env.url("ID_SETS_URL", "sql:", set(BACKENDS["ID_SETS_URL"]))
VOTER_SEARCH_URL = env.url("VOTER_SEARCH_URL", f"files://{DATA_DIR / 'rolls'}", set(BACKENDS["VOTER_SEARCH_URL"]))
SITE_SEARCH_URL = env.url("SITE_SEARCH_URL", "sql:", set(BACKENDS["SITE_SEARCH_URL"]))
ACTIVITY_URL = env.url("ACTIVITY_URL", "sql:", set(BACKENDS["ACTIVITY_URL"]))

AUDIT_ANCHOR_URL = env.url("AUDIT_ANCHOR_URL", f"files://{DATA_DIR / 'anchors'}", set(BACKENDS["AUDIT_ANCHOR_URL"]))

SENTRY_DSN = env.text("SENTRY_DSN", "")

MAIL_FOLDER = DATA_DIR / "mail"
EMAIL_URL = env.url("EMAIL_URL", f"files://{MAIL_FOLDER}", {"files", "console", "smtp", "smtps"})


def _mail() -> dict[str, Any]:
    parts = urlsplit(EMAIL_URL)
    if parts.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if parts.scheme == "files":
        return {"EMAIL_BACKEND": "apps.core.file_email.FileEmailBackend"}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "",
        "EMAIL_PORT": parts.port or (465 if parts.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": dict(parse_qsl(parts.query)).get("tls") == "1",
        "EMAIL_TIMEOUT": 10,
    }


globals().update(_mail())
