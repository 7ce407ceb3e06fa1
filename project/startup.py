"""Refuse unsafe settings at start, in every process: web, worker, relay, scheduler, and commands.

Django runs system checks in manage.py only; gunicorn and Celery skip them. ProjectConfig.ready calls
`refuse_unsafe_settings` instead. This module reads settings and must not touch the database.
"""

import base64
import binascii
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

LOOPBACK = {"127.0.0.1", "localhost", "[::1]", "::1"}
KEY_BYTES = 32
# 32 random bytes in base64 without padding.
KEY_CHARACTERS = 43
# Random keys of KEY_CHARACTERS have about 30 distinct characters, hexadecimal keys 16.
DISTINCT_CHARACTERS = 12
# Words of sample and default keys. A random key contains one of them less than once in a million.
SAMPLE_WORDS = ("change", "default", "example", "insecure", "password", "secret", "votekin")
HOW = 'Create one with: python3 -c "import secrets; print(secrets.token_urlsafe(50))"'


def refuse_unsafe_settings() -> None:
    """Raise ImproperlyConfigured, which names each unsafe setting and what to do, or return."""
    found = [*_demo(), *_hosts(), *(_production() if settings.PRODUCTION else ())]
    if found:
        raise ImproperlyConfigured("Votekin does not start with unsafe settings. " + " ".join(found))


def _demo() -> Iterator[str]:
    """Check the demo: it shows its email and skips the second factor, so other machines must not reach it."""
    if not settings.DEMO:
        return
    hosts = {*settings.ALLOWED_HOSTS, urlsplit(settings.SITE_URL).hostname or ""}
    if settings.PRODUCTION:
        yield "DEMO=1 is set with the production settings: unset DEMO."
    elif not hosts <= LOOPBACK | {"testserver", ""}:
        yield (
            "DEMO=1 is set, but ALLOWED_HOSTS or SITE_URL name a host that other machines can reach: "
            "unset DEMO, or use 127.0.0.1."
        )


def _production() -> Iterator[str]:
    if settings.DEBUG:
        yield "DEBUG is on: unset DEBUG."
    if not settings.SITE_URL.startswith("https://"):
        yield "SITE_URL is not https: set SITE_URL=https://…"
    if "guest:guest@" in settings.BROKER_URL:
        yield "BROKER_URL uses guest:guest: create a user with a password of its own."
    yield from _keys()


def _hosts() -> Iterator[str]:
    """Check the hosts: with a wildcard, an attacker's Host header ends up in links."""
    if not settings.ALLOWED_HOSTS or any(_is_wildcard(host) for host in settings.ALLOWED_HOSTS):
        yield "ALLOWED_HOSTS has a wildcard or no host: write the host names that people open."


def _is_wildcard(host: str) -> bool:
    # Django takes a leading dot for every subdomain.
    return "*" in host or host.startswith(".")


def _keys() -> Iterator[str]:
    seen: dict[str, str] = {}
    for name in settings.KEY_NAMES:
        value = getattr(settings, name)
        for key in value if isinstance(value, list) else [value]:
            if problem := _fernet_problem(key) if name == "FIELD_KEYS" else _key_problem(key):
                yield f"{name} {problem}"
            elif key in seen:
                yield f"{name} repeats {seen[key]}: each key must be its own. {HOW}"
            seen[key] = name


def _key_problem(key: str) -> str:
    characters = set(key)
    needed = 2 * KEY_BYTES if characters <= set("0123456789abcdefABCDEF") else KEY_CHARACTERS
    if len(key) < needed:
        return f"is shorter than {KEY_BYTES} random bytes ({needed} characters). {HOW}"
    if len(characters) < DISTINCT_CHARACTERS or any(word in key.lower() for word in SAMPLE_WORDS):
        return f"is a default or a pattern, not random. {HOW}"
    return ""


def _fernet_problem(key: str) -> str:
    how = (
        'Create one with: .venv/bin/python -c "from cryptography.fernet import Fernet; '
        'print(Fernet.generate_key().decode())"'
    )
    try:
        raw = base64.urlsafe_b64decode(key.strip())
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        return f"has a key that is not {KEY_BYTES} bytes in base64. {how}"
    return f"has a default or a pattern, not a random key. {how}" if len(set(raw)) < DISTINCT_CHARACTERS else ""
