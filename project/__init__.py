"""The project: Celery app, root URLs, WSGI, health, checks, base templates. No app imports it."""

from project.celery import app as celery_app

__all__ = ["celery_app"]
