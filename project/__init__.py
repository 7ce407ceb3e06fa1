"""The whole: Celery app, root urls, wsgi, health, checks, base templates. Nothing imports it."""

from project.celery import app as celery_app

__all__ = ["celery_app"]
