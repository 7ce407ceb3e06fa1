"""The default settings with one more URL: a view that does nothing, behind the same middleware."""

from settings.dev import *  # noqa: F403 - settings are made of settings

ROOT_URLCONF = "bench.bare_urls"
