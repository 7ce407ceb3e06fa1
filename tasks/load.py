"""Loads every module of tasks, so that Celery knows them by name."""

from . import default

__all__ = ["default"]
