"""The house's own settings with one address more: a view that does nothing, behind the same middleware."""

from settings.dev import *  # noqa: F403 - settings are made of settings

ROOT_URLCONF = "bench.bare_urls"
