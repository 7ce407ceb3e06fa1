"""The demo: example members, a stand-in contacts provider and an inbox page. Not installed in production."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Adds the demo's commands and its inbox page."""

    name = "apps.demo"
