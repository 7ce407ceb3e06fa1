"""Loads every module of tasks, so that Celery knows them by name."""

from . import default, mail

__all__ = ["default", "mail"]
