"""The made-up state: data for the demo, the tests and the benchmarks."""

from django.apps import AppConfig


class MadeupConfig(AppConfig):
    """Stands on the ground and imports nothing of ours."""

    name = "apps.madeup"
